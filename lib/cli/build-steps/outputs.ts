/** What a build writes, and only where it differs from what is there. */
import fs from 'node:fs';
import path from 'node:path';
import { writeWhole } from '../../util/write-whole';
import type { Invocation } from '../command/command';
import type { Plan } from './plan';

/** A file that is the same keeps its time, and nothing is rebuilt because of it. */
export function writeChanged(file: string, content: string | Uint8Array): boolean {
  const wanted = Buffer.from(content);
  if (fs.existsSync(file) && wanted.equals(fs.readFileSync(file))) return false;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  writeWhole(file, content);
  return true;
}

export type OutputFile = readonly [file: string, content: string | Uint8Array];

/** The headers beside a library's sources, in the folder of headers that its package.json names. */
function headerFiles({ library, from }: Plan, inputs: readonly string[]): OutputFile[] {
  const include = library?.include;
  if (include === undefined) return [];
  const inside = (file: string, folder: string): boolean => file.startsWith(folder + path.sep);
  return inputs
    .filter((file) => /\.(?:h|bpf\.h|inc)$/.test(file) && path.basename(file) !== 'vmlinux.h')
    .filter((file) => inside(file, from) && !inside(file, include) && !file.includes('/node_modules/'))
    .map((file): OutputFile => [path.join(include, path.relative(from, file)), fs.readFileSync(file)]);
}

export function outputFiles(
  plan: Plan,
  bytes: Uint8Array,
  inputs: readonly string[],
  invocation: Invocation,
): OutputFile[] {
  const files: OutputFile[] = [[plan.object, bytes]];
  if (plan.kind !== 'none') {
    // The generator is loaded only where something has changed.
    const { moduleFile, moduleTexts, typesFile } =
      require('../module/module') as typeof import('../module/module');
    const module = path.join(plan.folder, moduleFile(plan.name, plan.kind, invocation));
    const { object: source, name, library } = plan;
    const texts = moduleTexts({ bytes, source, name, library }, plan.kind, invocation, module);
    for (const { extension, text } of texts)
      files.push([extension === 'd.ts' ? typesFile(module) : module, text]);
  }
  return [...files, ...headerFiles(plan, inputs)];
}
