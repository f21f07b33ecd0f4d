/** Replaces values of a shared map, by higher and higher numbers, until it is told to end. */
import { workerData } from 'node:worker_threads';
import type * as Subskel from '../../../../lib';

const given = workerData as {
  readonly package: string;
  readonly shared: Int32Array<SharedArrayBuffer>;
  readonly handle: Subskel.SharedMapToken;
  readonly replace: keyof typeof REPLACE;
};
const subskel = require(given.package) as typeof Subskel;
const { shared } = given;
const map = subskel.BpfMap.openShared(given.handle);

const REPLACE = {
  locked: (i: number) => {
    const value = { first: i, numbers: new Uint32Array(500).fill(i) };
    for (let key = 0; key < 8; key++) map.set(key, value, subskel.BPF_F_LOCK);
  },
  inner: (i: number) => {
    const inner = subskel.BpfMap.create({ type: 'array', value: 'u32', maxEntries: 2 }).set(0, i);
    map.set(1, inner);
    inner.close();
  },
};

for (let i = 0; Atomics.load(shared, 0) === 1; i++) {
  REPLACE[given.replace](i);
  Atomics.add(shared, 1, 1);
  Atomics.notify(shared, 1);
}
map.close();
