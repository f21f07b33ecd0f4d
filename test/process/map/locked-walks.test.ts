/** What is seen of one value while another thread replaces it: with its spin lock held, and of maps in maps. */
import { compileBpfSource } from '../../support/compile';
import { runChild } from '../../support/child';

const SOURCE = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct locked { struct bpf_spin_lock lock; __u32 first; __u32 numbers[500]; };
#define MAP(name, TYPE, F) struct { __uint(type, BPF_MAP_TYPE_##TYPE); __type(key, __u32); __type(value, struct locked); \\
	__uint(max_entries, 8); __uint(map_flags, F); } name SEC(".maps")
MAP(hash, HASH, 0);
MAP(hash_dynamic, HASH, BPF_F_NO_PREALLOC);
MAP(array, ARRAY, 0);
struct inner { __uint(type, BPF_MAP_TYPE_ARRAY); __type(key, __u32); __type(value, __u32); __uint(max_entries, 2); };
struct { __uint(type, BPF_MAP_TYPE_HASH_OF_MAPS); __type(key, __u32); __uint(max_entries, 4); __array(values, struct inner); } hash_of SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS); __type(key, __u32); __uint(max_entries, 4); __array(values, struct inner); } array_of SEC(".maps");
SEC("syscall") int run(void *ctx) { return 0; }
char LICENSE[] SEC("license") = "GPL";
`;

function run(body: string, worker: string, more: Readonly<Record<string, unknown>>): unknown {
  const script = `
    const { Worker } = require('node:worker_threads');
    const object = subskel.BpfObject.open(args.file);
    object.load();
    const map = object.map(args.map);
    const shared = new Int32Array(new SharedArrayBuffer(8));
    shared[0] = 1;
    const start = () => new Worker(args.worker, { eval: true, workerData: { package: args.package, shared, handle: map.share() } });
    const tell = (value) => console.log(JSON.stringify(value));
    ${body}`;
  const given = {
    file: compileBpfSource(SOURCE, 'maps_races'),
    package: require.resolve('../../../dist/index.js'),
    worker: `
      const { workerData } = require('node:worker_threads');
      const subskel = require(workerData.package);
      const { shared } = workerData;
      const map = subskel.BpfMap.openShared(workerData.handle);
      for (let i = 0; Atomics.load(shared, 0) === 1; i++) {
        ${worker}
        Atomics.add(shared, 1, 1);
        Atomics.notify(shared, 1);
      }
      map.close();`,
    ...more,
  };
  const { stdout, stderr, status, signal } = runChild(script, given);
  expect({ stderr, status, signal }).toEqual({ stderr: '', status: 0, signal: null });
  return JSON.parse(stdout) as unknown;
}

const LOCKED = `
const flags = subskel.BPF_F_LOCK;
const value = { first: 0, numbers: new Uint32Array(500) };
for (let key = 0; key < 8; key++) map.set(key, value);
const worker = start();
Atomics.wait(shared, 1, 0);
let halves = 0;
let seen = 0;
const check = ({ first, numbers }) => {
  seen++;
  if (numbers.some((each) => each !== first)) halves++;
};
const WALKS = {
  entries: () => { for (const [, value] of map.entries({ flags })) check(value); },
  values: () => { for (const value of map.values({ flags, size: 1 })) check(value); },
  batches: () => { for (const batch of map.batches({ flags, size: 3 })) for (const [, value] of batch) check(value); },
  rawBatches: () => {
    for (const { count, values } of map.rawBatches({ flags })) {
      const words = new Uint32Array(values.buffer, values.byteOffset, values.byteLength / 4);
      for (let i = 0; i < count; i++) check({ first: words[i * 502 + 1], numbers: words.subarray(i * 502 + 2, (i + 1) * 502) });
    }
  },
  get: () => { for (let key = 0; key < 8; key++) check(map.get(key, flags)); },
};
const before = Atomics.load(shared, 1);
const until = Date.now() + 20_000;
for (let i = 0; (i < 300 || Atomics.load(shared, 1) < before + 300) && Date.now() < until; i++) WALKS[args.walk]();
const changed = Atomics.load(shared, 1) - before;
Atomics.store(shared, 0, 0);
worker.on('exit', () => {
  object.close();
  tell({ halves, enough: changed >= 300 && seen >= 2400 });
});`;

const REPLACE_LOCKED = `
  const value = { first: i, numbers: new Uint32Array(500).fill(i) };
  for (let key = 0; key < 8; key++) map.set(key, value, subskel.BPF_F_LOCK);`;

describe.each(['hash', 'hash_dynamic', 'array'])('BPF_F_LOCK: %s, nobody sees half of a change', (map) => {
  test.each(['entries', 'values', 'batches', 'rawBatches', 'get'])('%s', (walk) => {
    expect(run(LOCKED, REPLACE_LOCKED, { map, walk })).toEqual({ halves: 0, enough: true });
  });
});

const INNER = `
const put = (number) => {
  const inner = subskel.BpfMap.create({ type: 'array', value: 'u32', maxEntries: 2 }).set(0, number);
  map.set(1, inner);
  inner.close();
};
put(0);
const worker = start();
Atomics.wait(shared, 1, 0);
const failed = {};
let last = 0;
let backwards = 0;
let found = 0;
const before = Atomics.load(shared, 1);
const until = Date.now() + 20_000;
for (let i = 0; (i < 3000 || Atomics.load(shared, 1) < before + 60) && Date.now() < until; i++) {
  try {
    const inner = map.inner(1, { value: 'u32' });
    const number = inner.get(0);
    inner.close();
    if (number < last) backwards++;
    last = number;
    found++;
  } catch (error) { failed[error.message] = (failed[error.message] ?? 0) + 1; }
}
const changed = Atomics.load(shared, 1) - before;
Atomics.store(shared, 0, 0);
worker.on('exit', () => {
  object.close();
  tell({ failed, backwards, enough: changed >= 60 && found >= 3000 });
});`;

const REPLACE_INNER = `
  const inner = subskel.BpfMap.create({ type: 'array', value: 'u32', maxEntries: 2 }).set(0, i);
  map.set(1, inner);
  inner.close();`;

test.each(['hash_of', 'array_of'])('inner() of %s finds one of those that replace each other', (map) => {
  expect(run(INNER, REPLACE_INNER, { map })).toEqual({ failed: {}, backwards: 0, enough: true });
});
