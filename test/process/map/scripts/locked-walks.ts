/** Walks a map while a worker replaces its values with their spin locks held, and counts the values that are halves of two. */
import { Worker } from 'node:worker_threads';
import type * as Subskel from '../../../../lib';

declare const subskel: typeof Subskel;
declare const args: {
  readonly file: string;
  readonly package: string;
  readonly worker: string;
  readonly map: string;
  readonly walk: keyof typeof WALKS;
};

interface Locked {
  readonly first: number;
  readonly numbers: Uint32Array;
}

const object = subskel.BpfObject.open(args.file);
object.load();
const map = object.map<number, Locked>(args.map);
const shared = new Int32Array(new SharedArrayBuffer(8));
shared[0] = 1;

const flags = subskel.BPF_F_LOCK;
const value: Locked = { first: 0, numbers: new Uint32Array(500) };
for (let key = 0; key < 8; key++) map.set(key, value);
const workerData = { package: args.package, shared, handle: map.share(), replace: 'locked' };
const worker = new Worker(args.worker, { eval: true, workerData });
Atomics.wait(shared, 1, 0);

let halves = 0;
let seen = 0;
const check = ({ first, numbers }: Locked): void => {
  seen++;
  if (numbers.some((each) => each !== first)) halves++;
};

export const WALKS = {
  entries: () => {
    for (const [, each] of map.entries({ flags })) check(each);
  },
  values: () => {
    for (const each of map.values({ flags, size: 1 })) check(each);
  },
  batches: () => {
    for (const batch of map.batches({ flags, size: 3 })) for (const [, each] of batch) check(each);
  },
  rawBatches: () => {
    for (const { count, values } of map.rawBatches({ flags })) {
      const words = new Uint32Array(values.buffer, values.byteOffset, values.byteLength / 4);
      for (let i = 0; i < count; i++) {
        check({ first: words[i * 502 + 1]!, numbers: words.subarray(i * 502 + 2, (i + 1) * 502) });
      }
    }
  },
  get: () => {
    for (let key = 0; key < 8; key++) check(map.get(key, flags)!);
  },
};

const before = Atomics.load(shared, 1);
const until = Date.now() + 20_000;
for (let i = 0; (i < 300 || Atomics.load(shared, 1) < before + 300) && Date.now() < until; i++) {
  WALKS[args.walk]();
}
const changed = Atomics.load(shared, 1) - before;
Atomics.store(shared, 0, 0);
worker.on('exit', () => {
  object.close();
  console.log(JSON.stringify({ halves, enough: changed >= 300 && seen >= 2400 }));
});
