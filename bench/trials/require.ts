/** What require('libbpf-subskel') costs over a bare node. The bar is 15 ms: the "ratio" is milliseconds over it. */
import { spawnSync } from 'node:child_process';
import { median, time, type Measured } from '../measure';
import { ROOT } from '../reference';

const run1 = (script: string): number =>
  time(() => {
    const { status, stderr } = spawnSync(process.execPath, ['-e', script], { cwd: ROOT, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  }) / 1e6;

export function run(): Measured[] {
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < 31; round++) {
    ours.push(run1("require('libbpf-subskel')"));
    bare.push(run1('0'));
  }
  const over = median(ours.map((value, round) => value - bare[round]!));
  return [
    {
      name: "require('libbpf-subskel') over node -e 0, share of 15 ms",
      ours: median(ours),
      reference: median(bare),
      unit: 'ms',
      ratio: over / 15,
      bar: 1,
    },
  ];
}
