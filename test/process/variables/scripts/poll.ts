/** Polls a variable in a tight loop until a worker's BPF program changes it. */
import { Worker } from 'node:worker_threads';
import type * as Subskel from '../../../../lib';

declare const subskel: typeof Subskel;
declare const args: { readonly file: string; readonly package: string; readonly worker: string };

const object = subskel.BpfObject.open(args.file);
object.load();
const { map, variables } = object.section('.bss');
const done = variables.get('done') as Subskel.Int32Variable;

const workerData = { file: args.file, fd: map.fd, package: args.package };
new Worker(args.worker, { eval: true, workerData }).on('online', () => {
  let polls = 0;
  const end = Date.now() + 20_000;
  while (done.value === 0 && ++polls) if (polls % 1e7 === 0 && Date.now() > end) break;
  console.log(JSON.stringify({ done: done.value, hot: polls > 1e5 }));
  process.exit(0);
});
