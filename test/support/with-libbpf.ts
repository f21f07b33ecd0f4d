/** C programs of the tests, linked with the libbpf that the addon has. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './compile';

const OUT = path.join(ROOT, 'test/bpf/out');

/** test/support/NAME.c, compiled: the path of the program. */
export function buildWithLibbpf(name: string): string {
  const source = path.join(__dirname, `${name}.c`);
  const binary = path.join(OUT, name);
  if (existsSync(binary) && statSync(binary).mtimeMs > statSync(source).mtimeMs) return binary;
  const include = path.join(OUT, 'libbpf-include');
  mkdirSync(include, { recursive: true });
  if (!existsSync(path.join(include, 'bpf')))
    symlinkSync(path.join(ROOT, 'deps/libbpf/src/src'), path.join(include, 'bpf'));
  const libraries = ['bpf.a', 'elf.a', 'zlib.a'].map((file) => path.join(ROOT, 'build/Release', file));
  const fresh = `${binary}.${String(process.pid)}`;
  execFileSync('gcc', ['-O1', '-D_GNU_SOURCE', '-I', include, source, '-o', fresh, ...libraries]);
  renameSync(fresh, binary);
  return binary;
}
