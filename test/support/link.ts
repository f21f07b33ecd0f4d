/** Links with the built package: the linker's child process is a script of dist/, which jest's own modules lack. */
import path from 'node:path';
import { ROOT } from './compile';

type Linking = typeof import('../../lib/linker/link-objects');

export async function linkBpf(output: string, inputs: readonly string[]): Promise<string> {
  const { linkObjects } = (await import(path.join(ROOT, 'dist/linker/link-objects.js'))) as Linking;
  await linkObjects({ output, inputs });
  return output;
}
