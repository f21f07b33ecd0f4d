/** Counts the same words up in several threads at once, and says what they have come to. */
import { Worker } from 'node:worker_threads';
import type * as Subskel from '../../../../lib';

declare const subskel: typeof Subskel;
declare const args: {
  readonly file: string;
  readonly package: string;
  readonly worker: string;
  readonly rounds: number;
};

const object = subskel.BpfObject.open(args.file);
object.load();
const bss = object.section('.bss');

const run = (role: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const workerData = { role, file: args.file, fd: bss.map.fd, rounds: args.rounds, package: args.package };
    new Worker(args.worker, { eval: true, workerData })
      .on('message', () => {
        resolve();
      })
      .on('error', reject);
  });

const read = (name: string): unknown => bss.variables.get(name)!.value;

void Promise.all(['javascript', 'bpf', 'javascript', 'bpf', 'javascript'].map(run)).then(() => {
  const { small, large } = read('in_struct') as { small: number; large: bigint };
  const counted = [read('counter'), read('counter32'), small, large, (read('in_array') as BigInt64Array)[1]];
  console.log(JSON.stringify(counted.map(String)));
  object.close();
});
