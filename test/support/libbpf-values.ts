/** What libbpf itself prints for values (btf_dump__dump_type_data): libbpf-values.c with the libbpf that the addon has. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import type { ValueFormat } from '../../lib';
import { ROOT } from './compile';

const OUT = path.join(ROOT, 'test/bpf/out');

function build(): string {
  const source = path.join(__dirname, 'libbpf-values.c');
  const binary = path.join(OUT, 'libbpf-values');
  if (existsSync(binary) && statSync(binary).mtimeMs > statSync(source).mtimeMs) return binary;
  const include = path.join(OUT, 'libbpf-include');
  mkdirSync(include, { recursive: true });
  if (!existsSync(path.join(include, 'bpf')))
    symlinkSync(path.join(ROOT, 'deps/libbpf/src/src'), path.join(include, 'bpf'));
  const libraries = ['bpf.a', 'elf.a', 'zlib.a'].map((name) => path.join(ROOT, 'build/Release', name));
  const fresh = `${binary}.${String(process.pid)}`;
  execFileSync('gcc', ['-O1', '-D_GNU_SOURCE', '-I', include, source, '-o', fresh, ...libraries]);
  renameSync(fresh, binary);
  return binary;
}

export interface ValueJob {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly options: ValueFormat;
}

/** The text of each. */
export function libbpfValues(btfFile: string, jobs: readonly ValueJob[]): string[] {
  const input = jobs.map(({ id, bytes, options }) => {
    const { compact, skipNames, emitZeroes, emitStrings } = options;
    const flags = [compact, skipNames, emitZeroes, emitStrings].map((flag) => (flag === true ? 1 : 0));
    return `${String(id)} ${flags.join(' ')} ${Buffer.from(bytes).toString('hex')}\n`;
  });
  const output = execFileSync(build(), [btfFile], {
    input: input.join(''),
    maxBuffer: 1 << 30,
    encoding: 'latin1',
  });
  return output.split('\x1e').slice(0, -1);
}
