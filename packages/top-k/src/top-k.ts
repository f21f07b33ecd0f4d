import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { BpfObject, LoadedObject } from 'libbpf-subskel';
import { TopK as TopKBpf, type top_k_buffer } from './generated/top_k.subskel';
import { Summary, type KeySet } from './summary';

/** Milliseconds between two looks at a buffer that programs are in. */
const PAUSE = 1;

/** The heavy hitters of whichever object the library was linked into. */
export class TopK {
  /** The library's maps and variables, for what this class does not have. */
  readonly bpf: TopKBpf;
  readonly #taking = new Map<number, Promise<unknown>>();
  readonly #missed = new Map<number, bigint>();

  /**
   * Finds the library in an object or in a skeleton's object, before or after load, or in a LoadedObject. Before load it chooses the
   * random seed that keys are divided by, unless there is one.
   *
   * @throws SubskeletonError if the object does not have the library, or another version whose types differ
   */
  constructor(target: BpfObject | LoadedObject | { readonly object: BpfObject | LoadedObject }) {
    const object = 'object' in target ? target.object : target;
    this.bpf = TopKBpf.open(object);
    const { top_k_seed: seed } = this.bpf.rodata;
    if (!seed.readonly && seed.value === 0n) seed.value = randomBytes(8).readBigUInt64LE();
  }

  /** How many tables there are: 4, unless it is set before load, to 16 at most. Each needs 26 KB per CPU. */
  get tables(): number {
    return this.bpf.maps.top_k_tables.maxEntries / 2;
  }

  set tables(count: number) {
    const { length } = this.bpf.bss.top_k_epochs;
    if (!Number.isInteger(count) || count < 1 || count > length)
      throw new RangeError(`tables must be a whole number from 1 to ${String(length)}, not ${String(count)}`);
    this.bpf.maps.top_k_tables.maxEntries = 2 * count;
  }

  /**
   * Ends a table's interval, and resolves to what it had since the last one was ended, or since load. Each event is in exactly one interval:
   * BPF programs go on in another buffer, and this waits, a millisecond or so, for those that are still in the one that is read.
   * Calls for one table follow each other. Only one TopK may take from an object's table, as it empties it.
   *
   * @throws RangeError if there is no such table
   * @throws ClosedError if the object is closed meanwhile
   */
  take(table = 0): Promise<Summary> {
    if (!Number.isInteger(table) || table < 0 || table >= this.tables)
      throw new RangeError(
        `table must be a whole number from 0 to ${String(this.tables - 1)}, not ${String(table)}`,
      );
    const before = this.#taking.get(table) ?? Promise.resolve();
    const taken = before.then(() => this.#take(table));
    this.#taking.set(
      table,
      taken.catch(() => undefined),
    );
    return taken;
  }

  async #take(table: number): Promise<Summary> {
    const { maps, bss, rodata } = this.bpf;
    const epochs = bss.top_k_epochs.value;
    const epoch = Atomics.add(epochs, table, 1n);
    const index = 2 * table + Number(epoch & 1n);
    const read = (): top_k_buffer[] => maps.top_k_tables.get(index) ?? [];
    // The pause comes first: whichever program still works with the old epoch has long made itself seen when it is over.
    do await pause(PAUSE);
    while (read().some(({ busy }) => busy > 0n));
    const missed = Atomics.load(bss.top_k_missed.value, table);
    const newlyMissed = Number(missed - (this.#missed.get(table) ?? 0n));
    this.#missed.set(table, missed);
    return read()
      .map((buffer) => summarize(buffer, epoch, rodata.top_k_seed.value))
      .reduce((all, cpu) => all.merge(cpu))
      .withMissed(newlyMissed);
  }
}

/** What one CPU counted in an epoch. */
function summarize(buffer: top_k_buffer, epoch: bigint, seed: bigint): Summary {
  const sets = buffer.sets.map((set): KeySet => {
    const used = set.epoch === epoch ? set.entries.filter(({ count }) => count > 0n) : [];
    const entries = used.map(({ key, count, error }) => ({
      key,
      atLeast: Number(count - error),
      atMost: Number(count),
    }));
    // While there is a free place, no key was ever replaced.
    const full = entries.length === set.entries.length;
    const others = full ? Math.min(...entries.map(({ atMost }) => atMost)) : 0;
    return { entries: new Map(entries.map((entry) => [entry.key, entry])), others };
  });
  const total = sets.reduce(
    (sum, { entries }) => [...entries.values()].reduce((part, { atMost }) => part + atMost, sum),
    0,
  );
  return new Summary(sets, total, 0, seed);
}
