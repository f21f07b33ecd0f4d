/** What can be said of overwrite rings where the kernel has none: they are made by Linux 6.19 and later. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { refuseOverwriting } from '../../../../lib/events/reader/ring-buffer';
import { BPF_F_NUMA_NODE, BPF_F_RB_OVERWRITE } from '../../../../lib/uapi/map-flags';
import { ROOT } from '../../../support/compile';

test('the flag is the one of linux/bpf.h', () => {
  const header = readFileSync(path.join(ROOT, 'deps/libbpf/src/include/uapi/linux/bpf.h'), 'utf8');
  const [, bit] = /BPF_F_RB_OVERWRITE\s*=\s*\(1U << (\d+)\)/.exec(header) ?? [];
  expect(BPF_F_RB_OVERWRITE).toBe(2 ** Number(bit));
});

test('a ring that overwrites its records is refused by name, with the reason', () => {
  expect(() => {
    refuseOverwriting({ name: 'ring', flags: BPF_F_RB_OVERWRITE | BPF_F_NUMA_NODE });
  }).toThrow(
    expect.objectContaining({
      code: 'ERR_UNSUPPORTED',
      message: expect.stringMatching(/^map 'ring' overwrites its oldest records \(BPF_F_RB_OVERWRITE\)/),
    }),
  );
  expect(() => {
    refuseOverwriting({ name: 'ring', flags: BPF_F_NUMA_NODE });
  }).not.toThrow();
});
