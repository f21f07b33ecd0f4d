import type { BatchOptions } from './elements/batch-reader';
import { ElementMap, elementsOf } from './element-map';
import type { Elements } from './elements/elements';
import { BPF_ANY } from '../../uapi/map-flags';
import { keepParent } from '../../util/primordials';
import type { MapTypes } from './map-base';
import type { MapSource, SharedMap } from './map-source';

/** Elements as the kernel gives them. */
export interface RawBatch {
  readonly count: number;
  /** `count` keys, one after the other; overwritten by the next batch. */
  readonly keys: Uint8Array;
  /** `count` values; of per-CPU maps each is one value a possible CPU, rounded up to 8 bytes. */
  readonly values: Uint8Array;
}

/** What is done with many elements: walking, storing, deleting. */
export abstract class WalkableMap<K = unknown, V = unknown, In = V> extends ElementMap<K, V, In> {
  static {
    keepParent(this);
  }

  /** @internal Written out: V8 passes the arguments of an implicit one through an iterator, which could be another's. */
  protected constructor(
    source: MapSource | SharedMap,
    types: () => MapTypes,
    int64: 'bigint' | 'number',
    reused?: () => void,
  ) {
    super(source, types, int64, reused);
  }

  /** Keys with their values, read some at a time. See `batches()` for what happens when the map changes meanwhile. */
  entries(options: BatchOptions = {}): Generator<[K, V], void, undefined> {
    return elementsOf(this).entries(options) as Generator<[K, V], void, undefined>;
  }

  /** The keys of entries(). */
  keys(options: BatchOptions = {}): Generator<K, void, undefined> {
    return elementsOf(this).keys(options) as Generator<K, void, undefined>;
  }

  /** The values of entries(). */
  values(options: BatchOptions = {}): Generator<V, void, undefined> {
    return elementsOf(this).values(options) as Generator<V, void, undefined>;
  }

  [Symbol.iterator](): Generator<[K, V], void, undefined> {
    return this.entries();
  }

  /** A snapshot. Keys that are objects are distinct JavaScript keys each. */
  toMap(): Map<K, V> {
    const map = new Map<K, V>();
    for (const batch of this.batches()) for (const [key, value] of batch) map.set(key, value);
    return map;
  }

  /**
   * The elements, in arrays of up to `size`, each read by one system call. bpf_map_lookup_batch, kernel 5.6; key by key
   * before that, and for map types that have no batches.
   *
   * The map may change meanwhile, by the loop itself as well, and any number of walks may go on at once. In a hash map an
   * element that is there from start to end is given exactly once. Where there are no batches, and in an LPM trie, a key
   * that is deleted while the walk stands on it makes the kernel start over: then elements may come again. What is given
   * is as it was when its batch was read.
   */
  *batches(options: BatchOptions = {}): Generator<[K, V][], void, undefined> {
    yield* typedBatches<K, V>(elementsOf(this), options, false);
  }

  /** As batches(), undecoded; the arrays are overwritten by the next one. */
  *rawBatches(options: BatchOptions = {}): Generator<RawBatch, void, undefined> {
    const elements = elementsOf(this);
    const { keySize, valueSize } = elements.calls.layout;
    const reader = elements.reader(options, false);
    for (let count = reader.next(); count > 0; count = reader.next()) {
      const { keys, values } = reader;
      yield {
        count,
        keys: keys.subarray(0, count * keySize),
        values: values.subarray(0, count * valueSize),
      };
    }
  }

  /**
   * Takes everything out: as batches(), and what is given is deleted in the same step. Leaving the loop leaves the rest
   * in the map. bpf_map_lookup_and_delete_batch (hash maps, kernel 5.6); where there is none, lookup, then delete: what
   * is stored between the two is lost.
   */
  *drain(options: BatchOptions = {}): Generator<[K, V][], void, undefined> {
    yield* typedBatches<K, V>(elementsOf(this), options, true);
  }

  /** Deletes all keys; how many there were. As drain(), undecoded. */
  clear(): number {
    const reader = elementsOf(this).reader({}, true);
    let deleted = 0;
    for (let count = reader.next(); count > 0; count = reader.next()) deleted += count;
    return deleted;
  }

  /**
   * Stores many elements; how many there were. bpf_map_update_batch, kernel 5.6; one by one before that, for map types
   * that have no batches, and with BPF_NOEXIST or BPF_EXIST. Where one is refused, by us or by the kernel, those before it
   * are stored, and the error says which it was: "[17]".
   */
  setMany(entries: Iterable<readonly [K, In]>, flags = BPF_ANY): number {
    return elementsOf(this).setMany(entries, flags);
  }

  /** Removes many keys; how many were there. bpf_map_delete_batch, kernel 5.6; else one by one */
  deleteMany(keys: Iterable<K>): number {
    return elementsOf(this).deleteMany(keys);
  }
}

function* typedBatches<K, V>(
  elements: Elements,
  options: BatchOptions,
  remove: boolean,
): Generator<[K, V][], void, undefined> {
  const reader = elements.reader(options, remove);
  for (;;) {
    const batch = elements.batch(reader, remove);
    if (batch === undefined) return;
    yield batch as [K, V][];
  }
}
