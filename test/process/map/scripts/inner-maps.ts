/** Opens the inner map of an element while a worker replaces it by later ones: each must be there, and none go back. */
import { Worker } from 'node:worker_threads';
import type * as Subskel from '../../../../lib';

declare const subskel: typeof Subskel;
declare const args: {
  readonly file: string;
  readonly package: string;
  readonly worker: string;
  readonly map: string;
};

const object = subskel.BpfObject.open(args.file);
object.load();
const map = object.map(args.map);
const shared = new Int32Array(new SharedArrayBuffer(8));
shared[0] = 1;

const first = subskel.BpfMap.create({ type: 'array', value: 'u32', maxEntries: 2 }).set(0, 0);
map.set(1, first);
first.close();
const workerData = { package: args.package, shared, handle: map.share(), replace: 'inner' };
const worker = new Worker(args.worker, { eval: true, workerData });
Atomics.wait(shared, 1, 0);

const failed: Record<string, number> = {};
let last = 0;
let backwards = 0;
let found = 0;
const before = Atomics.load(shared, 1);
const until = Date.now() + 20_000;
for (let i = 0; (i < 3000 || Atomics.load(shared, 1) < before + 60) && Date.now() < until; i++) {
  try {
    const inner = map.inner(1, { value: 'u32' })!;
    const number = inner.get(0) as number;
    inner.close();
    if (number < last) backwards++;
    last = number;
    found++;
  } catch (error) {
    const { message } = error as Error;
    failed[message] = (failed[message] ?? 0) + 1;
  }
}
const changed = Atomics.load(shared, 1) - before;
Atomics.store(shared, 0, 0);
worker.on('exit', () => {
  object.close();
  console.log(JSON.stringify({ failed, backwards, enough: changed >= 60 && found >= 3000 }));
});
