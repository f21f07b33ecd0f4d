import type { BpfObject, LoadedObject } from 'libbpf-subskel';
import { RateLimit as RateLimitBpf, type rate_limit_counts } from './generated/rate_limit.subskel';

/** A token bucket. */
export interface Limit {
  /** Tokens per second that come back, at most 10^9; may be a fraction. */
  readonly rate: number;
  /** How many a full bucket has: what may be taken at once after a pause. At least 1. */
  readonly burst: number;
}

/** What a limit answered, all of its keys together. */
export interface Counts {
  readonly granted: number;
  /** There were too few tokens. */
  readonly refused: number;
  /** Refused because more CPUs asked at the same moment than were tried for; not in `refused`. */
  readonly contended: number;
}

/** As the BPF side has it: time in units of 64 ns, intervals in 1/1024 of one, and no burst longer than ORIGIN. */
const UNIT = 64;
const FRACTION = 1024;
const LONGEST = 2 ** 46;
const NONE: Counts = { granted: 0, refused: 0, contended: 0 };

/** The rate limits of whichever object the library was linked into. */
export class RateLimit {
  /** The library's maps and variables, for what this class does not have. */
  readonly bpf: RateLimitBpf;
  readonly #before = new Map<number, Counts>();

  /**
   * Finds the library in an object or in a skeleton's object, before or after load, or in a LoadedObject.
   *
   * @throws SubskeletonError if the object does not have the library, or another version whose types differ
   */
  constructor(target: BpfObject | LoadedObject | { readonly object: BpfObject | LoadedObject }) {
    this.bpf = RateLimitBpf.open('object' in target ? target.object : target);
  }

  /**
   * Sets a limit, before load or at any time after; buckets keep what was taken out of them. A take is rounded up to 64 ns of the rate: 100,000 times
   * one token per second become 99,522, never more.
   *
   * @throws RangeError if there is no such limit, the rate is not a positive number up to 10^9, the burst not a whole number, or longer than
   *   52 days at this rate
   */
  configure(limit: number, { rate, burst }: Limit): this {
    if (!(rate > 0 && rate <= 1e9))
      throw new RangeError(`rate must be a number above 0 and up to 10^9, not ${String(rate)}`);
    if (!Number.isSafeInteger(burst) || burst < 1)
      throw new RangeError(`burst must be a whole number from 1 on, not ${String(burst)}`);
    const interval = Math.ceil((1e9 / UNIT / rate) * FRACTION);
    const time = Math.ceil((burst * interval) / FRACTION);
    if (time > LONGEST)
      throw new RangeError(
        `a burst of ${String(burst)} at ${String(rate)} per second takes longer than 52 days`,
      );
    this.#write(limit, { interval: BigInt(interval), burst: BigInt(time) });
    return this;
  }

  /** Lifts a limit: everything is granted, and counted. So are limits that were never configured. */
  lift(limit: number): this {
    this.#write(limit, { interval: 0n, burst: 0n });
    return this;
  }

  /** What was answered since the last reset() of this limit here, or since load. One system call. */
  counts(limit = 0): Counts {
    return difference(this.#now(limit), this.#before.get(limit) ?? NONE);
  }

  /** What counts() gives, and starts counting anew. Nothing that is counted meanwhile is lost. The buckets stay as they are. */
  reset(limit = 0): Counts {
    const now = this.#now(limit);
    const interval = difference(now, this.#before.get(limit) ?? NONE);
    this.#before.set(limit, now);
    return interval;
  }

  /**
   * How many keys have a bucket at a time, of all limits together: 16384, unless it is set before load. The kernel hands such entries out in lots of 128
   * per CPU: take some thousands more than there are keys, or buckets are forgotten before the map is full.
   */
  get maxKeys(): number {
    return this.bpf.maps.rate_limit_keys.maxEntries;
  }

  set maxKeys(count: number) {
    this.bpf.maps.rate_limit_keys.maxEntries = count;
  }

  /** Forgets the bucket of a key, so that it begins full. True if there was one. */
  forgetKey(limit: number, key: bigint): boolean {
    return this.bpf.maps.rate_limit_keys.delete({ key, limit: BigInt(this.#index(limit)) });
  }

  #write(limit: number, settings: { interval: bigint; burst: bigint }): void {
    this.bpf.bss.rate_limits.value.set(this.#index(limit), settings);
  }

  #index(limit: number): number {
    const { length } = this.bpf.bss.rate_limits;
    if (!Number.isInteger(limit) || limit < 0 || limit >= length)
      throw new RangeError(
        `limit must be a whole number from 0 to ${String(length - 1)}, not ${String(limit)}`,
      );
    return limit;
  }

  #now(limit: number): Counts {
    const perCpu: readonly rate_limit_counts[] =
      this.bpf.maps.rate_limit_counts.get(this.#index(limit)) ?? [];
    const sum = (name: keyof Counts): number =>
      Number(perCpu.reduce((total, counts) => total + counts[name], 0n));
    return { granted: sum('granted'), refused: sum('refused'), contended: sum('contended') };
  }
}

function difference(now: Counts, before: Counts): Counts {
  return {
    granted: now.granted - before.granted,
    refused: now.refused - before.refused,
    contended: now.contended - before.contended,
  };
}
