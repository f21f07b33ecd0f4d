/** What is decided about a map before its object is loaded: type, sizes, flags, extra, NUMA node. */
import {
  AlreadyLoadedError,
  ArgumentError,
  BpfMap,
  BpfObject,
  BPF_F_NO_PREALLOC,
  BPF_F_NUMA_NODE,
  ClosedError,
  UnsupportedError,
  prefixKey,
  prefixOf,
} from '../../../lib';
import { compileBpfSource } from '../../support/compile';
import { thrownBy } from '../../support/native';

const SOURCE = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct value { __u64 a, b; };
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, __u32); __type(value, struct value); } flows SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_BLOOM_FILTER); __uint(max_entries, 8); __type(value, __u64); __uint(map_extra, 2); } bloom SEC(".maps");
struct inner { __uint(type, BPF_MAP_TYPE_ARRAY); __type(key, __u32); __type(value, __u64); __uint(max_entries, 2); };
struct { __uint(type, BPF_MAP_TYPE_HASH_OF_MAPS); __uint(max_entries, 4); __type(key, __u32); __array(values, struct inner); } outer SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 4); __uint(key_size, 4); __uint(value_size, 4); } jumps SEC(".maps");
__u64 counter;
SEC("syscall") int run(void *ctx) { __u32 key = 1; struct value *value = bpf_map_lookup_elem(&flows, &key); if (value) counter += value->a; return 0; }
char LICENSE[] SEC("license") = "GPL";
`;

let object: BpfObject;
beforeEach(() => {
  object = BpfObject.open(compileBpfSource(SOURCE, 'maps_defined'));
});
afterEach(() => object.close());
const map = (name: string): BpfMap => object.map(name);

test('what was set is what the kernel gets, and what the program and we go by', () => {
  const flows = map('flows') as BpfMap<number, { a: bigint; b: bigint }>;
  flows.type = 'percpu_hash';
  flows.flags = BPF_F_NO_PREALLOC;
  map('bloom').numaNode = 0;
  map('bloom').extra = 5n;
  expect(flows).toMatchObject({ type: 'percpu_hash', flags: BPF_F_NO_PREALLOC, extra: 0n });
  expect(map('bloom')).toMatchObject({ extra: 5n, numaNode: 0, flags: BPF_F_NUMA_NODE });
  object.load();
  expect(flows.info()).toMatchObject({
    type: 'percpu_hash',
    flags: BPF_F_NO_PREALLOC,
    valueSize: 16,
  });
  expect(map('bloom').info()).toMatchObject({ extra: 5n, flags: BPF_F_NUMA_NODE });
  flows.setOnAllCpus(1, { a: 7n, b: 8n } as never);
  object.program('run').testRun();
  expect(object.section('.bss').variables.get('counter')?.value).toBe(7n);
});

test('other sizes than those of the types: keys and values are bytes', () => {
  const flows = map('flows');
  object.program('run').autoload = false;
  flows.keySize = 6;
  flows.valueSize = 24;
  object.load();
  expect(flows.info()).toMatchObject({ keySize: 6, valueSize: 24 });
  const key = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const value = new Uint8Array(24).fill(9);
  flows.set(key, value);
  expect(flows.get(key)).toEqual(value);
  expect(thrownBy(() => flows.set(1, value)).message).toMatch(/expected a Uint8Array of 6 bytes/);
});

test('a NUMA node and its flag come and go together', () => {
  const flows = map('flows');
  expect(flows.numaNode).toBeUndefined();
  flows.numaNode = 1;
  expect([flows.numaNode, flows.flags]).toEqual([1, BPF_F_NUMA_NODE]);
  flows.numaNode = undefined;
  expect([flows.numaNode, flows.flags]).toEqual([undefined, 0]);
  flows.numaNode = 4000;
  expect(thrownBy(() => object.load())).toHaveProperty('code', 'EINVAL');
});

const SETTINGS: readonly (readonly [string, (map: BpfMap) => void])[] = [
  ['type', (map) => (map.type = 'lru_hash')],
  ['keySize', (map) => (map.keySize = 4)],
  ['valueSize', (map) => (map.valueSize = 16)],
  ['maxEntries', (map) => (map.maxEntries = 9)],
  ['flags', (map) => (map.flags = 1)],
  ['extra', (map) => (map.extra = 1n)],
  ['numaNode', (map) => (map.numaNode = 0)],
];

describe.each(SETTINGS)('%s', (name, set) => {
  test('not after load, and not of a map that no object owns', () => {
    object.load();
    expect(thrownBy(() => set(map('flows')))).toBeInstanceOf(AlreadyLoadedError);
    const own = BpfMap.create({ type: 'hash', name: 'own', key: 'u32', value: 'u32', maxEntries: 2 });
    expect(thrownBy(() => set(own)).message).toMatch(`map 'own' exists already: ${name} is for maps`);
    own.close();
    expect(thrownBy(() => set(own))).toBeInstanceOf(ClosedError);
    const flows = map('flows');
    object.close();
    expect(thrownBy(() => set(flows))).toBeInstanceOf(ClosedError);
  });

  test('not of a map that was reused', () => {
    const own = BpfMap.create({ type: 'hash', key: 'u32', value: 16, maxEntries: 2 });
    map('flows').reuse(own);
    own.close();
    expect(thrownBy(() => set(map('flows')))).toMatchObject({
      code: 'EBUSY',
      remedy: expect.stringMatching(/reused/),
    });
  });

  test('not of a data section', () => {
    const bss = object.section('.bss').map;
    if (name === 'maxEntries') set = (map) => (map.maxEntries = 2);
    expect(thrownBy(() => set(bss))).toBeInstanceOf(ArgumentError);
  });

  // libbpf itself fills these.
  test.each(['outer', 'jumps'])('not of %s', (other) => {
    if (name === 'maxEntries') {
      set(map(other));
      return;
    }
    expect(thrownBy(() => set(map(other)))).toBeInstanceOf(UnsupportedError);
  });
});

test.each<readonly [string, (map: BpfMap) => void, RegExp]>([
  ['no such type', (map) => (map.type = 'lru_hesh'), /no map type 'lru_hesh'.*lru_hash/],
  ['no name', (map) => (map.type = 1 as never), /type must be a string/],
  ['a size below 0', (map) => (map.keySize = -1), /keySize must be an integer/],
  ['a size that is no number', (map) => (map.valueSize = '8' as never), /valueSize must be an integer/],
  ['flags of 64 bits', (map) => (map.flags = 2 ** 32), /flags must be an integer/],
  ['more than 64 bits', (map) => (map.extra = 2n ** 64n), /extra must be from 0n/],
  ['half a node', (map) => (map.numaNode = 0.5), /numaNode must be an integer/],
])('%s', (_, set, message) => {
  const error = thrownBy(() => set(map('flows')));
  expect(error).toBeInstanceOf(ArgumentError);
  expect(error.message).toMatch(message);
});

test.each(['arena', 'prog_array', 'hash_of_maps', 'array_of_maps', 'struct_ops'])(
  'nothing becomes a %s',
  (type) => {
    expect(thrownBy(() => (map('flows').type = type))).toBeInstanceOf(UnsupportedError);
  },
);

test('a map that is made on a NUMA node has the flag', () => {
  const own = BpfMap.create({ type: 'hash', key: 'u32', value: 'u32', maxEntries: 2, numaNode: 0 });
  expect(own.info().flags).toBe(BPF_F_NUMA_NODE);
  expect([own.numaNode, own.extra]).toEqual([undefined, 0n]);
  own.close();
  const nowhere = { type: 'hash', key: 'u32', value: 'u32', maxEntries: 2, numaNode: 4000 };
  expect(thrownBy(() => BpfMap.create(nowhere))).toHaveProperty('code', 'EINVAL');
});

test('prefixes as keys of an LPM trie: the longest that fits is found', () => {
  const routes = BpfMap.create<Uint8Array, number>({ type: 'lpm_trie', key: 8, value: 'u32', maxEntries: 9 });
  const inSix = BpfMap.create<Uint8Array, number>({ type: 'lpm_trie', key: 20, value: 'u32', maxEntries: 9 });
  routes.set(prefixKey('0.0.0.0/0'), 0).set(prefixKey('10.0.0.0/8'), 1).set(prefixKey('10.1.0.0/16'), 2);
  inSix.set(prefixKey('2001:db8::/32'), 3).set(prefixKey('2001:db8:1::/48'), 4);
  expect(['10.1.2.3', '10.2.2.3', '11.0.0.0'].map((address) => routes.get(prefixKey(address)))).toEqual([
    2, 1, 0,
  ]);
  expect(['2001:db8:1::5', '2001:db8:2::5', '::1'].map((address) => inSix.get(prefixKey(address)))).toEqual([
    4,
    3,
    undefined,
  ]);
  expect([...routes.keys()].map(prefixOf).sort()).toEqual(['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16']);
  expect(routes.delete(prefixKey('10.9.9.9/8'))).toBe(true);
  for (const each of [routes, inSix]) each.close();
});
