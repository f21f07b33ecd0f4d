/** Answers questions about a map that was shared with it. */
import { parentPort, workerData } from 'node:worker_threads';
import type * as Subskel from '../../../../lib';

const given = workerData as { readonly package: string; readonly handle: Subskel.SharedMapToken };
const subskel = require(given.package) as typeof Subskel;
const map = subskel.BpfMap.openShared<number, { x: number; weight: bigint | number }>(given.handle);

export const QUESTIONS = {
  what: () => [map.type, map.name, map.get(1)],
  store: () => map.set(2, { x: 7, weight: 8 }).has(2),
  weight: () => map.get(2)!.weight,
  keys: () => [...map.keys()].sort(),
  closed: () => {
    map.close();
    map.close();
    return map.get(1);
  },
  records: async () => {
    const seen: unknown[] = [];
    for await (const record of map.records('struct event')) {
      const { number, square } = record as { number: number; square: bigint };
      seen.push([number, square]);
      if (seen.length === 5) break;
    }
    return seen;
  },
};

async function answer(question: keyof typeof QUESTIONS): Promise<unknown> {
  try {
    return await QUESTIONS[question]();
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

parentPort!.on('message', (question: keyof typeof QUESTIONS) => {
  void answer(question).then((told) => {
    parentPort!.postMessage(told);
  });
});
