/** Random calls of everything that JavaScript can call, round after round; see CONTRIBUTING.md. */
import { Rounds, type Outcome } from './rounds';

export interface Effort {
  /** Of the first round; the next ones count up. */
  readonly seed: number;
  readonly rounds: number;
  readonly seconds: number;
  /** Of each round. */
  readonly steps: number;
}

export interface Sum {
  readonly rounds: number;
  readonly calls: number;
  readonly thrown: number;
  /** What went wrong, with all that it takes to see it again. */
  readonly reports: readonly string[];
}

/** Time to look for fewer steps, and reports after which it is enough. */
const SHRINK_MS = 30_000;
const MOST_REPORTS = 5;

export async function fuzz({ seed, rounds, seconds, steps }: Effort): Promise<Sum> {
  const runner = new Rounds();
  const until = Date.now() + 1000 * seconds;
  const sum = { rounds: 0, calls: 0, thrown: 0 };
  const reports: string[] = [];
  while (sum.rounds < rounds && Date.now() < until && reports.length < MOST_REPORTS) {
    const outcome = await runner.run((seed + sum.rounds) >>> 0, steps);
    sum.rounds++;
    sum.calls += outcome.calls;
    sum.thrown += outcome.thrown;
    if (outcome.wrong !== undefined) reports.push(await report(runner, outcome, steps));
  }
  return { ...sum, reports };
}

async function report(runner: Rounds, outcome: Outcome, steps: number): Promise<string> {
  const fewer = await runner.shrink(outcome.seed, steps, Date.now() + SHRINK_MS);
  return [
    `FUZZ_SEED=${outcome.seed} FUZZ_STEPS=${steps} FUZZ_ROUNDS=1 npm run fuzz:api`,
    outcome.wrong,
    fewer === undefined ? outcome.log : `These of its steps are enough (${fewer.wrong ?? ''}):\n${fewer.log}`,
  ].join('\n');
}
