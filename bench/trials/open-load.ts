/** Open, load and close of a small object against C, with the same libbpf: the kernel does most of it. */
import { BpfObject } from '../../lib';
import { compileBpfSource } from '../../test/support/compile';
import { compare, median, time, type Measured } from '../measure';
import { runReference } from '../reference';

/** One program, one map, one variable. */
const SMALL = `
  #include <linux/bpf.h>
  #include <bpf/bpf_helpers.h>
  struct { __uint(type, BPF_MAP_TYPE_HASH); __type(key, __u32); __type(value, __u64); __uint(max_entries, 16); } table SEC(".maps");
  __u64 calls;
  SEC("raw_tp/sys_enter") int on_enter(void *ctx) {
    __u32 key = 0;
    __u64 *value = bpf_map_lookup_elem(&table, &key);
    if (value) (*value)++;
    calls++;
    return 0;
  }
  char LICENSE[] SEC("license") = "GPL";`;

const ROUNDS = 60;

export function run(): Measured[] {
  const file = compileBpfSource(SMALL, 'bench_small');
  const ours = (use: (object: BpfObject) => void) => (): number =>
    median(
      Array.from({ length: ROUNDS }, () =>
        time(() => {
          const object = BpfObject.open(file);
          object.load();
          use(object);
          object.close();
        }),
      ),
    ) / 1000;
  const reference = (): number => runReference('open_load_close', [file, ROUNDS]) / 1000;
  ours(() => undefined)();
  return [
    compare(
      'open, load and close of a small object / C',
      9,
      ours(() => undefined),
      reference,
      'µs',
      1.5,
    ),
    // What nobody leaves out: a program that is looked up, a variable that is read.
    compare(
      'the same with a program and a variable looked up / C without',
      9,
      ours((object) => [object.program('on_enter').fd, object.section('.bss').variables.get('calls')?.value]),
      reference,
      'µs',
    ),
  ];
}
