/** Each map type and each operation: what it gives, or the error with which it is refused. */
import { closeSync, mkdirSync, openSync, readFileSync, rmdirSync } from 'node:fs';
import { BPF_EXIST, BPF_F_LOCK, BpfMap, BpfObject, SubskelError, type CreateMapOptions } from '../../../lib';
import { compileBpfSource } from '../../support/compile';
import { thrownBy } from '../../support/native';

type AnyMap = BpfMap<unknown, unknown, unknown>;

const NO_PREALLOC = 1;
const POSSIBLE = readFileSync('/sys/devices/system/cpu/possible', 'utf8');
const CPUS = Number(POSSIBLE.trim().split('-').at(-1)) + 1;
const onAll = (value: bigint): bigint[] => Array.from({ length: CPUS }, () => value);
const route = (prefix: number, ...address: number[]): Uint8Array =>
  Uint8Array.of(prefix, 0, 0, 0, ...address);

interface Kind {
  readonly options: Partial<CreateMapOptions> & { readonly type: string };
  readonly key: unknown;
  readonly value: unknown;
  /** Another key and value. */
  readonly more: readonly [unknown, unknown];
  /** A key that is not there. */
  readonly absent?: unknown;
  /** What get() gives for a key that was never set: arrays have all their keys. */
  readonly initial?: unknown;
  /** Operations that the kernel, or we, refuse: the error's code. */
  readonly refused: Readonly<Record<string, string>>;
}

const QUEUE = { pop: 'ERR_UNSUPPORTED', peek: 'ERR_UNSUPPORTED', push: 'ERR_UNSUPPORTED' };
const ARRAY = { ...QUEUE, delete: 'EINVAL', deleteMany: 'EINVAL' };
const KEYLESS = {
  get: 'ERR_INVALID_ARG',
  set: 'ERR_INVALID_ARG',
  has: 'ERR_INVALID_ARG',
  delete: 'ERR_INVALID_ARG',
  take: 'ERR_INVALID_ARG',
  setMany: 'ERR_INVALID_ARG',
  deleteMany: 'ERR_INVALID_ARG',
};

const U32 = { key: 'u32', value: 'u64', maxEntries: 4 };
const KINDS: readonly Kind[] = [
  {
    options: { type: 'hash', ...U32 },
    key: 1,
    value: 10n,
    more: [2, 20n],
    refused: QUEUE,
  },
  {
    options: { type: 'lru_hash', ...U32, maxEntries: 64 },
    key: 1,
    value: 10n,
    more: [2, 20n],
    refused: QUEUE,
  },
  {
    options: { type: 'percpu_hash', ...U32 },
    key: 1,
    value: onAll(10n),
    more: [2, onAll(20n)],
    refused: QUEUE,
  },
  {
    options: { type: 'lru_percpu_hash', ...U32, maxEntries: 64 },
    key: 1,
    value: onAll(10n),
    more: [2, onAll(20n)],
    refused: QUEUE,
  },
  {
    options: { type: 'array', ...U32 },
    key: 1,
    value: 10n,
    more: [2, 20n],
    absent: 4,
    initial: 0n,
    refused: { ...ARRAY, take: 'ENOTSUPP', drain: 'EINVAL', clear: 'EINVAL' },
  },
  {
    options: { type: 'percpu_array', ...U32 },
    key: 1,
    value: onAll(10n),
    more: [2, onAll(20n)],
    absent: 4,
    initial: onAll(0n),
    refused: { ...ARRAY, take: 'ENOTSUPP', drain: 'EINVAL', clear: 'EINVAL' },
  },
  {
    options: { type: 'lpm_trie', key: 8, value: 'u64', maxEntries: 4, flags: NO_PREALLOC },
    key: route(24, 10, 0, 0, 0),
    value: 10n,
    more: [route(16, 10, 1, 0, 0), 20n],
    absent: route(32, 11, 0, 0, 0),
    refused: { ...QUEUE, take: 'ENOTSUPP' },
  },
  {
    options: { type: 'queue', value: 'u64', maxEntries: 2 },
    key: undefined,
    value: 10n,
    more: [undefined, 20n],
    refused: { ...KEYLESS, mayContain: 'ERR_UNSUPPORTED' },
  },
  {
    options: { type: 'stack', value: 'u64', maxEntries: 2 },
    key: undefined,
    value: 10n,
    more: [undefined, 20n],
    refused: { ...KEYLESS, mayContain: 'ERR_UNSUPPORTED' },
  },
  {
    options: { type: 'bloom_filter', value: 'u64', maxEntries: 100, extra: 3 },
    key: undefined,
    value: 10n,
    more: [undefined, 20n],
    refused: { ...KEYLESS, pop: 'ERR_UNSUPPORTED', peek: 'ERR_UNSUPPORTED' },
  },
];

const OPERATIONS: Readonly<Record<string, (map: AnyMap, kind: Kind) => void>> = {
  set(map, { key, value }) {
    expect(map.set(key, value)).toBe(map);
    expect(map.get(key)).toEqual(value);
  },
  get(map, { key, value, absent = key, initial }) {
    expect(map.get(key)).toEqual(initial);
    map.set(key, value);
    expect(map.get(key)).toEqual(value);
    if (absent !== key) expect(map.get(absent)).toBeUndefined();
  },
  has(map, { key, value, initial }) {
    expect(map.has(key)).toBe(initial !== undefined);
    map.set(key, value);
    expect(map.has(key)).toBe(true);
  },
  delete(map, { key, value }) {
    map.set(key, value);
    expect([map.delete(key), map.delete(key), map.get(key)]).toEqual([true, false, undefined]);
  },
  take(map, { key, value }) {
    map.set(key, value);
    expect([map.take(key), map.take(key)]).toEqual([value, undefined]);
  },
  setMany(map, { key, value, more }) {
    expect(map.setMany([[key, value], more])).toBe(2);
    expect([map.get(key), map.get(more[0])]).toEqual([value, more[1]]);
  },
  deleteMany(map, { key, value, more, absent = 77 }) {
    map.setMany([[key, value], more]);
    expect(map.deleteMany([key, absent, more[0]])).toBe(2);
    expect(map.get(key)).toBeUndefined();
  },
  batches(map, { key, value, more, initial }) {
    map.setMany([[key, value], more]);
    const entries = new Map<unknown, unknown>([
      [String(key), value],
      [String(more[0]), more[1]],
    ]);
    if (initial !== undefined) for (const rest of ['0', '3']) entries.set(rest, initial);
    for (const size of [1, 2, undefined]) {
      const found = [...map.batches({ size })].flat().map(([each, its]) => [String(each), its] as const);
      expect(new Map(found)).toEqual(entries);
      expect(found).toHaveLength(entries.size);
    }
    expect([...map.entries()]).toHaveLength(entries.size);
    expect([...map.keys()]).toHaveLength(entries.size);
    expect([...map.values()]).toHaveLength(entries.size);
    expect(map.toMap().size).toBe(entries.size);
    let count = 0;
    for (const batch of map.rawBatches()) count += batch.count;
    expect(count).toBe(entries.size);
  },
  drain(map, { key, value, more }) {
    map.setMany([[key, value], more]);
    const taken = [...map.drain()].flat();
    expect(taken.map(([each]) => String(each)).sort()).toEqual([String(key), String(more[0])].sort());
    expect([...map.keys()]).toEqual([]);
  },
  clear(map, { key, value, more }) {
    map.setMany([[key, value], more]);
    expect([map.clear(), map.clear()]).toEqual([2, 0]);
  },
  push(map, { value, more }) {
    map.push(value).push(more[1]);
    if (map.type === 'bloom_filter') return;
    expect(thrownBy(() => map.push(value))).toHaveProperty('code', 'E2BIG');
    map.push(value, BPF_EXIST);
    expect([map.pop(), map.pop()]).toEqual(map.type === 'queue' ? [more[1], value] : [value, more[1]]);
  },
  pop(map, { value, more }) {
    expect(map.pop()).toBeUndefined();
    map.push(value).push(more[1]);
    expect([map.pop(), map.pop(), map.pop()]).toEqual(
      map.type === 'queue' ? [value, more[1], undefined] : [more[1], value, undefined],
    );
  },
  peek(map, { value }) {
    expect(map.peek()).toBeUndefined();
    map.push(value);
    expect([map.peek(), map.peek(), map.pop()]).toEqual([value, value, value]);
  },
  mayContain(map, { value, more }) {
    expect(map.mayContain(value)).toBe(false);
    map.push(value);
    expect(map.mayContain(value)).toBe(true);
    expect(map.mayContain(more[1])).toBe(false);
  },
  info(map, { options }) {
    expect(map.info()).toMatchObject({ type: options.type, maxEntries: map.maxEntries });
  },
  freeze(map, { key, value, options }) {
    map.freeze();
    const write = (): unknown => (options.key === undefined ? map.push(value) : map.set(key, value));
    expect(thrownBy(write)).toMatchObject({ code: 'EPERM', remedy: expect.stringMatching(/frozen/) });
  },
};

/** Operations that some of the types above do not have, for reasons that are in the table of the others. */
const keyed = (kind: Kind): boolean => kind.options.key !== undefined;
const expectedOf = (kind: Kind, operation: string): string | undefined => {
  if (!keyed(kind) && ['batches', 'drain', 'clear'].includes(operation)) return 'ERR_INVALID_ARG';
  if (keyed(kind) && operation === 'mayContain') return 'ERR_UNSUPPORTED';
  return kind.refused[operation];
};

describe.each(KINDS.map((kind) => [kind.options.type, kind] as const))('%s', (_, kind) => {
  test.each(Object.entries(OPERATIONS).map(([name, run]) => [name, expectedOf(kind, name), run] as const))(
    '%s: %s',
    (__, code, run) => {
      const map = BpfMap.create({ name: 'tested', ...kind.options });
      try {
        if (code === undefined) {
          run(map, kind);
          return;
        }
        const error = thrownBy(() => {
          run(map, kind);
        });
        expect(error).toHaveProperty('code', code);
        expect(error.message).toContain("map 'tested'");
      } finally {
        map.close();
      }
    },
  );
});

test.each(['queue', 'stack', 'bloom_filter'])('a %s cannot be walked', (type) => {
  const map = BpfMap.create({ type, value: 'u64', maxEntries: 2 });
  for (const walk of [() => map.toMap(), () => [...map.keys()], () => [...map.drain()], () => map.clear()]) {
    expect(thrownBy(walk)).toMatchObject({ code: 'EOPNOTSUPP', syscall: 'bpf_map_get_next_key' });
  }
  map.close();
});

test('one value for all CPUs is stored only where that is said', () => {
  const map = BpfMap.create<number, bigint[]>({
    type: 'percpu_hash',
    key: 'u32',
    value: 'u64',
    maxEntries: 2,
  });
  try {
    expect(thrownBy(() => map.set(1, 5n as never)).message).toMatch(
      /one value per possible CPU.*setOnAllCpus/,
    );
    expect(thrownBy(() => map.set(1, [...onAll(1n), 1n]))).toHaveProperty('code', 'ERR_OUT_OF_RANGE');
    expect(map.setOnAllCpus(1, 5n).get(1)).toEqual(onAll(5n));
    expect(map.has(2)).toBe(false);
  } finally {
    map.close();
  }
  const hash = BpfMap.create<number, bigint>({ type: 'hash', key: 'u32', value: 'u64', maxEntries: 2 });
  expect(thrownBy(() => hash.setOnAllCpus(1, 5n as never))).toHaveProperty('code', 'ERR_UNSUPPORTED');
  hash.close();
});

const OBJECT = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#define MAP(name, TYPE, K, V, N, F) struct { __uint(type, BPF_MAP_TYPE_##TYPE); __type(key, K); __type(value, V); \\
	__uint(max_entries, N); __uint(map_flags, F); } name SEC(".maps")
struct locked { struct bpf_spin_lock lock; __u32 a; __u64 b; };
MAP(locked, HASH, __u32, struct locked, 4, 0);
MAP(tasks, TASK_STORAGE, int, __u64, 0, BPF_F_NO_PREALLOC);
MAP(sockets, SK_STORAGE, int, __u64, 0, BPF_F_NO_PREALLOC);
MAP(inodes, INODE_STORAGE, int, __u64, 0, BPF_F_NO_PREALLOC);
#define BPF_MAP_TYPE_CGRP_STORAGE 32
MAP(cgroups, CGRP_STORAGE, int, __u64, 0, BPF_F_NO_PREALLOC);
MAP(per_cgroup, CGROUP_STORAGE, struct bpf_cgroup_storage_key, __u64, 0, 0);
MAP(devices, DEVMAP, __u32, struct bpf_devmap_val, 4, 0);
MAP(devices_hash, DEVMAP_HASH, __u32, __u32, 4, 0);
MAP(cpus, CPUMAP, __u32, struct bpf_cpumap_val, 4, 0);
MAP(sockmap, SOCKMAP, __u32, __u64, 4, 0);
MAP(sockhash, SOCKHASH, __u32, __u64, 4, 0);
MAP(xsks, XSKMAP, __u32, __u32, 4, 0);
MAP(events, PERF_EVENT_ARRAY, __u32, __u32, 4, 0);
MAP(stacks, STACK_TRACE, __u32, __u64[16], 4, 0);
struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(key_size, 4); __uint(value_size, 4); __uint(max_entries, 4); } jumps SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_CGROUP_ARRAY); __uint(key_size, 4); __uint(value_size, 4); __uint(max_entries, 4); } cgroup_array SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } ring SEC(".maps");
struct inner { __uint(type, BPF_MAP_TYPE_ARRAY); __type(key, __u32); __type(value, __u64); __uint(max_entries, 2); };
struct { __uint(type, BPF_MAP_TYPE_HASH_OF_MAPS); __type(key, __u32); __uint(max_entries, 4); __array(values, struct inner); } outer SEC(".maps");
SEC("syscall") int run(void *ctx) { return 7; }
char LICENSE[] SEC("license") = "GPL";
`;

describe('of an object', () => {
  let object: BpfObject;
  beforeAll(() => {
    object = BpfObject.open(compileBpfSource(OBJECT, 'maps_types'));
    object.load();
  });
  afterAll(() => object.close());
  const map = <V = unknown>(name: string): BpfMap<unknown, V, unknown> =>
    object.map<unknown, V, unknown>(name);

  test('a value with a spin lock: the lock is the kernel’s, and may be left out', () => {
    const locked = map<{ a: number; b: bigint; lock?: unknown }>('locked');
    locked.set(1, { a: 1, b: 2n });
    locked.set(1, { a: 2, b: 3n, lock: { val: 0 } }, BPF_F_LOCK);
    expect(locked.get(1, BPF_F_LOCK)).toMatchObject({ a: 2, b: 3n });
    expect(thrownBy(() => locked.set(1, { b: 3n })).message).toMatch(/\.a: is missing/);
    locked.setMany([[1, { a: 5, b: 6n }]], BPF_F_LOCK);
    expect(locked.get(1)).toMatchObject({ a: 5, b: 6n });
    expect(thrownBy(() => map('devices_hash').get(1, BPF_F_LOCK))).toHaveProperty('code', 'EINVAL');
  });

  test('storage of an inode, and of a cgroup, by file descriptor', () => {
    const mounted = /^cgroup2 (\S+) /m.exec(readFileSync('/proc/mounts', 'utf8'))?.[1];
    const folder = `${mounted ?? '/nowhere'}/libbpf-subskel-maps-${String(process.pid)}`;
    const file = openSync('/proc/self/exe', 'r');
    try {
      expect(map('inodes').get(file)).toBeUndefined();
      map('inodes').set(file, 5n);
      expect(map('inodes').get(file)).toBe(5n);
      expect([map('inodes').delete(file), map('inodes').delete(file)]).toEqual([true, false]);
    } finally {
      closeSync(file);
    }
    expect(thrownBy(() => map('inodes').get(1_000_000))).toHaveProperty('code', 'EBADF');
    expect(thrownBy(() => [...map('inodes').keys()])).toHaveProperty('code', 'ENOTSUPP');
    try {
      mkdirSync(folder);
    } catch {
      console.warn('no cgroup can be made here: its storage is not tested');
      return;
    }
    const cgroup = openSync(folder, 'r');
    try {
      map('cgroups').set(cgroup, 6n);
      expect(map('cgroups').get(cgroup)).toBe(6n);
      expect(thrownBy(() => map('cgroup_array').set(0, 1_000_000))).toHaveProperty('code', 'EBADF');
      map('cgroup_array').set(0, cgroup);
      expect(thrownBy(() => map('cgroup_array').get(0))).toHaveProperty('code', 'ENOTSUPP');
    } finally {
      closeSync(cgroup);
      rmdirSync(folder);
    }
  });

  test.each([
    ['tasks', 'a file that is no task', () => openSync('/dev/null', 'r'), /EBADF|EINVAL/],
    ['sockets', 'a file that is no socket', () => openSync('/dev/null', 'r'), /ENOTSOCK/],
  ])('storage: %s refuse %s', (name, _, open, code) => {
    const fd = open();
    try {
      expect(thrownBy(() => map(name).set(fd, 1n)).code).toMatch(code);
    } finally {
      closeSync(fd);
    }
  });

  test('cgroup_storage: what no program has made is not there', () => {
    const key = { cgroup_inode_id: 1n, attach_type: 0 };
    expect(map('per_cgroup').get(key)).toBeUndefined();
    expect(thrownBy(() => map('per_cgroup').set(key, 1n))).toHaveProperty('code', 'ENOENT');
  });

  test('a prog_array: set by program, read as its id', () => {
    const jumps = map<number>('jumps');
    const program = object.program('run');
    jumps.set(2, program);
    expect(jumps.get(2)).toBeGreaterThan(0);
    expect(jumps.get(1)).toBeUndefined();
    expect(thrownBy(() => jumps.set(2, jumps.get(2))).message).toMatch(
      /expected a BpfProgram, got \d+ \(what is read/,
    );
    expect(thrownBy(() => jumps.set(2, map('devices')))).toHaveProperty('code', 'EINVAL');
    expect(jumps.delete(2)).toBe(true);
  });

  test('devmap by interface, cpumap by size of queue', () => {
    map('devices').set(0, { ifindex: 1, bpf_prog: { fd: 0 } });
    expect(map('devices').get(0)).toMatchObject({ ifindex: 1 });
    map('devices_hash').set(9, 1);
    expect([...map('devices_hash').entries()]).toEqual([[9, 1]]);
    expect(thrownBy(() => map('devices_hash').set(9, 999_999))).toHaveProperty('code', 'EINVAL');
    map('cpus').set(0, { qsize: 64, bpf_prog: { fd: 0 } });
    expect(map('cpus').get(0)).toMatchObject({ qsize: 64 });
  });

  test.each([
    ['sockmap', 'ENOTSOCK'],
    ['sockhash', 'ENOTSOCK'],
    ['xsks', 'ENOTSOCK'],
    ['events', 'EINVAL|EBADF'],
  ])('%s takes no ordinary file', (name, code) => {
    const file = openSync('/dev/null', 'r');
    try {
      const value = name.startsWith('sock') ? BigInt(file) : file;
      expect(thrownBy(() => map(name).set(0, value)).code).toMatch(new RegExp(code));
    } finally {
      closeSync(file);
    }
  });

  test('stack traces are read only', () => {
    expect(map('stacks').get(0)).toBeUndefined();
    expect(thrownBy(() => map('stacks').set(0, new BigUint64Array(16)))).toHaveProperty('code', 'EINVAL');
  });

  test('a ring buffer has no elements', () => {
    for (const use of [
      () => map('ring').get(new Uint8Array(0)),
      () => map('ring').toMap(),
      () => map('ring').push(1),
    ]) {
      expect(thrownBy(use)).toBeInstanceOf(SubskelError);
    }
  });

  test('a map of maps of an object', () => {
    const outer = map<number>('outer');
    const inner = BpfMap.create<number, bigint>({ type: 'array', value: 'u64', maxEntries: 2 }).set(1, 5n);
    try {
      outer.set(1, inner);
      expect(outer.get(1)).toBe(inner.info().id);
      const found = outer.inner<number, bigint>(1);
      expect(found?.get(1)).toBe(5n);
      found?.close();
      const numbers = outer.inner<number, number>(1, { int64: 'number' });
      expect(numbers?.get(1)).toBe(5);
      numbers?.close();
    } finally {
      inner.close();
    }
  });

  test('another template of inner maps, before load; it may be closed at once', () => {
    const other = BpfObject.open(compileBpfSource(OBJECT, 'maps_types'));
    const template = BpfMap.create({ type: 'hash', key: 'u32', value: 'u32', maxEntries: 9 });
    const outer = other.map<number, number, BpfMap>('outer');
    try {
      outer.setInnerMap(template);
      expect(thrownBy(() => outer.setInnerMap(template))).toHaveProperty('code', 'EINVAL');
      expect(thrownBy(() => other.map('locked').setInnerMap(template))).toHaveProperty('code', 'EINVAL');
      const inner = BpfMap.create({ type: 'hash', key: 'u32', value: 'u32', maxEntries: 9 });
      template.close();
      other.load();
      outer.set(1, inner);
      expect(outer.get(1)).toBe(inner.info().id);
      inner.close();
    } finally {
      template.close();
      other.close();
    }
  });
});
