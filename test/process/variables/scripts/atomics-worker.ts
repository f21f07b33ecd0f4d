/** Counts up, from JavaScript or with a BPF program, what the object that shares its map with this one has. */
import { parentPort, workerData } from 'node:worker_threads';
import type * as Subskel from '../../../../lib';

const given = workerData as {
  readonly role: 'javascript' | 'bpf';
  readonly file: string;
  readonly fd: number;
  readonly rounds: number;
  readonly package: string;
};
const subskel = require(given.package) as typeof Subskel;

const object = subskel.BpfObject.open(given.file);
object.section('.bss').map.reuse(given.fd);
object.load();
const bss = object.section('.bss').variables;

if (given.role === 'javascript') {
  const struct = bss.get('in_struct')!.value as Subskel.ViewOf<{ small: number; large: bigint }>;
  const array = bss.get('in_array')!.value as BigInt64Array<SharedArrayBuffer>;
  const counter = (bss.get('counter') as Subskel.BigIntVariable).atomic;
  const counter32 = (bss.get('counter32') as Subskel.Int32Variable).atomic;
  const small = subskel.atomicOf(struct, 'small');
  const large = subskel.atomicOf(struct, 'large');
  for (let i = 0; i < given.rounds; i++) {
    counter.add(1n);
    counter32.add(1);
    small.add(1);
    large.add(1n);
    Atomics.add(array, 1, 1n);
  }
} else {
  const data = new Uint8Array(64);
  for (let i = 0; i < 10; i++) object.program('count').testRun({ data, repeat: given.rounds / 10 });
}
object.close();
parentPort!.postMessage('done');
