/** What is done with a whole map, for every type of map: resize, pin, open, reuse, unpin, freeze. */
import { PRIVATE_MOUNTS, runChild } from '../../support/child';
import { compileBpfSource } from '../../support/compile';

interface Kind {
  readonly name: string;
  /** Its definition: type and sizes. */
  readonly fields: string;
  /** maxEntries before and after; undefined: it has none to choose. */
  readonly entries: readonly [number, number] | undefined;
  /** The error of freeze(); undefined where it can be frozen. */
  readonly frozen?: string;
  /** What is written into it. */
  readonly write: string;
}

const keyed = (type: string, key: string, value: string, flags = '0'): string =>
  `__uint(type, BPF_MAP_TYPE_${type}); __type(key, ${key}); __type(value, ${value}); __uint(map_flags, ${flags});`;
const sized = (type: string, more = ''): string =>
  `__uint(type, BPF_MAP_TYPE_${type}); __uint(key_size, 4); __uint(value_size, 4); ${more}`;
const bare = (type: string): string => `__uint(type, BPF_MAP_TYPE_${type});`;

const NUMBER = 'map.set(1, 5n)';
const KINDS: readonly Kind[] = [
  { name: 'hash', fields: keyed('HASH', '__u32', '__u64'), entries: [4, 9], write: NUMBER },
  { name: 'array', fields: keyed('ARRAY', '__u32', '__u64'), entries: [4, 9], write: NUMBER },
  { name: 'prog_array', fields: sized('PROG_ARRAY'), entries: [4, 9], write: 'map.set(1, program)' },
  {
    name: 'perf_event_array',
    fields: sized('PERF_EVENT_ARRAY'),
    entries: [4, 9],
    write: 'map.set(1, event.fd)',
  },
  {
    name: 'percpu_hash',
    fields: keyed('PERCPU_HASH', '__u32', '__u64'),
    entries: [4, 9],
    write: 'map.setOnAllCpus(1, 5n)',
  },
  {
    name: 'percpu_array',
    fields: keyed('PERCPU_ARRAY', '__u32', '__u64'),
    entries: [4, 9],
    write: 'map.setOnAllCpus(1, 5n)',
  },
  {
    name: 'stack_trace',
    fields: keyed('STACK_TRACE', '__u32', '__u64[16]'),
    entries: [4, 9],
    write: 'map.delete(1)',
  },
  { name: 'cgroup_array', fields: sized('CGROUP_ARRAY'), entries: [4, 9], write: 'map.set(1, cgroup)' },
  { name: 'lru_hash', fields: keyed('LRU_HASH', '__u32', '__u64'), entries: [64, 99], write: NUMBER },
  {
    name: 'lru_percpu_hash',
    fields: keyed('LRU_PERCPU_HASH', '__u32', '__u64'),
    entries: [64, 99],
    write: 'map.setOnAllCpus(1, 5n)',
  },
  {
    name: 'lpm_trie',
    fields: keyed('LPM_TRIE', '__u64', '__u64', 'BPF_F_NO_PREALLOC'),
    entries: [4, 9],
    write: 'map.set(8n, 5n)',
  },
  {
    name: 'array_of_maps',
    fields: sized('ARRAY_OF_MAPS', '__array(values, struct inner);'),
    entries: [4, 9],
    write: 'map.set(1, inner)',
  },
  {
    name: 'hash_of_maps',
    fields: `${bare('HASH_OF_MAPS')} __type(key, __u32); __array(values, struct inner);`,
    entries: [4, 9],
    write: 'map.set(1, inner)',
  },
  { name: 'devmap', fields: sized('DEVMAP'), entries: [4, 9], write: 'map.set(1, 1)' },
  { name: 'devmap_hash', fields: sized('DEVMAP_HASH'), entries: [4, 9], write: 'map.set(1, 1)' },
  { name: 'sockmap', fields: keyed('SOCKMAP', '__u32', '__u64'), entries: [4, 9], write: 'map.set(1, 0n)' },
  { name: 'sockhash', fields: keyed('SOCKHASH', '__u32', '__u64'), entries: [4, 9], write: 'map.set(1, 0n)' },
  { name: 'cpumap', fields: sized('CPUMAP'), entries: [1, 2], write: 'map.set(0, 64)' },
  { name: 'xskmap', fields: sized('XSKMAP'), entries: [4, 9], write: 'map.set(1, 0)' },
  {
    name: 'cgroup_storage',
    fields: keyed('CGROUP_STORAGE', 'struct bpf_cgroup_storage_key', '__u64'),
    entries: undefined,
    write: 'map.set({ cgroup_inode_id: 1n, attach_type: 0 }, 1n)',
  },
  {
    name: 'percpu_cgroup_storage',
    fields: keyed('PERCPU_CGROUP_STORAGE', 'struct bpf_cgroup_storage_key', '__u64'),
    entries: undefined,
    write: 'map.setOnAllCpus({ cgroup_inode_id: 1n, attach_type: 0 }, 1n)',
  },
  {
    name: 'reuseport_sockarray',
    fields: keyed('REUSEPORT_SOCKARRAY', '__u32', '__u64'),
    entries: [4, 9],
    write: 'map.set(1, 0n)',
  },
  {
    name: 'queue',
    fields: `${bare('QUEUE')} __type(value, __u64);`,
    entries: [4, 9],
    write: 'map.push(1n)',
  },
  {
    name: 'stack',
    fields: `${bare('STACK')} __type(value, __u64);`,
    entries: [4, 9],
    write: 'map.push(1n)',
  },
  {
    name: 'bloom_filter',
    fields: `${bare('BLOOM_FILTER')} __type(value, __u64);`,
    entries: [4, 9],
    write: 'map.push(1n)',
  },
  ...['TASK', 'SK', 'INODE', 'CGRP'].map((of): Kind => {
    const type = of === 'CGRP' ? '32' : `BPF_MAP_TYPE_${of}_STORAGE`;
    const fields = `__uint(type, ${type}); __type(key, int); __type(value, __u64); __uint(map_flags, BPF_F_NO_PREALLOC);`;
    const fd = of === 'TASK' ? 'pidfd.fd' : of === 'INODE' ? 'cgroup' : of === 'CGRP' ? 'cgroup' : 'socket';
    return {
      name: `${of.toLowerCase()}_storage`,
      fields,
      entries: undefined,
      write: `map.set(${fd}, 1n)`,
    };
  }),
  { name: 'ringbuf', fields: bare('RINGBUF'), entries: [4096, 8192], write: '' },
  { name: 'user_ringbuf', fields: bare('USER_RINGBUF'), entries: [4096, 8192], write: '' },
  {
    name: 'locked',
    fields: keyed('HASH', '__u32', 'struct locked'),
    entries: [4, 9],
    frozen: 'ENOTSUPP',
    write: 'map.set(1, { a: 5 })',
  },
];

const SOURCE = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct locked { struct bpf_spin_lock lock; __u32 a; };
struct inner { __uint(type, BPF_MAP_TYPE_ARRAY); __type(key, __u32); __type(value, __u64); __uint(max_entries, 2); };
${KINDS.map(
  ({ name, fields, entries }) =>
    `struct { ${entries === undefined ? '' : `__uint(max_entries, ${entries[0]});`} ${fields} } ${name} SEC(".maps");`,
).join('\n')}
SEC("syscall") int run(void *ctx) { return 0; }
char LICENSE[] SEC("license") = "GPL";
`;

const SCRIPT = `
require('node:child_process').execFileSync('mount', ['-t', 'bpf', 'bpf', '/sys/fs/bpf']);
const fs = require('node:fs');
const { BpfMap, BpfObject, PerfEvent, Pidfd } = subskel;
const failed = (use) => { try { use(); return 'nothing'; } catch (error) { return error.code; } };
const first = BpfObject.open(args.file);
const second = BpfObject.open(args.file);
for (const { name, entries } of args.kinds) if (entries) first.map(name).maxEntries = entries[1];
first.load();
const program = first.program('run');
const event = PerfEvent.open({ event: 'cpu_clock', cpu: 0, period: 1_000_000 });
const inner = BpfMap.create({ type: 'array', value: 'u64', maxEntries: 2 });
const pidfd = Pidfd.open(process.pid);
const unified = /^\\S+ (\\S+) cgroup2/m.exec(fs.readFileSync('/proc/mounts', 'utf8'))[1];
const cgroup = fs.openSync(unified, 'r');
const socket = 0;
const answers = {};
for (const { name } of args.kinds) {
  const map = first.map(name);
  const path = '/sys/fs/bpf/' + name;
  map.pin(path);
  const opened = BpfMap.openPinned(path);
  const same = opened.info().id === map.info().id && opened.type === map.type && opened.maxEntries === map.maxEntries;
  opened.close();
  second.map(name).reuse(path);
  map.unpin(path);
  answers[name] = { entries: map.info().maxEntries, set: map.maxEntries, same, unpinned: !fs.existsSync(path) };
}
second.load();
for (const { name, write } of args.kinds) {
  const map = second.map(name);
  answers[name].reused = map.info().id === first.map(name).info().id;
  answers[name].frozen = failed(() => map.freeze());
  answers[name].twice = failed(() => map.freeze());
  // As the other object sees it, too.
  answers[name].write = write === '' ? undefined : failed(() => new Function('map', 'program', 'event', 'inner', 'cgroup', 'pidfd', 'socket', write)(first.map(name), program, event, inner, cgroup, pidfd, socket));
}
console.log(JSON.stringify(answers));
for (const each of [first, second, event, inner, pidfd]) each.close();
`;

test('every type of map is resized, pinned, opened, reused, unpinned and frozen', () => {
  const given = { file: compileBpfSource(SOURCE, 'maps_whole'), kinds: KINDS };
  const { stdout, stderr, status, signal } = runChild(SCRIPT, given, [], PRIVATE_MOUNTS);
  expect({ stderr, status, signal }).toEqual({ stderr: '', status: 0, signal: null });
  const expected = KINDS.map(({ name, entries, frozen, write }) => {
    const answer = {
      entries: entries?.[1] ?? 0,
      set: entries?.[1] ?? 0,
      same: true,
      unpinned: true,
      reused: true,
      frozen: frozen ?? 'nothing',
      twice: frozen ?? 'EPERM',
      ...(write === '' ? {} : { write: frozen === undefined ? 'EPERM' : 'nothing' }),
    };
    return [name, answer] as const;
  });
  expect(JSON.parse(stdout)).toEqual(Object.fromEntries(expected));
});
