/** Opening the kernel's BTF and finding one function of it; against libbpf's btf__load_vmlinux_btf and btf__find_by_name_kind. */
import { statSync } from 'node:fs';
import { Btf } from '../../lib';
import { compare, median, time, type Measured } from '../measure';
import { runReference } from '../reference';

const NAME = 'vfs_read';
const ROUNDS = 9;
const FILE = '/sys/kernel/btf/vmlinux';

function open(): void {
  if (Btf.fromFile(FILE).find(NAME, 'func') === undefined) throw new Error(`no ${NAME}`);
}

export function run(): Measured[] {
  const first = time(open);
  const reference = (): number => runReference('btf_find', [NAME, 5]);
  const warm = compare(
    'open vmlinux and find a function',
    5,
    () => median(Array.from({ length: ROUNDS }, () => time(open))),
    reference,
    'ns',
  );
  globalThis.gc?.();
  const before = process.memoryUsage();
  const kept = Btf.fromFile(FILE);
  kept.find(NAME, 'func');
  globalThis.gc?.();
  const after = process.memoryUsage();
  const bytes = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  const { size } = statSync(kept.name);
  return [
    warm,
    { ...warm, name: 'the same, the first time in a process', ours: first, ratio: first / warm.reference },
    {
      name: 'memory of an open vmlinux / its file',
      ours: bytes,
      reference: size,
      unit: 'bytes',
      ratio: bytes / size,
    },
  ];
}
