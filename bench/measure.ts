/** What trials share: the shape of a result, medians, fair comparison. */

export interface Measured {
  readonly name: string;
  readonly ours: number;
  readonly reference: number;
  readonly unit: string;
  /** ours / reference: lower is better. */
  readonly ratio: number;
  /** The ratio must not exceed it; undefined: reported only. */
  readonly bar?: number | undefined;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Nanoseconds that `work` takes. */
export function time(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start);
}

/**
 * Nanoseconds of processor time that `work` takes, those of V8's helper threads included: for comparison with another
 * process, which a busy machine would not give the same share.
 */
export function cpuTime(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) * 1000;
}

/** Runs the two in turn, so that a machine whose speed drifts is fair to both: medians of each, and of the ratios. */
export function compare(
  name: string,
  rounds: number,
  ours: () => number,
  reference: () => number,
  unit: string,
  bar?: number,
): Measured {
  const a: number[] = [];
  const b: number[] = [];
  for (let round = 0; round < rounds; round++) {
    a.push(ours());
    b.push(reference());
  }
  const ratio = median(a.map((value, round) => value / b[round]!));
  return { name, ours: median(a), reference: median(b), unit, ratio, bar };
}
