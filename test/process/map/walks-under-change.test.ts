/**
 * Maps that change at full speed while they are walked and emptied: by a worker thread, and by a BPF program that the
 * worker runs. What must hold is what docs/maps.md promises. In processes of their own: a crash would be one of them.
 */
import { compileBpfSource } from '../../support/compile';
import { runChild } from '../../support/child';

const SOURCE = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct whole { __u64 a, b, c, d; };
struct prefix { __u32 length; __u8 address[4]; };
#define MAP(name, TYPE, K, V, N, F) struct { __uint(type, BPF_MAP_TYPE_##TYPE); __type(key, K); __type(value, V); \\
	__uint(max_entries, N); __uint(map_flags, F); } name SEC(".maps")
#define QUEUE(name, TYPE, V, N) struct { __uint(type, BPF_MAP_TYPE_##TYPE); __type(value, V); __uint(max_entries, N); } name SEC(".maps")
MAP(hash, HASH, __u32, struct whole, 4096, 0);
MAP(hash_dynamic, HASH, __u32, struct whole, 4096, BPF_F_NO_PREALLOC);
MAP(crowded, HASH, __u32, struct whole, 1200, 0);
MAP(lru, LRU_HASH, __u32, struct whole, 8192, 0);
MAP(percpu_hash, PERCPU_HASH, __u32, struct whole, 4096, 0);
MAP(lru_percpu, LRU_PERCPU_HASH, __u32, struct whole, 8192, 0);
MAP(lpm, LPM_TRIE, struct prefix, struct whole, 4096, BPF_F_NO_PREALLOC);
MAP(array, ARRAY, __u32, struct whole, 1000, 0);
MAP(percpu_array, PERCPU_ARRAY, __u32, struct whole, 1000, 0);
QUEUE(queue, QUEUE, __u64, 64);
QUEUE(stack, STACK, __u64, 64);
__u64 rounds;
SEC("syscall") int churn(void *ctx) {
  for (__u32 i = 0; i < 499; i++) {
    __u32 key = 500 + i;
    __u64 number = ++rounds;
    struct whole value = { number, number, number, number };
    if (number & 1)
      bpf_map_update_elem(&hash, &key, &value, BPF_ANY);
    else
      bpf_map_delete_elem(&hash, &key);
  }
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
`;

const COMMON = `
// Prefixes in each other by fours.
const LENGTHS = [24, 26, 28, 32];
const numberOf = (key) =>
  typeof key === 'number' ? key : key.address[1] * 1024 + key.address[2] * 4 + LENGTHS.indexOf(key.length);
const keyFor = (type) => type === 'lpm_trie'
  ? (n) => ({ length: LENGTHS[n & 3], address: [10, n >> 10, (n >> 2) & 255, 0] })
  : (n) => n;
const valueFor = (type, cpus) => {
  const one = (n) => ({ a: n, b: n, c: n, d: n });
  return /percpu/.test(type) ? (n) => Array.from({ length: cpus }, () => one(n)) : one;
};
`;

/** Makes changes for as long as the first word of `shared` is 1, and counts them in the second. */
const WORKER = `
const { workerData } = require('node:worker_threads');
const subskel = require(workerData.package);
const { shared, how, handle, file, cpus } = workerData;
const map = subskel.BpfMap.openShared(handle);
${COMMON}
const key = keyFor(map.type);
const value = valueFor(map.type, cpus);
let round = 0;
const CHANGES = {
  churn() {
    // An odd number of keys: what is stored in one round is deleted in the next.
    for (let n = 500; n < 999; n++) {
      round++;
      if (round & 1) map.set(key(n), value(round)); else map.delete(key(n));
    }
  },
  batches() {
    const keys = Array.from({ length: 500 }, (_, i) => key(500 + i));
    map.setMany(keys.map((each) => [each, value(++round)]));
    map.deleteMany(keys);
  },
  update() {
    for (let n = 0; n < 1000; n++) map.set(key(n), value(++round));
  },
  program() {
    program.testRun();
  },
};
let object;
let program;
if (how === 'program') {
  object = subskel.BpfObject.open(file);
  object.map(map.name).reuse(map);
  object.load();
  program = object.program('churn');
}
const change = CHANGES[how];
while (Atomics.load(shared, 0) === 1) { change(); Atomics.add(shared, 1, 1); }
object?.close();
map.close();
`;

const HELPERS = `
const { Worker } = require('node:worker_threads');
const object = subskel.BpfObject.open(args.file);
const cpus = subskel.kernel.possibleCpus;
const shared = new Int32Array(new SharedArrayBuffer(64));
const start = (text, map, data) => {
  const workerData = { package: args.package, file: args.file, shared, cpus, handle: map.share(), ...data };
  const worker = new Worker(text, { eval: true, workerData });
  const failed = new Promise((_, reject) => worker.once('error', reject));
  const ended = new Promise((done) => worker.once('exit', done));
  return { ended: Promise.race([ended, failed]) };
};
const turn = () => new Promise((done) => setImmediate(done));
const tell = (value) => console.log(JSON.stringify(value));
${COMMON}
`;

function run(body: string, more: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { stdout, stderr, status, signal } = runChild(`${HELPERS}(async () => {${body}})();`, {
    file: compileBpfSource(SOURCE, 'maps_concurrent'),
    package: require.resolve('../../../dist/index.js'),
    ...more,
  });
  expect({ stderr, status, signal }).toEqual({ stderr: '', status: 0, signal: null });
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, unknown>;
}

/** Walks until enough of them had changes in their midst, and tells whatever was wrong. */
const WALKS = `
object.load();
const map = object.map(args.map).withInt64('number');
const key = keyFor(map.type);
const value = valueFor(map.type, cpus);
for (let n = 0; n < 500; n++) map.set(key(n), value(7));
const isPerCpu = /percpu/.test(map.type);
const isArray = /array/.test(map.type);
// A value that is replaced comes whole; one that is overwritten in place, word by word.
const whole = ({ a, b, c, d }) => isArray || isPerCpu
  ? [a, b, c, d].every(Number.isSafeInteger)
  : a === b && b === c && c === d;
const wrong = {};
const tellWrong = (what) => { wrong[what] = (wrong[what] ?? 0) + 1; };
const check = (how, entries) => {
  const seen = new Map();
  let valuesOnly = 0;
  for (const [k, v] of entries) {
    if (v !== undefined) {
      for (const each of isPerCpu ? v : [v]) if (!whole(each)) tellWrong(how + ': torn ' + JSON.stringify(each));
    }
    if (k === undefined) { valuesOnly++; continue; }
    const n = numberOf(k);
    if (!(n >= 0 && n < 1000)) tellWrong(how + ': key ' + JSON.stringify(k));
    if (JSON.stringify(key(n)) !== JSON.stringify(typeof k === 'number' ? k : { length: k.length, address: [...k.address] })) tellWrong(how + ': torn key ' + JSON.stringify(k));
    seen.set(n, (seen.get(n) ?? 0) + 1);
    if (n < 500 && !isArray && v !== undefined && (isPerCpu ? v[0].a : v.a) !== 7) tellWrong(how + ': value of what stays');
  }
  if (how === 'values') { if (valuesOnly < 500) tellWrong('values: too few'); return; }
  for (let n = 0; n < 500; n++) {
    const times = seen.get(n) ?? 0;
    if (times === 0) tellWrong(how + ': left out');
    if (times > 1 && args.once) tellWrong(how + ': ' + times + ' times');
  }
  if (isArray && (seen.size !== 1000 || [...seen.values()].some((times) => times !== 1))) tellWrong(how + ': indexes');
};
const raw = function* (size) {
  for (const { count, keys, values } of map.rawBatches({ size })) {
    if (keys.length !== count * map.keySize) tellWrong('raw: sizes');
    for (let i = 0; i < count; i++) {
      const k = new DataView(keys.buffer, keys.byteOffset + i * map.keySize, map.keySize);
      yield [map.keySize === 4 ? k.getUint32(0, true) : { length: k.getUint32(0, true), address: new Uint8Array(keys.slice(i * 8 + 4, i * 8 + 8)) }, undefined];
    }
  }
};
const WALKS = {
  entries: () => check('entries', map.entries()),
  few: () => check('few', map.entries({ size: 3 })),
  keys: () => check('keys', [...map.keys({ size: 50 })].map((k) => [k, undefined])),
  values: () => check('values', [...map.values()].map((v) => [undefined, v])),
  batches: () => check('batches', [...map.batches({ size: 64 })].flat()),
  one: () => check('one', [...map.batches({ size: 1 })].flat()),
  raw: () => check('raw', raw(100)),
  toMap: () => check('toMap', map.toMap()),
  // Two walks, step by step.
  two: () => {
    const [a, b] = [map.entries({ size: 10 }), map.entries({ size: 17 })];
    const found = [[], []];
    for (let open = true; open;) {
      open = false;
      for (const [i, walk] of [a, b].entries()) {
        const { done, value } = walk.next();
        if (!done) { open = true; found[i].push(value); }
      }
    }
    for (const each of found) check('two', each);
  },
};
shared[0] = 1;
const worker = start(args.worker, map, { how: args.how });
while (Atomics.load(shared, 1) === 0) await turn();
let changed = 0;
const names = Object.keys(WALKS);
const until = Date.now() + 20_000;
for (let i = 0; (i < 5 * names.length || changed < 2 * names.length) && Date.now() < until; i++) {
  const before = Atomics.load(shared, 1);
  try {
    WALKS[names[i % names.length]]();
  } catch (error) {
    // Said, not silently wrong: a walk from key to key that started over too often, as on a busy machine.
    if (args.once || error.code !== 'ERR_UNSUPPORTED') throw error;
  }
  if (Atomics.load(shared, 1) !== before) changed++;
}
Atomics.store(shared, 0, 0);
await worker.ended;
object.close();
tell({ wrong, enough: changed >= 2 * names.length });
`;

describe('what stays for the whole walk comes exactly once', () => {
  test.each([
    ['hash', 'churn'],
    ['hash', 'batches'],
    ['hash', 'program'],
    ['hash_dynamic', 'churn'],
    ['crowded', 'churn'],
    ['lru', 'churn'],
    ['percpu_hash', 'churn'],
    ['lru_percpu', 'batches'],
    ['array', 'update'],
    ['percpu_array', 'update'],
  ])('%s, changed by %s', (map, how) => {
    expect(run(WALKS, { worker: WORKER, map, how, once: true })).toEqual({ wrong: {}, enough: true });
  });
});

test.each(['churn', 'batches'])('an LPM trie, changed by %s: nothing that stays is left out', (how) => {
  expect(run(WALKS, { worker: WORKER, map: 'lpm', how, once: false })).toEqual({ wrong: {}, enough: true });
});

/** Stores every number once, as fast as the map takes them, while others take them out. */
const PRODUCER = `
const { workerData } = require('node:worker_threads');
const subskel = require(workerData.package);
const { shared, handle, cpus, total, first } = workerData;
const map = subskel.BpfMap.openShared(handle);
${COMMON}
const key = keyFor(map.type);
const value = valueFor(map.type, cpus);
const add = map.keySize === 0 ? (n) => map.push(n) : (n) => map.set(key(n), value(n));
for (let n = first; n < first + total;) {
  try { add(n); n++; } catch (error) { if (error.code !== 'E2BIG' && error.code !== 'ENOSPC' && error.code !== 'ENOMEM') throw error; }
}
Atomics.store(shared, 2, 1);
map.close();
`;

const TAKER = `
const { workerData, parentPort } = require('node:worker_threads');
const subskel = require(workerData.package);
const { shared, handle, take } = workerData;
const map = subskel.BpfMap.openShared(handle).withInt64('number');
const taken = [];
const one = take === 'pop' ? () => map.pop() : undefined;
for (let last = false; ;) {
  const over = Atomics.load(shared, 2) === 1;
  let got = 0;
  for (let n; one !== undefined && (n = one()) !== undefined;) { taken.push(n); got++; }
  if (one === undefined) for (const batch of map.drain({ size: 50 })) for (const [key] of batch) { taken.push(key); got++; }
  if (over && got === 0) break;
}
parentPort.postMessage(taken);
`;

const TAKES = `
object.load();
const map = object.map(args.map).withInt64('number');
const producer = start(args.producer, map, { total: args.total, first: 0 });
const worker = args.taker === undefined ? undefined : new Worker(args.taker, { eval: true, workerData: { package: args.package, shared, handle: map.share(), take: args.take } });
const others = worker === undefined ? Promise.resolve([]) : new Promise((done, failed) => worker.once('message', done).once('error', failed));
const taken = [];
const torn = [];
const TAKE = {
  drain: () => { for (const batch of map.drain({ size: 64 })) for (const [k, v] of batch) {
    taken.push(numberOf(k));
    for (const each of Array.isArray(v) ? v : [v]) if (!isWhole(each, numberOf(k))) torn.push([k, v]);
  } },
  take: () => { for (const k of map.keys()) { const v = map.take(k); if (v !== undefined) { taken.push(k); if (!isWhole(v, k)) torn.push([k, v]); } } },
  pop: () => { for (let n; (n = map.pop()) !== undefined;) taken.push(n); },
  peek: () => { for (let n; map.peek() !== undefined && (n = map.pop()) !== undefined;) taken.push(n); },
};
const isWhole = ({ a, b, c, d }, n) => a === n && b === n && c === n && d === n;
for (let over = false; ;) {
  over = Atomics.load(shared, 2) === 1;
  const before = taken.length;
  try {
    TAKE[args.take]();
  } catch (error) {
    // Given up aloud, where the producer keeps up with the walk from key to key: the next one goes on.
    if (args.map !== 'lpm' || error.code !== 'ERR_UNSUPPORTED') throw error;
  }
  if (over && taken.length === before) break;
  await turn();
}
await producer.ended;
const all = [...taken, ...await others];
object.close();
tell({ taken: all.length, distinct: new Set(all).size, most: Math.max(...all), torn, inOrder: taken.every((n, i) => i === 0 || n > taken[i - 1]) });
`;

describe('every element is taken out exactly once', () => {
  const TOTAL = 20_000;
  test.each([
    ['hash', 'drain', false],
    ['hash', 'drain', true],
    ['hash_dynamic', 'drain', true],
    ['percpu_hash', 'drain', false],
    ['lru', 'drain', true],
    ['lpm', 'drain', false],
    ['hash', 'take', true],
    ['queue', 'pop', false],
    ['queue', 'pop', true],
    ['queue', 'peek', false],
    ['stack', 'pop', true],
  ])('%s, by %s, with another taker: %s', (map, take, another) => {
    const more = { producer: PRODUCER, taker: another ? TAKER : undefined, map, take, total: TOTAL };
    const { inOrder, ...rest } = run(TAKES, more);
    expect(rest).toEqual({ taken: TOTAL, distinct: TOTAL, most: TOTAL - 1, torn: [] });
    if (map === 'queue') expect(inOrder).toBe(true);
  });
});

const ENDLESS = `
object.load();
const map = object.map('lpm').withInt64('number');
const key = keyFor(map.type);
const value = valueFor(map.type, cpus);
const failed = (walk) => { try { walk(); return 'ended'; } catch (error) { return [error.code, error.message]; } };
for (let n = 0; n < 8; n++) map.set(key(n), value(n));
let seen = 0;
// What is deleted is what the kernel stands on: it starts over, and finds a new one.
const listed = failed(() => {
  for (const [k] of map.entries({ size: 1 })) {
    map.delete(k);
    map.set(key(8 + (++seen % 500)), value(seen));
  }
});
map.clear();
const taken = new Set();
let stored = 2;
for (let n = 0; n <= stored; n++) map.set(key(n), value(n));
const drained = failed(() => {
  for (const batch of map.drain({ size: 2 })) {
    for (const [, { a }] of batch) taken.add(a);
    for (let i = 0; i < 2; i++) { stored++; map.set(key(stored % 1000), value(stored)); }
  }
});
const rest = [...map.values()].length;
object.close();
tell({ listed, drained, lost: stored + 1 - taken.size - rest });
`;

test('a walk that the loop itself keeps going is given up, and loses nothing that was taken out', () => {
  expect(run(ENDLESS, {})).toEqual({
    listed: [
      'ERR_UNSUPPORTED',
      expect.stringMatching(/^list the keys of map 'lpm': they are deleted faster/),
    ],
    drained: [
      'ERR_UNSUPPORTED',
      expect.stringMatching(/^take the elements out of map 'lpm': they are stored/),
    ],
    lost: 0,
  });
});
