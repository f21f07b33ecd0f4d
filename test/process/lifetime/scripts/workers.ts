/** Ends worker threads in every way, each twice and all at once, and says with which codes. */
import { Worker } from 'node:worker_threads';

declare const args: { readonly file: string; readonly package: string; readonly worker: string };

const ENDS = ['fall off the end', 'close', 'exit', 'go on', 'throw'];

const run = (end: string): Promise<number> =>
  new Promise((resolve) => {
    const workerData = { file: args.file, package: args.package, end };
    const worker = new Worker(args.worker, { eval: true, workerData });
    worker.on('error', () => undefined);
    worker.on('exit', resolve);
    if (end === 'go on') setTimeout(() => void worker.terminate(), 300);
  });

void Promise.all([...ENDS, ...ENDS].map(run)).then((codes) => {
  console.log(JSON.stringify(codes));
});
