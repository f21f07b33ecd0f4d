import { codecFor, type Codec } from '../btf/codec';
import type { Type } from '../btf/type';
import { checkBoolean, checkInteger, checkString } from '../check';
import { mapTypeName } from '../descriptor/map-types';
import { loadAddon } from '../native/load';
import { failure } from '../native/failure';
import type { NativeMap } from '../native/native-map';
import { bytesCodec, perCpuCodec } from './value-codecs';

/** Flags of bpf_map_update_elem: any (default), only new keys, only existing ones. */
export const BPF_ANY = 0;
export const BPF_NOEXIST = 1;
export const BPF_EXIST = 2;

/** Map types whose values are one a possible CPU: percpu_hash, percpu_array, lru_percpu_hash, percpu_cgroup_storage. */
const PER_CPU: ReadonlySet<number> = new Set([5, 6, 10, 21]);

/** The types of the keys and values of a map, where its BTF says them. */
export interface MapTypes {
  readonly key: Type | undefined;
  readonly value: Type | undefined;
}

/**
 * A BPF map of an object (`struct bpf_map`). Keys and values are decoded by the map's BTF types; where it has none they
 * are Uint8Arrays. Per-CPU maps have arrays of values, one a possible CPU. After the object's close() every use throws
 * ClosedError; before load() every access to elements throws BpfError EBADF.
 */
export class BpfMap<K = unknown, V = unknown> {
  readonly #native: NativeMap;
  readonly #types: () => MapTypes;
  #memory: ElementMemory<K, V> | undefined;
  /** The BPF name; of a section's internal map the name that the kernel sees. bpf_map__name */
  readonly name: string;
  /** The section of an internal map ('.bss'), else undefined. */
  readonly section: string | undefined;

  readonly #int64: 'bigint' | 'number';
  readonly #reused: () => void;

  /** @internal `reused` is called when the map has become another one. */
  constructor(
    native: NativeMap,
    types: () => MapTypes,
    int64: 'bigint' | 'number' = 'bigint',
    reused: () => void = () => undefined,
  ) {
    this.#native = native;
    this.#types = types;
    this.#int64 = int64;
    this.#reused = reused;
    this.name = native.name;
    this.section = native.section === '' ? undefined : native.section;
  }

  /** The kernel's name of the type, lower case: 'hash', 'percpu_array', 'ringbuf'. bpf_map__type */
  get type(): string {
    return mapTypeName(this.#native.type);
  }

  /** Bytes. bpf_map__key_size */
  get keySize(): number {
    return this.#native.keySize;
  }

  /** Bytes; of per-CPU maps one CPU's. bpf_map__value_size */
  get valueSize(): number {
    return this.#native.valueSize;
  }

  /** bpf_map__max_entries; settable before load. */
  get maxEntries(): number {
    return this.#native.maxEntries;
  }
  set maxEntries(n: number) {
    checkInteger(n, 'maxEntries', 0, 0xffff_ffff);
    this.#native.setMaxEntries(n);
  }

  /** The BPF_F_… flags it is made with. bpf_map__map_flags */
  get flags(): number {
    return this.#native.flags;
  }

  /** The map's file descriptor; -1 before load. bpf_map__fd */
  get fd(): number {
    return this.#native.fd;
  }

  /** Whether load() creates it; settable before. bpf_map__set_autocreate */
  get autocreate(): boolean {
    return this.#native.autocreate;
  }
  set autocreate(on: boolean) {
    checkBoolean(on, 'autocreate');
    this.#native.setAutocreate(on);
  }

  /** Whether a skeleton's attach() registers it (struct_ops); settable. bpf_map__set_autoattach, libbpf 1.5 */
  get autoattach(): boolean {
    return this.#native.autoattach;
  }
  set autoattach(on: boolean) {
    checkBoolean(on, 'autoattach');
    this.#native.setAutoattach(on);
  }

  /** @internal The layouts of keys and values, where BTF says them. */
  get types(): MapTypes {
    return this.#types();
  }

  /**
   * The same map with the 64-bit integers of its keys and values as numbers, which decodes faster and throws
   * ValueRangeError where one is not a safe integer; or back as bigints.
   */
  withInt64(int64: 'bigint' | 'number'): BpfMap<K, V> {
    return new BpfMap<K, V>(this.#native, this.#types, int64, this.#reused);
  }

  /** The C names of the key's and value's types; undefined where the map has no BTF. */
  get keyType(): string | undefined {
    return this.#types().key?.spelling;
  }
  get valueType(): string | undefined {
    return this.#types().value?.spelling;
  }

  /** The value, or undefined where the key is not there. bpf_map_lookup_elem */
  get(key: K, flags = 0): V | undefined {
    const memory = this.#elements();
    memory.keyCodec.write(memory.view, 0, key);
    return this.#native.lookup(flags) ? memory.value() : undefined;
  }

  /** Whether the key is there. bpf_map_lookup_elem */
  has(key: K): boolean {
    const memory = this.#elements();
    memory.keyCodec.write(memory.view, 0, key);
    return this.#native.lookup(0);
  }

  /**
   * Stores a value. bpf_map_update_elem
   * @param flags BPF_ANY (default), BPF_NOEXIST (throws EEXIST where the key is there), BPF_EXIST (throws ENOENT where not)
   */
  set(key: K, value: V, flags = BPF_ANY): this {
    const memory = this.#elements();
    memory.keyCodec.write(memory.view, 0, key);
    memory.valueCodec.write(memory.view, memory.valueOffset, value);
    const errno = this.#native.update(flags);
    if (errno !== 0) throw this.#failed('bpf_map_update_elem', errno);
    return this;
  }

  /** Removes the key; false where it was not there. bpf_map_delete_elem */
  delete(key: K): boolean {
    const memory = this.#elements();
    memory.keyCodec.write(memory.view, 0, key);
    return this.#native.delete();
  }

  /** Looks up and deletes in one step. bpf_map_lookup_and_delete_elem; hash maps need kernel 5.14 */
  take(key: K, flags = 0): V | undefined {
    const memory = this.#elements();
    memory.keyCodec.write(memory.view, 0, key);
    return this.#native.lookupAndDelete(flags) ? memory.value() : undefined;
  }

  /**
   * The keys, in the kernel's order. Elements may come and go meanwhile: each key that is there from start to end is
   * given; a deleted one restarts the kernel's walk, so what was given already may come again. bpf_map_get_next_key
   */
  *keys(): Generator<K, void, undefined> {
    const memory = this.#elements();
    const current = new Uint8Array(this.#native.keySize);
    // The next key is asked for before the current one is handed out: the consumer may delete that one.
    let more = this.#native.nextKey(true);
    while (more) {
      const key = memory.key();
      current.set(memory.keyBytes);
      yield key;
      memory.keyBytes.set(current);
      more = this.#native.nextKey(false);
    }
  }

  /** The values of entries(). */
  *values(): Generator<V, void, undefined> {
    for (const [, value] of this.entries()) yield value;
  }

  /** Keys with their values; a key that goes away between the two is left out. */
  *entries(): Generator<[K, V], void, undefined> {
    for (const key of this.keys()) {
      const value = this.get(key);
      if (value !== undefined) yield [key, value];
    }
  }

  [Symbol.iterator](): Generator<[K, V], void, undefined> {
    return this.entries();
  }

  /** A snapshot. Keys that are objects are distinct JavaScript keys each. */
  toMap(): Map<K, V> {
    return new Map(this.entries());
  }

  /**
   * Where load() pins it, or finds it pinned by somebody else and uses that one instead; settable before load, undefined
   * for nowhere. A path in a BPF file system. bpf_map__set_pin_path
   */
  get pinPath(): string | undefined {
    const path = this.#native.pinPath;
    return path === '' ? undefined : path;
  }
  set pinPath(path: string | undefined) {
    if (path !== undefined) checkString(path, 'pinPath');
    this.#native.setPinPath(path ?? '');
  }

  /** Puts it into a BPF file system, by default at its pin path. bpf_map__pin */
  pin(path?: string): void {
    if (path !== undefined) checkString(path, 'path');
    this.#native.pin(path);
  }

  /** bpf_map__unpin */
  unpin(path?: string): void {
    if (path !== undefined) checkString(path, 'path');
    this.#native.unpin(path);
  }

  /**
   * Before load: uses this existing map (by file descriptor) instead of creating one. For a section's map the variables
   * are that map's from here on: what was written to them before is forgotten. bpf_map__reuse_fd
   */
  reuse(fd: number): void {
    checkInteger(fd, 'fd', 0, 0x7fff_ffff);
    this.#native.reuseFd(fd);
    this.#reused();
  }

  /** Makes it read-only for user space, for good. bpf_map_freeze, kernel 5.2 */
  freeze(): void {
    this.#native.freeze();
  }

  #failed(syscall: string, errno: number): Error {
    return failure({ kind: 'bpf', syscall, errno, subject: `map '${this.name}'`, log: '' });
  }

  #elements(): ElementMemory<K, V> {
    this.#memory ??= new ElementMemory<K, V>(this.#native, this.#types(), this.name, this.#int64);
    return this.#memory;
  }
}

/** The scratch memory through which keys and values pass to and from the kernel, with the codecs for both. */
class ElementMemory<K, V> {
  readonly view: DataView;
  readonly keyBytes: Uint8Array;
  readonly valueOffset: number;
  readonly keyCodec: Codec<K>;
  readonly valueCodec: Codec<V>;

  constructor(native: NativeMap, types: MapTypes, name: string, int64: 'bigint' | 'number') {
    this.view = new DataView(native.scratch);
    this.keyBytes = new Uint8Array(native.scratch, 0, native.keySize);
    this.valueOffset = native.scratchValueOffset;
    const typed = <T>(type: Type | undefined, size: number): Codec<T> =>
      // A BTF type of another size than the map's describes something else: bytes are the truth then.
      (type !== undefined && type.size === size ? codecFor(type, { int64 }) : bytesCodec(size)) as Codec<T>;
    this.keyCodec = typed(types.key, native.keySize);
    const value = typed(types.value, native.valueSize);
    this.valueCodec = (
      PER_CPU.has(native.type) ? perCpuCodec(value, loadAddon().possibleCpus(), name) : value
    ) as Codec<V>;
  }

  key(): K {
    return this.keyCodec.read(this.view, 0);
  }

  value(): V {
    return this.valueCodec.read(this.view, this.valueOffset);
  }
}
