import type { BpfObject, LoadedObject } from 'libbpf-subskel';
import { Latency as LatencyBpf } from './generated/latency.subskel';
import { Histogram } from './histogram';

/** A scale whose bins grow with the value: every power of two has `2 ** precision` of them. */
export interface LogScale {
  readonly scale: 'log2';
  /** 0 to 3, default 3: a bin is at most an eighth as wide as its values are large. */
  readonly precision?: number;
}

/** A scale of 512 bins of one width, in nanoseconds. The last one has whatever is larger. */
export interface LinearScale {
  readonly scale: 'linear';
  readonly width: number | bigint;
}

/** What was not counted, since load. */
export interface Lost {
  /** Starts that found no room: more than `maxStarts` were without an end. */
  readonly full: number;
  /** Ends without a start: what had begun before the programs were attached, or one of `full`. */
  readonly unstarted: number;
  /** Values for a histogram that does not exist. */
  readonly outOfRange: number;
}

/** The latency histograms of whichever object the library was linked into. */
export class Latency {
  /** The library's maps and variables, for what this class does not have. */
  readonly bpf: LatencyBpf;
  readonly #histograms = new Map<number, Histogram>();

  /**
   * Finds the library in an object or in a skeleton's object, before or after load, or in a LoadedObject.
   *
   * @throws SubskeletonError if the object does not have the library, or another version whose types differ
   */
  constructor(target: BpfObject | LoadedObject | { readonly object: BpfObject | LoadedObject }) {
    this.bpf = LatencyBpf.open('object' in target ? target.object : target);
  }

  /**
   * Sets a histogram's scale, before load. By default each is logarithmic with precision 3. There are four histograms; configuring a later
   * one, up to 15, makes as many as that takes, each of which needs 4 KB per CPU.
   *
   * @throws RangeError if there can be no such histogram or scale
   * @throws ReadOnlyError after load
   */
  configure(histogram: number, options: LogScale | LinearScale): this {
    const { maps, rodata } = this.bpf;
    const last = rodata.latency_scales.length - 1;
    whole('histogram', histogram, 0n, BigInt(last));
    const [width, precision] =
      options.scale === 'linear'
        ? [whole('width', options.width, 1n, 1n << 54n), 0n]
        : [0n, whole('precision', options.precision ?? 3, 0n, 3n)];
    const scales = rodata.latency_scales.read();
    scales[histogram] = { width, precision: Number(precision) };
    rodata.latency_scales.write(scales);
    if (maps.latency_histograms.maxEntries <= histogram) maps.latency_histograms.maxEntries = histogram + 1;
    return this;
  }

  /** How many starts can wait for their end: 10240, unless it is set before load. */
  get maxStarts(): number {
    return this.bpf.maps.latency_starts.maxEntries;
  }

  set maxStarts(count: number) {
    this.bpf.maps.latency_starts.maxEntries = count;
  }

  /**
   * One histogram, after load. The same Histogram for the same index, so that its resets are seen by all who share this Latency.
   *
   * @throws RangeError if there is no such histogram
   */
  histogram(index = 0): Histogram {
    let histogram = this.#histograms.get(index);
    if (histogram === undefined) {
      const { maps, rodata } = this.bpf;
      whole('histogram', index, 0n, BigInt(maps.latency_histograms.maxEntries - 1));
      const scale = rodata.latency_scales.read()[index];
      if (scale === undefined) throw new RangeError(`there is no histogram ${String(index)}`);
      histogram = new Histogram(index, maps.latency_histograms, scale);
      this.#histograms.set(index, histogram);
    }
    return histogram;
  }

  /** What is in no histogram. */
  lost(): Lost {
    const { full, unstarted, out_of_range: outOfRange } = this.bpf.bss.latency_lost.read();
    return { full: Number(full), unstarted: Number(unstarted), outOfRange: Number(outOfRange) };
  }

  /**
   * Forgets starts that wait for their end for longer than `nanoseconds`: of threads that are gone, say. Returns how many. Their ends, if they
   * come after all, are counted as `unstarted`.
   */
  forgetStarts(nanoseconds: number | bigint): number {
    const { latency_starts: starts } = this.bpf.maps;
    const before = process.hrtime.bigint() - BigInt(nanoseconds);
    const old = [...starts].filter(([, started]) => started < before).map(([key]) => key);
    return starts.deleteMany(old);
  }
}

function whole(name: string, value: number | bigint, least: bigint, most: bigint): bigint {
  if (
    typeof value === 'bigint'
      ? value < least || value > most
      : !(value >= Number(least) && value <= Number(most)) || !Number.isInteger(value)
  )
    throw new RangeError(
      `${name} must be a whole number from ${String(least)} to ${String(most)}, not ${String(value)}`,
    );
  return BigInt(value);
}
