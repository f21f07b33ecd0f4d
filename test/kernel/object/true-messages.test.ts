/** Messages of maps that are not made and of programs whose section says nothing to attach to: the cause, and the method to call. */
import { BpfObject, defineSkeleton, describe as describeObject, NotFoundError } from '../../../lib';
import { compileBpfSource } from '../../support/compile';
import { thrownBy } from '../../support/native';

const source = (lines: string): string => `
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
${lines}
char LICENSE[] SEC("license") = "GPL";`;

const MAPS = source(`
#define MAP(name, kind, ...) struct { __uint(type, BPF_MAP_TYPE_##kind); __VA_ARGS__; } name SEC(".maps")
MAP(stacks, STACK_TRACE, __uint(key_size, 4));
MAP(odd_stacks, STACK_TRACE, __uint(key_size, 4); __uint(value_size, 7); __uint(max_entries, 8));
MAP(start, HASH, __type(key, int); __type(value, int));
MAP(wide, ARRAY, __type(key, __u64); __type(value, int); __uint(max_entries, 3));
MAP(prefixes, LPM_TRIE, __type(key, __u64); __type(value, int); __uint(max_entries, 3));
SEC("raw_tp/sys_enter") int p(void *ctx) { return 0; }`);

test.each([
  [
    'stacks',
    "map 'stacks' has no value size: set valueSize to a multiple of 8, 8 bytes for each frame (at most kernel.perf_event_max_stack, 127 by default); it has max_entries 0: set maxEntries before load(), or max_entries in its definition",
  ],
  [
    'odd_stacks',
    "map 'odd_stacks' has values of 7 bytes: set valueSize to a multiple of 8, 8 bytes for each frame (at most kernel.perf_event_max_stack, 127 by default)",
  ],
  ['start', "map 'start' has max_entries 0: set maxEntries before load(), or max_entries in its definition"],
  ['wide', "map 'wide' has keys of 8 bytes: array needs __u32 (4 bytes)"],
  ['prefixes', "map 'prefixes' needs the flag BPF_F_NO_PREALLOC (map_flags)"],
])('a map that the kernel does not make: %s', (name, reason) => {
  using object = BpfObject.open(compileBpfSource(MAPS, 'maps_refused'));
  for (const map of object.maps.values()) map.autocreate = map.name === name;
  expect(thrownBy(() => object.load()).message).toBe(
    `load object '${object.name}': EINVAL (invalid argument) in bpf_object__load: ${reason}`,
  );
});

const PROGRAMS = source(`
SEC("uretprobe/readline") int returned(void *ctx) { return 0; }
SEC("usdt") int probe(void *ctx) { return 0; }
SEC("raw_tp/sys_entr") int raw(void *ctx) { return 0; }
SEC("perf_event") int sampled(void *ctx) { return 0; }
SEC("tc") int classifier(void *ctx) { return 0; }
SEC("socket") int filter(void *ctx) { return 0; }
SEC("xdp") int packet(void *ctx) { return 0; }
SEC("cgroup_skb/egress") int egress(void *ctx) { return 1; }
SEC("uprobe") int function(void *ctx) { return 0; }
SEC("sk_lookup") int lookup(void *ctx) { return 1; }
SEC("syscall") int by_hand(void *ctx) { return 0; }`);

test.each([
  ['returned', /: its section names no file: attachUprobe\(path, \{ function, retprobe: true \}\)$/],
  ['probe', /SEC\("usdt"\), does not say what to attach to: call attachUsdt\(path, provider, name\)$/],
  ['raw', /: this kernel has no raw tracepoint 'sys_entr'/],
  ['sampled', /call attachPerfEvent\(event\)/],
  ['classifier', /call attachTcx\(interface\)/],
  ['filter', /call attachSocket\(fd\)$/],
  ['packet', /call attachXdp\(interface\)$/],
  ['egress', /call attachCgroup\(path\)$/],
  ['function', /call attachUprobe\(path, \{ function \}\)$/],
  ['lookup', /call attachNetns\(\)$/],
  ['by_hand', /call testRun\(\), as it is attached to nothing$/],
])('attach() of program %s names the way', (name, message) => {
  using object = BpfObject.open(compileBpfSource(PROGRAMS, 'attach_refused'));
  for (const program of object.programs.values()) program.autoload = program.name === name;
  object.load();
  const error = thrownBy(() => object.program(name).attach());
  expect(error.message).toMatch(message);
  expect(error.message).not.toMatch(/socket\b.*socket|tracefs/);
});

test("a raw tracepoint's name in a section with BTF", () => {
  const text = source('SEC("tp_btf/sched_swich") int p(void *ctx) { return 0; }');
  using object = BpfObject.open(compileBpfSource(text, 'tp_btf_refused'));
  expect(thrownBy(() => object.load()).message).toMatch(
    /: this kernel has no raw tracepoint 'sched_swich'( \(did you mean '\w+'\?\))?, the target of program 'p'$/,
  );
});

test('a function that no object defines', () => {
  const text = source(
    'extern int lib_routine(int); SEC("raw_tp/sys_enter") int p(void *ctx) { return lib_routine(1); }',
  );
  expect(thrownBy(() => BpfObject.open(compileBpfSource(text, 'undefined_function'))).message).toMatch(
    /: no object defines 'lib_routine': link the library that does \(libbpf-subskel build or gen object\)$/,
  );
});

test('a skeleton whose object was not copied beside it', () => {
  const descriptor = describeObject(compileBpfSource(MAPS, 'maps_refused'));
  const skeleton = defineSkeleton({
    descriptor,
    object: { file: 'agent.bpf.o', from: '/app/dist/agent.skel.js' },
  });
  const error = thrownBy(() => skeleton.open());
  expect(error).toBeInstanceOf(NotFoundError);
  expect(error.message).toMatch(
    /^the object of skeleton '\w+' is not at \/app\/dist\/agent\.bpf\.o: copy it there \(tsc does not\), or generate the skeleton without --object/,
  );
});

test('global per-CPU data', () => {
  const file = compileBpfSource(
    `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
int counter SEC(".percpu") = 3;
SEC("syscall") int run(void *ctx) { return counter++; }
char LICENSE[] SEC("license") = "GPL";`,
    'per_cpu_data',
  );
  expect(thrownBy(() => BpfObject.open(file)).message).toMatch(
    /'counter' is global per-CPU data, which needs libbpf 1\.8: use a map of type percpu_array$/,
  );
});
