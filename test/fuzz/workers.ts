/** The same round in a thread of its own, ended at some moment, in the middle of whatever it does. */
import { Worker } from 'node:worker_threads';
import type { Plan } from './plan';
import type { Random } from './random';
import type { World } from './world';

export function startWorker(world: World, random: Random, plan: Plan): string {
  const seed = random.next();
  const workerData: Plan = { ...plan, seed, steps: 400, keep: undefined };
  const worker = new Worker(plan.bundle, { workerData, stdout: true, stderr: true });
  const after = random.below(120);
  const ended = new Promise<void>((resolve, reject) => {
    worker.on('error', (error) => {
      reject(error);
    });
    worker.on('exit', () => {
      resolve();
    });
    worker.on('message', (findings: readonly string[]) => {
      for (const finding of findings) world.findings.push(`in a worker: ${finding}`);
    });
  });
  world.background(ended);
  setTimeout(() => void worker.terminate(), after);
  return `worker ${seed}, ended after ${after} ms`;
}
