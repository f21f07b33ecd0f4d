/** What libbpf itself prints for values (btf_dump__dump_type_data): libbpf-values.c with the libbpf that the addon has. */
import { execFileSync } from 'node:child_process';
import type { ValueFormat } from '../../lib';
import { buildWithLibbpf } from './with-libbpf';

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
  const output = execFileSync(buildWithLibbpf('libbpf-values'), [btfFile], {
    input: input.join(''),
    maxBuffer: 1 << 30,
    encoding: 'latin1',
  });
  return output.split('\x1e').slice(0, -1);
}
