/** Builds and runs the C references (bench/reference/*.c), with the very libbpf that is linked into the addon. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(__dirname, '../../..');
const OUT = path.join(ROOT, 'bench/out/reference');
const LIBRARIES = ['bpf.a', 'elf.a', 'zlib.a'];

/** An addon, as against a program. */
export function buildAddon(name: string): string {
  const headers = path.join(path.dirname(process.execPath), '../include/node');
  return build(name, `${name}.node`, ['-shared', '-fPIC', '-I', headers]);
}

export function buildReference(name: string): string {
  return build(name, name, []);
}

function build(name: string, output: string, flags: readonly string[]): string {
  const source = path.join(ROOT, 'bench/reference', `${name}.c`);
  const binary = path.join(OUT, output);
  if (existsSync(binary) && statSync(binary).mtimeMs > statSync(source).mtimeMs) return binary;
  mkdirSync(path.join(OUT, 'include'), { recursive: true });
  execFileSync('ln', ['-sfn', path.join(ROOT, 'deps/libbpf/src/src'), path.join(OUT, 'include/bpf')]);
  const libraries = LIBRARIES.map((library) => path.join(ROOT, 'build/Release', library));
  execFileSync(
    'gcc',
    [
      '-O2',
      '-D_GNU_SOURCE',
      '-Wall',
      ...flags,
      '-I',
      path.join(OUT, 'include'),
      source,
      '-o',
      binary,
      ...libraries,
    ],
    { stdio: 'inherit' },
  );
  return binary;
}

/** Runs it; it prints one number. */
export function runReference(name: string, args: readonly (string | number)[]): number {
  return Number(execFileSync(buildReference(name), args.map(String), { encoding: 'utf8' }));
}
