/** The loop of the fuzzers: every seed is named when it fails, and none may take long. */

/** Longer than this is no bounded time. Milliseconds; the machine may be busy. */
const PATIENCE = 5000;

/** Runs `body` with `cases` seeds from `first` on, and answers what the slowest took, in milliseconds. */
export function eachSeed(first: number, cases: number, body: (seed: number) => void): number {
  let slowest = 0;
  for (let seed = first; seed < first + cases; seed++) {
    const start = performance.now();
    try {
      body(seed);
    } catch (error) {
      throw new Error(`seed ${String(seed)}: ${String(error)}`, { cause: error });
    }
    const took = performance.now() - start;
    slowest = Math.max(slowest, took);
    if (took > PATIENCE) throw new Error(`seed ${String(seed)} took ${took.toFixed(0)} ms`);
  }
  return slowest;
}
