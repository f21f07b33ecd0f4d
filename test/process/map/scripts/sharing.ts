/** Shares maps with worker threads, and with this one, a case each; prints what they have answered. */
import { Worker } from 'node:worker_threads';
import type * as Subskel from '../../../../lib';
import type { QUESTIONS } from './sharing-worker';

declare const subskel: typeof Subskel;
declare const args: {
  readonly file: string;
  readonly package: string;
  readonly worker: string;
  readonly name: keyof typeof CASES;
};

const object = subskel.BpfObject.open(args.file);

const start = (handle: Subskel.SharedMapToken): Worker =>
  new Worker(args.worker, { eval: true, workerData: { package: args.package, handle } });

const ask = (worker: Worker, question: keyof typeof QUESTIONS): Promise<unknown> =>
  new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.postMessage(question);
  });

function attempt(action: () => unknown): string {
  try {
    action();
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

export const CASES = {
  typed: async () => {
    object.load();
    const points = object.map('points');
    points.set(1, { x: 5, weight: 6n });
    const worker = start(points.share());
    const answers = [await ask(worker, 'what')];
    answers.push(await ask(worker, 'store'), points.get(2));
    const numbers = start(points.withInt64('number').share());
    answers.push(await ask(numbers, 'weight'));
    const handle = points.share();
    object.close();
    answers.push(
      await ask(worker, 'keys'),
      attempt(() => subskel.BpfMap.openShared(handle)),
    );
    answers.push(await ask(worker, 'closed'));
    for (const each of [worker, numbers]) void each.terminate();
    return answers;
  },

  records: async () => {
    object.load();
    const worker = start(object.map('events').share());
    const reading = ask(worker, 'records');
    for (let i = 0; i < 5; i++) object.program('produce').testRun();
    const seen = await reading;
    await worker.terminate();
    object.close();
    return seen;
  },

  standalone: () => {
    const map = subskel.BpfMap.create<number, number>({ type: 'array', value: 'u32', maxEntries: 2 });
    const handle = structuredClone(map.share());
    const shared = subskel.BpfMap.openShared<number, number>(handle);
    shared.set(1, 42);
    const answers: unknown[] = [map.get(1), shared.closed];
    map.close();
    answers.push(shared.get(1));
    shared.close();
    for (const wrong of [
      undefined,
      {},
      handle,
      { ...handle, kind: 'section' },
      { ...handle, token: 5 },
    ] as Subskel.SharedMapToken[]) {
      answers.push(attempt(() => subskel.BpfMap.openShared(wrong)));
    }
    answers.push(
      attempt(() => object.map('points').share()),
      attempt(() => map.share()),
    );
    object.close();
    return Promise.resolve(answers);
  },
};

const asText = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

void CASES[args.name]().then((answers: unknown) => {
  console.log(JSON.stringify(answers, asText));
});
