/** A key and how much was added to it: at least and at most. */
export interface Entry {
  readonly key: bigint;
  readonly atLeast: number;
  readonly atMost: number;
}

/** One of the first: `certain` if no key that is not among them can have more. */
export interface TopEntry extends Entry {
  readonly certain: boolean;
}

/** What a table knows of the keys of one set: those that it has, and how much any other can have. @internal */
export interface KeySet {
  readonly entries: ReadonlyMap<bigint, Entry>;
  readonly others: number;
}

/** So many keys of each set are kept when summaries are merged. */
const KEPT = 64;

/** What one interval had: of every key what it has at least and at most. It does not change any more. */
export class Summary {
  /** All that was added, whatever the key: exact. */
  readonly total: number;

  /** What was counted without its key. It is in `total`, and in what every key has at most. */
  readonly missed: number;

  readonly #sets: readonly KeySet[];
  readonly #seed: bigint;

  /** @internal */
  constructor(sets: readonly KeySet[], total: number, missed: number, seed: bigint) {
    this.#sets = sets;
    this.total = total;
    this.missed = missed;
    this.#seed = seed;
  }

  /** What a key that entries() does not have has at most: the error bound. 0 if no key was ever replaced. */
  get bound(): number {
    return this.#sets.reduce((most, { others }) => Math.max(most, others), 0) + this.missed;
  }

  /** Every key that is known, those with the largest `atMost` first. */
  entries(): Entry[] {
    return this.#sets
      .flatMap(({ entries }) => [...entries.values()])
      .map(({ key, atLeast, atMost }) => ({ key, atLeast, atMost: atMost + this.missed }))
      .sort((a, b) => b.atMost - a.atMost || b.atLeast - a.atLeast || (a.key < b.key ? -1 : 1));
  }

  /**
   * The `n` keys with the largest `atMost`. A `certain` one belongs to the true first n: it has at least as much as any key that is left out has
   * at most.
   */
  top(n: number): TopEntry[] {
    const entries = this.entries();
    const excluded = Math.max(entries[n]?.atMost ?? 0, this.bound);
    return entries.slice(0, n).map((entry) => ({ ...entry, certain: entry.atLeast >= excluded }));
  }

  /** What is known of one key, whether it has a place or not. */
  get(key: bigint): Entry {
    const entry = this.#sets.map(({ entries }) => entries.get(key)).find((found) => found !== undefined);
    if (entry === undefined) return { key, atLeast: 0, atMost: this.bound };
    return { ...entry, atMost: entry.atMost + this.missed };
  }

  /**
   * This and the other one, of another interval of a table of the same object, together; errors add up. At most 4096 keys are kept.
   *
   * @throws TypeError if the other one is of another object
   */
  merge(other: Summary): Summary {
    if (other.#seed !== this.#seed || other.#sets.length !== this.#sets.length)
      throw new TypeError(
        'summaries of different objects cannot be merged: their keys are divided differently',
      );
    const sets = this.#sets.map((set, index) => mergeSets(set, other.#sets[index] ?? set));
    return new Summary(sets, this.total + other.total, this.missed + other.missed, this.#seed);
  }

  /** @internal */
  withMissed(weight: number): Summary {
    return new Summary(this.#sets, this.total + weight, this.missed + weight, this.#seed);
  }
}

/** A key that only one of them has may be among the others of the other one. */
function mergeSets(a: KeySet, b: KeySet): KeySet {
  const merged = [...new Set([...a.entries.keys(), ...b.entries.keys()])]
    .map((key) => {
      const [left, right] = [a.entries.get(key), b.entries.get(key)];
      return {
        key,
        atLeast: (left?.atLeast ?? 0) + (right?.atLeast ?? 0),
        atMost: (left?.atMost ?? a.others) + (right?.atMost ?? b.others),
      };
    })
    .sort((left, right) => right.atMost - left.atMost);
  const kept = merged.slice(0, KEPT);
  return {
    entries: new Map(kept.map((entry) => [entry.key, entry])),
    others: Math.max(a.others + b.others, merged[KEPT]?.atMost ?? 0),
  };
}
