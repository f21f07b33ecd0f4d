import { inspect } from 'node:util';
import { mapRecords, type MapRecords, type MapRecordsOptions } from '../../events/reader/map-records';
import type { Int64Kind, UnknownRecords } from '../../events/reader/typed-records';
import { ownMap } from '../../events/reader/record-map';
import type { RecordType } from '../../events/record/record-form';
import type { ArrayVariable } from '../../memory/types';
import { loadAddon } from '../../native/load/load';
import { BPF_ANY } from '../../uapi/map-flags';
import type { OrNewer } from '../../uapi/kind-table';
import { mapTypeName, type MapType } from '../../uapi/map-types';
import { checkBoolean, checkInteger, checkOptions, checkString, checkUint64 } from '../../util/check';
import { checkOurs, OURS } from '../../util/ours';
import { show } from '../../util/show';
import type { CreatedMap } from './created-map';
import { mapTypeOf, numaNodeOf, setNumaNode, setUint32, setValueSize } from './definition';
import type { BatchOptions } from './elements/batch-reader';
import type { Elements } from './elements/elements';
import { deleteMany, setMany } from './elements/store';
import * as walk from './elements/walk';
import type { RawBatch } from './elements/walk';
import type { EitherInt64 } from './int64-map';
import { mapInfo, type MapInfo } from './map-info';
import type { ElementVariable } from './map-memory';
import { keepMapState, mapStateOf, type MapState } from './map-state';
import {
  createMap,
  innerMap,
  mapById,
  mapOfFd,
  pinnedMap,
  type CreateMapOptions,
  type OpenedMap,
  type OpenMapOptions,
  type TypedMapOptions,
} from './open-map';
import { openSharedMap, shareMap, type SharedMapToken } from './shared-map';
import { markCopy } from '../../util/copies';

/**
 * A BPF map: of an object (`struct bpf_map`), or one of its own. Keys and values are decoded by the map's BTF types; where
 * it has none they are Uint8Arrays. Per-CPU maps have arrays of values, one a possible CPU. After close(), or its
 * object's, every use throws ClosedError; before load() every access to elements throws NotLoadedError.
 *
 * What is said to be settable before load is so of a map of an object; afterwards, and of a map of its own, setting throws
 * AlreadyLoadedError. Type, key size, flags, extra and numaNode of prog arrays, maps of maps, struct_ops maps and arenas are
 * the source's to say (UnsupportedError), those of data sections libbpf's (ArgumentError).
 *
 * `In` is what set() takes, where that is not what get() gives: in a map of maps, a BpfMap, of which its id is read.
 */
export class BpfMap<K = unknown, V = unknown, In = V> {
  readonly #state: MapState;
  readonly #int64: Int64Kind;
  #live: Elements<K, V, In> | undefined;
  /** The BPF name; of a section's internal map the name that the kernel sees. bpf_map__name */
  readonly name: string;
  /** The section of an internal map ('.bss'), else undefined. */
  readonly section: string | undefined;

  /** @internal */
  constructor(ours: typeof OURS, state: MapState, int64: Int64Kind = 'bigint') {
    checkOurs(ours, 'BpfMap', 'object.map(), BpfMap.create() and its like give one');
    const { name, definition, owner } = state;
    this.#state = state;
    this.#int64 = int64;
    this.name = name;
    this.section = definition === undefined || definition.section === '' ? undefined : definition.section;
    keepMapState(this, state);
    ownMap(this, owner, { valueType: () => state.types().value, int64 });
  }

  /**
   * Makes a map that no object owns. bpf_map_create
   * @throws BpfError EINVAL where the kernel does not take these sizes, flags or name for this type; EPERM
   */
  static create<const O extends CreateMapOptions>(options: O): CreatedMap<O>;
  static create<K = unknown, V = unknown, In = V>(options: CreateMapOptions): BpfMap<K, V, In>;
  static create(options: CreateMapOptions): BpfMap {
    return made(createMap(options));
  }

  /** The map that is pinned in a BPF file system, typed by the BTF that the kernel keeps with it. bpf_obj_get */
  static openPinned<K = unknown, V = unknown, In = V>(
    path: string,
    options: OpenMapOptions = {},
  ): BpfMap<K, V, In> {
    return made(pinnedMap(path, options));
  }

  /** The map with this id (`info().id`), of whatever process. bpf_map_get_fd_by_id, kernel 4.13, CAP_SYS_ADMIN */
  static fromId<K = unknown, V = unknown, In = V>(
    id: number,
    options: OpenMapOptions = {},
  ): BpfMap<K, V, In> {
    return made(mapById(id, options));
  }

  /** The map behind a file descriptor, which is duplicated: it stays yours to close. */
  static fromFd<K = unknown, V = unknown, In = V>(
    fd: number,
    options: TypedMapOptions = {},
  ): BpfMap<K, V, In> {
    return made(mapOfFd(fd, options));
  }

  /**
   * The map that another thread of this process has shared, with its types; yours to close.
   * @throws ClosedError where it was closed there, or the token is of another process
   */
  static openShared<K = unknown, V = unknown, In = V>(shared: SharedMapToken): BpfMap<K, V, In> {
    return made(openSharedMap(shared));
  }

  /** The kernel's name of the type, lower case: 'hash', 'percpu_array', 'ringbuf'; settable before load. bpf_map__type */
  get type(): OrNewer<MapType> {
    return mapTypeName(this.#state.source.type);
  }
  set type(name: OrNewer<MapType>) {
    const type = mapTypeOf(name, 'type');
    this.#state.define('type').setType(type);
  }

  /** Bytes; 0 for queues, stacks and bloom filters. Settable before load. bpf_map__key_size */
  get keySize(): number {
    return this.#state.source.keySize;
  }
  set keySize(n: number) {
    setUint32(this.#state, 'keySize', n);
  }

  /** Bytes; of per-CPU maps one CPU's. Settable before load; of a data section by its resize(). bpf_map__value_size */
  get valueSize(): number {
    return this.#state.source.valueSize;
  }
  set valueSize(n: number) {
    setValueSize(this.#state, this.section, n);
  }

  /** bpf_map__max_entries; settable before load. */
  get maxEntries(): number {
    return this.#state.source.maxEntries;
  }
  set maxEntries(n: number) {
    setUint32(this.#state, 'maxEntries', n);
  }

  /** The BPF_F_… flags it is made with; settable before load. bpf_map__map_flags */
  get flags(): number {
    return this.#state.source.flags;
  }
  set flags(flags: number) {
    setUint32(this.#state, 'flags', flags);
  }

  /** Of bloom filters the number of hash functions; settable before load. bpf_map__map_extra, kernel 5.16 */
  get extra(): bigint {
    return this.#state.source.extra;
  }
  set extra(extra: bigint) {
    const checked = checkUint64(extra, 'extra');
    this.#state.define('extra').setExtra(checked);
  }

  /**
   * The NUMA node of its memory; settable before load, with BPF_F_NUMA_NODE in `flags`, without which the kernel does not look
   * at it. undefined for any, and for maps that no object owns: the kernel does not tell. bpf_map__numa_node, kernel 4.14
   */
  get numaNode(): number | undefined {
    return numaNodeOf(this.#state);
  }
  set numaNode(node: number | undefined) {
    setNumaNode(this.#state, node);
  }

  /** Whether load() creates it; settable before. bpf_map__set_autocreate */
  get autocreate(): boolean {
    return this.#state.definition?.autocreate ?? true;
  }
  set autocreate(on: boolean) {
    checkBoolean(on, 'autocreate');
    this.#state.define('autocreate').setAutocreate(on);
  }

  /** Whether a skeleton's attach() registers it (struct_ops); settable. bpf_map__set_autoattach, libbpf 1.5 */
  get autoattach(): boolean {
    return this.#state.definition?.autoattach ?? false;
  }
  set autoattach(on: boolean) {
    checkBoolean(on, 'autoattach');
    this.#state.define('autoattach').setAutoattach(on);
  }

  /**
   * Where load() pins it, or finds it pinned by somebody else and uses that one instead; settable before load, undefined
   * for nowhere. A path in a BPF file system. bpf_map__set_pin_path
   */
  get pinPath(): string | undefined {
    const path = this.#state.source.pinPath;
    return path === '' ? undefined : path;
  }
  set pinPath(path: string | undefined) {
    if (path !== undefined) checkString(path, 'pinPath');
    this.#state.define('pinPath').setPinPath(path ?? '');
  }

  /**
   * Before load: uses an existing map instead of creating one: a BpfMap, a file descriptor, or the path of a pin. It
   * brings its own maxEntries and flags. For a section's map the variables are that map's from here on: what was written
   * to them before is forgotten. bpf_map__reuse_fd
   * @throws ArgumentError where its type, key size or value size is another one: all differences are named
   */
  reuse(map: BpfMap | number | string): void {
    if (typeof map === 'object') {
      this.#state.reuse(mapStateOf(map).native.fd);
    } else if (typeof map === 'string') {
      checkString(map, 'path');
      const pinned = loadAddon().openPinnedMap(map, 0);
      try {
        this.#state.reuse(pinned.fd);
      } finally {
        pinned.close();
      }
    } else {
      checkInteger(map, 'fd', 0, 0x7fff_ffff);
      this.#state.reuse(map);
    }
  }

  /**
   * Before load, of a map of maps: the template that inner maps have to be like (type, sizes, flags; of most types also
   * maxEntries). It replaces the one in the source, and may be closed after this. bpf_map__set_inner_map_fd
   */
  setInnerMap(template: BpfMap): void {
    const { native } = mapStateOf(template, 'template');
    this.#state.define('setInnerMap()').setInnerMap(native);
  }

  /** The map's file descriptor; -1 before load, and where load() was not to create the map. bpf_map__fd */
  get fd(): number {
    return this.#state.source.fd;
  }

  /** The C names of the key's and value's types; undefined where the map has no BTF. */
  get keyType(): string | undefined {
    return this.#state.types().key?.spelling;
  }
  get valueType(): string | undefined {
    return this.#state.types().value?.spelling;
  }

  /** What the kernel says of it. bpf_map_get_info_by_fd, kernel 4.13 */
  info(): MapInfo {
    return mapInfo(this.#state.native);
  }

  /** Puts it into a BPF file system, by default at its pin path. bpf_map__pin */
  pin(path?: string): void {
    if (path !== undefined) checkString(path, 'path');
    this.#state.source.pin(path);
  }

  /** Removes the pin; the map stays as long as somebody has it. bpf_map__unpin */
  unpin(path?: string): void {
    if (path !== undefined) checkString(path, 'path');
    this.#state.source.unpin(path);
  }

  /** Makes it read-only for user space, for good. bpf_map_freeze, kernel 5.2 */
  freeze(): void {
    this.#state.source.freeze();
  }

  /** The value, or undefined where the key is not there. bpf_map_lookup_elem */
  get(key: K, flags = 0): V | undefined {
    return this.#elements().get(key, flags);
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
    return this.#elements().take(key, flags);
  }

  /** Of per-CPU maps: stores the same value for every possible CPU. bpf_map_update_elem */
  setOnAllCpus(key: K, value: V extends readonly (infer Each)[] ? Each : never, flags = BPF_ANY): this {
    this.#elements().setOnAllCpus(key, value, flags);
    return this;
  }

  /**
   * Of queues and stacks: adds a value; of bloom filters: adds it to what mayContain() tells. bpf_map_update_elem
   * @param flags BPF_EXIST: a full queue or stack loses its oldest value instead of throwing E2BIG
   */
  push(value: In, flags = BPF_ANY): this {
    this.#elements().push(value, flags);
    return this;
  }

  /** Of queues and stacks: the next value, which is removed; undefined where it is empty. bpf_map_lookup_and_delete_elem */
  pop(): V | undefined {
    return this.#elements().pop();
  }

  /** Of queues and stacks: the next value, which stays; undefined where it is empty. bpf_map_lookup_elem */
  peek(): V | undefined {
    return this.#elements().peek();
  }

  /** Of bloom filters: false if the value has never been pushed, true if it probably has. bpf_map_lookup_elem, kernel 5.16 */
  mayContain(value: In): boolean {
    return this.#elements().mayContain(value);
  }

  /** Keys with their values, read some at a time. See `batches()` for what happens when the map changes meanwhile. */
  entries(options: BatchOptions = {}): Generator<[K, V], void, undefined> {
    return walk.entries(this.#elements(), options);
  }

  /** The keys of entries(). */
  keys(options: BatchOptions = {}): Generator<K, void, undefined> {
    return walk.keys(this.#elements(), options);
  }

  /** The values of entries(). */
  values(options: BatchOptions = {}): Generator<V, void, undefined> {
    return walk.values(this.#elements(), options);
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
    yield* walk.batches(this.#elements(), options, false);
  }

  /** As batches(), undecoded; the arrays are overwritten by the next one. */
  *rawBatches(options: BatchOptions = {}): Generator<RawBatch, void, undefined> {
    yield* walk.rawBatches(this.#elements(), options);
  }

  /**
   * Takes everything out: as batches(), and what is given is deleted in the same step. Leaving the loop leaves the rest
   * in the map. bpf_map_lookup_and_delete_batch (hash maps, kernel 5.6); where there is none, lookup, then delete: what
   * is stored between the two is lost.
   */
  *drain(options: BatchOptions = {}): Generator<[K, V][], void, undefined> {
    yield* walk.batches(this.#elements(), options, true);
  }

  /** Deletes all keys; how many there were. As drain(), undecoded. */
  clear(): number {
    return walk.clear(this.#elements());
  }

  /**
   * Stores many elements; how many there were. bpf_map_update_batch, kernel 5.6; one by one before that, for map types
   * that have no batches, and with BPF_NOEXIST or BPF_EXIST. Where one is refused, by us or by the kernel, those before it
   * are stored, and the error says which it was: "[17]".
   */
  setMany(entries: Iterable<readonly [K, In]>, flags = BPF_ANY): number {
    return setMany(this.#elements(), entries, flags);
  }

  /** Removes many keys; how many were there. bpf_map_delete_batch, kernel 5.6; else one by one */
  deleteMany(keys: Iterable<K>): number {
    return deleteMany(this.#elements(), keys);
  }

  /**
   * Of maps of maps: the inner map, which is yours to close; undefined where there is none. The id comes from a lookup, the
   * map by fromId(), which needs CAP_SYS_ADMIN. Typed by the inner map's BTF, or by the options.
   */
  inner<IK = unknown, IV = unknown>(key: K, options: OpenMapOptions = {}): BpfMap<IK, IV> | undefined {
    const opened = innerMap(this.#elements(), key, options);
    return opened && made(opened);
  }

  /**
   * Of array maps with BPF_F_MMAPABLE: an element as a variable in the map's own memory, like a global of a data section:
   * reading and writing its `value` are no system calls. The same one each time. mmap(2), kernel 5.5
   * @throws UnsupportedError for other maps
   */
  at(index: number): ElementVariable<V> {
    return this.#state.memory.at(index) as ElementVariable<V>;
  }

  /**
   * As at(), all elements as one array: of integers `.value` is a TypedArray over the map's memory. Values whose size is no
   * multiple of 8 bytes lie further apart than elements of an array do: UnsupportedError.
   */
  asArray(): ArrayVariable {
    return this.#state.memory.whole() as ArrayVariable;
  }

  /**
   * The records of a ring buffer or perf event array, one by one, through a reader of its own that lives as long as the
   * iteration. RingBuffer and PerfBuffer can do more.
   * @param type the C name of a struct, or { tag, types }; without it records are what the map's definition says
   * (`__type(value, struct event)`), else Uint8Arrays; null: Uint8Arrays always
   */
  records(
    this: BpfMap<K, V, In> & UnknownRecords,
    type: null,
    options?: MapRecordsOptions,
  ): MapRecords<Uint8Array>;
  records<R = Record<string, unknown>>(
    this: BpfMap<K, V, In> & UnknownRecords,
    type: RecordType,
    options?: MapRecordsOptions,
  ): MapRecords<R>;
  records<R = unknown>(
    this: BpfMap<K, V, In> & UnknownRecords,
    type?: undefined,
    options?: MapRecordsOptions,
  ): MapRecords<R>;
  records(type?: RecordType, options: MapRecordsOptions = {}): MapRecords<unknown> {
    return mapRecords(this, type, { int64: this.#int64, ...options });
  }

  /**
   * The same map with the 64-bit integers of its keys and values as numbers, which decodes faster and throws
   * ValueRangeError where one is not a safe integer; or back as bigints.
   */
  withInt64(int64: 'bigint' | 'number'): BpfMap<EitherInt64<K>, EitherInt64<V>, In> {
    checkOptions<{ readonly int64: 'bigint' | 'number' }>({ int64 }, 'withInt64', {
      int64: ['bigint', 'number'],
    });
    return new BpfMap<EitherInt64<K>, EitherInt64<V>, In>(OURS, this.#state, int64);
  }

  /**
   * A token for other threads, once the kernel has the map: plain data to post to a worker, where BpfMap.openShared(token)
   * gives the same map. Good until this map, or its object, is closed.
   */
  share(): SharedMapToken {
    return shareMap(this.#state, this.#int64);
  }

  /** Whether it can be used no more: its close() was called, or that of its object. */
  get closed(): boolean {
    return this.#state.closed;
  }

  /**
   * Closes the file descriptor of a map that no object owns (create(), openPinned(), fromId(), fromFd()). Safe to call more than once.
   * @throws UnsupportedError for a map of an object: that one closes its maps
   */
  close(): void {
    this.#state.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  [inspect.custom](_depth: number, options: object): string {
    return show(
      'BpfMap',
      {
        name: () => this.name,
        type: () => this.type,
        keyType: () => this.keyType,
        valueType: () => this.valueType,
        keySize: () => this.keySize,
        valueSize: () => this.valueSize,
        maxEntries: () => this.maxEntries,
        closed: () => this.closed,
      },
      options,
    );
  }

  #elements(): Elements<K, V, In> {
    const live = this.#live;
    if (live !== undefined && live.calls === this.#state.calls) return live;
    return (this.#live = this.#state.elements(this.#int64));
  }
}

markCopy(BpfMap);

const made = <K, V, In>({ state, int64 }: OpenedMap): BpfMap<K, V, In> => new BpfMap(OURS, state, int64);
