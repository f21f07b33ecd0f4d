import type { BpfMap } from 'libbpf-subskel';
import type { latency_counts } from './generated/latency.subskel';
import type { Scale } from './scale';
import { Snapshot } from './snapshot';

/** One histogram of an object's `latency_histograms`. */
export class Histogram {
  readonly index: number;
  readonly #map: BpfMap<number, latency_counts[]>;
  readonly #scale: Scale;
  #before: readonly Snapshot[] = [];

  /** @internal */
  constructor(index: number, map: BpfMap<number, latency_counts[]>, scale: Scale) {
    this.index = index;
    this.#map = map;
    this.#scale = scale;
  }

  /** What was counted since the last reset() of this Histogram, or since load, on all CPUs. One system call. */
  read(): Snapshot {
    return together(this.perCpu());
  }

  /** The same for each possible CPU. */
  perCpu(): Snapshot[] {
    return this.#now().map((snapshot, cpu) => snapshot.since(this.#before[cpu]));
  }

  /**
   * What read() gives, and starts the next interval at that very moment. Each event is in exactly one interval: nothing is set to zero, so
   * that nothing that BPF programs count meanwhile is lost, and other readers of the histogram are not disturbed.
   */
  reset(): Snapshot {
    const now = this.#now();
    const interval = together(now.map((snapshot, cpu) => snapshot.since(this.#before[cpu])));
    this.#before = now;
    return interval;
  }

  #now(): Snapshot[] {
    const counts = this.#map.get(this.index) ?? [];
    return counts.map(({ sum, bins }) => new Snapshot(bins, sum, this.#scale));
  }
}

function together(snapshots: readonly Snapshot[]): Snapshot {
  return snapshots.reduce((sum, snapshot) => sum.merge(snapshot));
}
