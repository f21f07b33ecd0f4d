import { binEnd, binStart, type Scale } from './scale';

/** One bin that has something: `count` values of at least `from` and less than `to`. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** What a histogram had at one moment, or what came between two. Plain numbers: it does not change any more. */
export class Snapshot {
  /** How many values were counted. */
  readonly count: number;

  /** The sum of the values: nanoseconds, for times. */
  readonly sum: bigint;

  readonly #counts: BigUint64Array;
  readonly #scale: Scale;

  /** @internal */
  constructor(counts: BigUint64Array, sum: bigint, scale: Scale) {
    this.#counts = counts;
    this.#scale = scale;
    this.sum = sum;
    this.count = Number(counts.reduce((total, count) => total + count, 0n));
  }

  /** The mean, undefined without values. Exact, as it doesn't come from the bins. */
  get mean(): number | undefined {
    return this.count === 0 ? undefined : Number(this.sum) / this.count;
  }

  /**
   * The bin of the value that `percent` of all values do not exceed: percentileBin(50) has the median. Undefined without values.
   *
   * @throws RangeError if `percent` is not a number from 0 to 100
   */
  percentileBin(percent: number): Bin | undefined {
    if (!(percent >= 0 && percent <= 100))
      throw new RangeError(`percent must be a number from 0 to 100, not ${String(percent)}`);
    const rank = Math.max(1, Math.ceil((percent / 100) * this.count));
    let seen = 0;
    for (const bin of this.bins()) {
      seen += bin.count;
      if (seen >= rank) return bin;
    }
    return undefined;
  }

  /**
   * An upper bound of the percentile: the end of its bin. On a logarithmic scale it is at most 1/2^precision (by default an eighth) larger
   * than the true one; on a linear scale, by a bin's width, and Infinity in the last bin, which has no end. Undefined without values.
   *
   * @throws RangeError if `percent` is not a number from 0 to 100
   */
  percentile(percent: number): number | undefined {
    return this.percentileBin(percent)?.to;
  }

  /** Several at once: `percentiles([50, 99])` is `{ p50: …, p99: … }`. */
  percentiles(percents: readonly number[]): Record<`p${number}`, number | undefined> {
    return Object.fromEntries(percents.map((percent) => [`p${String(percent)}`, this.percentile(percent)]));
  }

  /** The bins that have something, the smallest values first. */
  bins(): Bin[] {
    const { length } = this.#counts;
    return [...this.#counts.entries()]
      .filter(([, count]) => count > 0n)
      .map(([index, count]) => ({
        from: binStart(this.#scale, index),
        to: binEnd(this.#scale, index, length),
        count: Number(count),
      }));
  }

  /**
   * This and the other one together: of several CPUs, intervals or agents.
   *
   * @throws TypeError if their scales differ
   */
  merge(other: Snapshot): Snapshot {
    if (other.#scale.width !== this.#scale.width || other.#scale.precision !== this.#scale.precision)
      throw new TypeError('snapshots of different scales cannot be merged');
    return new Snapshot(
      this.#counts.map((count, index) => count + (other.#counts[index] ?? 0n)),
      this.sum + other.sum,
      this.#scale,
    );
  }

  /** What this one has that `earlier`, of the same histogram, did not have. @internal */
  since(earlier: Snapshot | undefined): Snapshot {
    if (earlier === undefined) return this;
    return new Snapshot(
      this.#counts.map((count, index) => count - (earlier.#counts[index] ?? 0n)),
      this.sum - earlier.sum,
      this.#scale,
    );
  }
}
