import { RawBtf } from '../btf/raw-btf';
import { UnsupportedError } from '../errors';
import { mapTraits } from '../descriptor/map-types';
import { mapRecords, type MapRecordsOptions } from '../events/map-records';
import type { RecordType } from '../events/record-form';
import { ownerOf, ownMap } from '../events/record-map';
import { loadAddon } from '../native/load';
import type { ArrayVariable } from '../memory/types';
import type { ElementVariable } from './map-memory';
import type { BatchOptions, BatchReader } from './batch-reader';
import { Elements } from './elements';
import { BPF_ANY } from './map-flags';
import { openSharedMap, shareMap, type MapHandle } from './map-handle';
import { MapBase, sharedOf, type MapTypes } from './map-base';
import { SharedMap, type MapSource } from './map-source';
import {
  createMap,
  mapById,
  mapOfFd,
  pinnedMap,
  type CreateMapOptions,
  type OpenedMap,
  type OpenMapOptions,
  type TypedMapOptions,
} from './open-map';

/** Elements as the kernel gives them. */
export interface RawBatch {
  readonly count: number;
  /** `count` keys, one after the other; overwritten by the next batch. */
  readonly keys: Uint8Array;
  /** `count` values; of per-CPU maps each is one value a possible CPU, rounded up to 8 bytes. */
  readonly values: Uint8Array;
}

/**
 * A BPF map: of an object (`struct bpf_map`), or one of its own. Keys and values are decoded by the map's BTF types; where
 * it has none they are Uint8Arrays. Per-CPU maps have arrays of values, one a possible CPU. After close(), or its
 * object's, every use throws ClosedError; before load() every access to elements throws NotLoadedError.
 *
 * `In` is what set() takes, where that is not what get() gives: in a map of maps, a BpfMap, of which its id is read.
 */
export class BpfMap<K = unknown, V = unknown, In = V> extends MapBase {
  readonly #int64: 'bigint' | 'number';
  #live: Elements | undefined;

  /** @internal `reused` is called when the map has become another one. */
  constructor(
    source: MapSource | SharedMap,
    types: () => MapTypes,
    int64: 'bigint' | 'number' = 'bigint',
    reused: () => void = () => undefined,
  ) {
    super(source instanceof SharedMap ? source : new SharedMap(source, reused), types);
    this.#int64 = int64;
  }

  /**
   * Makes a map that no object owns. bpf_map_create
   * @throws BpfError EINVAL where the kernel does not take these sizes, flags or name for this type; EPERM
   */
  static create<K = unknown, V = unknown, In = V>(options: CreateMapOptions): BpfMap<K, V, In> {
    return own(createMap(options));
  }

  /** The map that is pinned in a BPF file system, typed by the BTF that the kernel keeps with it. bpf_obj_get */
  static openPinned<K = unknown, V = unknown, In = V>(
    path: string,
    options: OpenMapOptions = {},
  ): BpfMap<K, V, In> {
    return own(pinnedMap(path, options));
  }

  /** The map with this id (`info().id`), of whatever process. bpf_map_get_fd_by_id, kernel 4.13, CAP_SYS_ADMIN */
  static fromId<K = unknown, V = unknown, In = V>(
    id: number,
    options: OpenMapOptions = {},
  ): BpfMap<K, V, In> {
    return own(mapById(id, options));
  }

  /** The map behind a file descriptor, which is duplicated: it stays yours to close. */
  static fromFd<K = unknown, V = unknown, In = V>(
    fd: number,
    options: TypedMapOptions = {},
  ): BpfMap<K, V, In> {
    return own(mapOfFd(fd, options));
  }

  /**
   * The map that another thread of this process has shared, with its types; yours to close.
   * @throws ClosedError where it was closed there, or the handle is of another process
   */
  static openShared<K = unknown, V = unknown, In = V>(handle: MapHandle): BpfMap<K, V, In> {
    const map = own<K, V, In>(openSharedMap(handle));
    const { btf } = handle;
    if (btf !== undefined) {
      const parse = (): RawBtf => RawBtf.parse(btf, `BTF of the object of map '${map.name}'`);
      ownMap(map, { btf: parse, btfBytes: () => btf, readers: new Set() });
    }
    return map;
  }

  /**
   * A handle for other threads, once the kernel has the map: plain data to post to a worker, where BpfMap.openShared(handle)
   * gives the same map. Good until this map, or its object, is closed.
   */
  share(): MapHandle {
    return shareMap(this, this.#int64);
  }

  /**
   * The same map with the 64-bit integers of its keys and values as numbers, which decodes faster and throws
   * ValueRangeError where one is not a safe integer; or back as bigints.
   */
  withInt64(int64: 'bigint' | 'number'): BpfMap<K, V, In> {
    const map = new BpfMap<K, V, In>(sharedOf(this), () => this.types, int64);
    const owner = ownerOf(this);
    if (owner !== undefined) ownMap(map, owner);
    return map;
  }

  /** The value, or undefined where the key is not there. bpf_map_lookup_elem */
  get(key: K, flags = 0): V | undefined {
    return this.#elements().get(key, flags) as V | undefined;
  }

  /** Whether the key is there. bpf_map_lookup_elem */
  has(key: K): boolean {
    return this.#elements().has(key);
  }

  /**
   * Stores a value, whole. bpf_map_update_elem
   * @param flags BPF_ANY (default), BPF_NOEXIST (throws EEXIST where the key is there), BPF_EXIST (throws ENOENT where not),
   *   plus BPF_F_LOCK for a value with a spin lock
   */
  set(key: K, value: In, flags = BPF_ANY): this {
    this.#elements().set(key, value, flags);
    return this;
  }

  /** Removes the key; false where it was not there. bpf_map_delete_elem */
  delete(key: K): boolean {
    return this.#elements().delete(key);
  }

  /** Looks up and deletes in one step. bpf_map_lookup_and_delete_elem; hash maps need kernel 5.14 */
  take(key: K, flags = 0): V | undefined {
    return this.#elements().take(key, flags) as V | undefined;
  }

  /** Of per-CPU maps: stores the same value for every possible CPU. bpf_map_update_elem */
  setOnAllCpus(key: K, value: V extends readonly (infer Each)[] ? Each : never, flags = BPF_ANY): this {
    if (mapTraits(this.type).perCpu !== true) this.#unsuited('setOnAllCpus()', 'per-CPU maps');
    const cpus = Array.from({ length: loadAddon().possibleCpus() }, () => value);
    this.#elements().set(key, cpus, flags);
    return this;
  }

  /**
   * Of queues and stacks: adds a value; of bloom filters: adds it to what mayContain() tells. bpf_map_update_elem
   * @param flags BPF_EXIST: a full queue or stack loses its oldest value instead of throwing E2BIG
   */
  push(value: In, flags = BPF_ANY): this {
    if (mapTraits(this.type).keyless !== true) this.#unsuited('push()', 'queues, stacks and bloom filters');
    this.#elements().push(value, flags);
    return this;
  }

  /** Of queues and stacks: the next value, which is removed; undefined where it is empty. bpf_map_lookup_and_delete_elem */
  pop(): V | undefined {
    this.#queueOrStack('pop()');
    return this.#elements().pop() as V | undefined;
  }

  /** Of queues and stacks: the next value, which stays; undefined where it is empty. bpf_map_lookup_elem */
  peek(): V | undefined {
    this.#queueOrStack('peek()');
    return this.#elements().peek() as V | undefined;
  }

  /** Of bloom filters: false if the value has never been pushed, true if it probably has. bpf_map_lookup_elem, kernel 5.16 */
  mayContain(value: In): boolean {
    if (this.type !== 'bloom_filter') this.#unsuited('mayContain()', 'bloom filters');
    return this.#elements().mayContain(value);
  }

  /** Of maps of maps: the inner map, which is yours to close. The id comes from a lookup, the map by fromId(). */
  inner<IK = unknown, IV = unknown>(key: K): BpfMap<IK, IV> | undefined {
    if (mapTraits(this.type).holds !== 'maps') this.#unsuited('inner()', 'maps of maps');
    const id = this.#elements().get(key, 0) as number | undefined;
    return id === undefined ? undefined : BpfMap.fromId<IK, IV>(id);
  }

  /**
   * Of array maps with BPF_F_MMAPABLE: an element as a variable in the map's own memory, like a global of a data section:
   * reading and writing its `value` are no system calls. The same one each time. mmap(2), kernel 5.5
   * @throws UnsupportedError for other maps
   */
  at(index: number): ElementVariable<V> {
    return sharedOf(this)
      .memory(() => this.types.value)
      .at(index) as ElementVariable<V>;
  }

  /**
   * As at(), all elements as one array: of integers `.value` is a TypedArray over the map's memory. Values whose size is no
   * multiple of 8 bytes lie further apart than elements of an array do: UnsupportedError.
   */
  asArray(): ArrayVariable {
    return sharedOf(this)
      .memory(() => this.types.value)
      .whole() as ArrayVariable;
  }

  /** Keys with their values, read some at a time. See `batches()` for what happens when the map changes meanwhile. */
  entries(options: BatchOptions = {}): Generator<[K, V], void, undefined> {
    return this.#elements().entries(options) as Generator<[K, V], void, undefined>;
  }

  /** The keys of entries(). */
  keys(options: BatchOptions = {}): Generator<K, void, undefined> {
    return this.#elements().keys(options) as Generator<K, void, undefined>;
  }

  /** The values of entries(). */
  values(options: BatchOptions = {}): Generator<V, void, undefined> {
    return this.#elements().values(options) as Generator<V, void, undefined>;
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
    yield* this.#batches(this.#elements().reader(options, false), false);
  }

  /** As batches(), undecoded; the arrays are overwritten by the next one. */
  *rawBatches(options: BatchOptions = {}): Generator<RawBatch, void, undefined> {
    const elements = this.#elements();
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
    yield* this.#batches(this.#elements().reader(options, true), true);
  }

  /** Deletes all keys; how many there were. As drain(), undecoded. */
  clear(): number {
    const reader = this.#elements().reader({}, true);
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
    return this.#elements().setMany(entries, flags);
  }

  /** Removes many keys; how many were there. bpf_map_delete_batch, kernel 5.6; else one by one */
  deleteMany(keys: Iterable<K>): number {
    return this.#elements().deleteMany(keys);
  }

  /**
   * The records of a ring buffer or perf event array, one by one, through a reader of its own that lives as long as the
   * iteration. RingBuffer and PerfBuffer can do more.
   * @param type the C name of a struct, or { tag, types }; without it records are Uint8Arrays
   */
  records<R = Record<string, unknown>>(
    type: RecordType,
    options?: MapRecordsOptions,
  ): AsyncIterableIterator<R, undefined>;
  records(type?: undefined, options?: MapRecordsOptions): AsyncIterableIterator<Uint8Array, undefined>;
  records(type?: RecordType, options: MapRecordsOptions = {}): AsyncIterableIterator<unknown, undefined> {
    return mapRecords(this, type, { int64: this.#int64, ...options });
  }

  *#batches(reader: BatchReader, removed: boolean): Generator<[K, V][], void, undefined> {
    const elements = this.#elements();
    for (;;) {
      const batch = elements.batch(reader, removed);
      if (batch === undefined) return;
      yield batch as [K, V][];
    }
  }

  #elements(): Elements {
    const live = this.#live;
    return live !== undefined && live.calls === sharedOf(this).calls ? live : this.#connect();
  }

  #connect(): Elements {
    const calls = sharedOf(this).connect();
    const { type, keySize, valueSize, maxEntries, types } = this;
    const cpus = (): number => loadAddon().possibleCpus();
    const shape = { type, keySize, valueSize, types, int64: this.#int64, cpus };
    this.#live = new Elements(calls, shape, maxEntries);
    return this.#live;
  }

  #queueOrStack(what: string): void {
    const { type } = this;
    if (type !== 'queue' && type !== 'stack') this.#unsuited(what, 'queues and stacks');
  }

  #unsuited(what: string, maps: string): never {
    throw new UnsupportedError(`map '${this.name}' is a ${this.type}: ${what} is for ${maps}`);
  }
}

function own<K, V, In>({ source, types, int64 }: OpenedMap): BpfMap<K, V, In> {
  return new BpfMap<K, V, In>(source, types, int64);
}
