import { checkBoolean, checkInteger, checkString, checkUint64 } from '../../util/check';
import { mapTypeName } from '../../uapi/map-types';
import { ArgumentError } from '../../errors';
import { BPF_F_NUMA_NODE } from '../../uapi/map-flags';
import type { SharedMap } from './map-source';
import { mapTypeOf } from './map-type';

/** Lets the other modules of a map reach what users must not. */
export let sharedOf: (map: DefinedMap) => SharedMap;

/**
 * What a map is, and may be made before its object is loaded. Afterwards, and for maps that no object owns, setting throws
 * AlreadyLoadedError. Type, key size, flags, extra and numaNode of prog arrays, maps of maps, struct_ops maps and arenas are
 * the source's to say (UnsupportedError), those of data sections libbpf's (ArgumentError).
 */
export abstract class DefinedMap {
  readonly #shared: SharedMap;
  /** The BPF name; of a section's internal map the name that the kernel sees. bpf_map__name */
  readonly name: string;
  /** The section of an internal map ('.bss'), else undefined. */
  readonly section: string | undefined;

  static {
    sharedOf = (map) => map.#shared;
  }

  constructor(shared: SharedMap) {
    const { name, section } = shared.source;
    this.#shared = shared;
    this.name = name;
    this.section = section === '' ? undefined : section;
  }

  /** The kernel's name of the type, lower case: 'hash', 'percpu_array', 'ringbuf'; settable before load. bpf_map__type */
  get type(): string {
    return mapTypeName(this.#shared.source.type);
  }
  set type(name: string) {
    this.#shared.source.setType(mapTypeOf(name, 'type'));
  }

  /** Bytes; 0 for queues, stacks and bloom filters. Settable before load. bpf_map__key_size */
  get keySize(): number {
    return this.#shared.source.keySize;
  }
  set keySize(n: number) {
    checkInteger(n, 'keySize', 0, 0xffff_ffff);
    this.#shared.source.setKeySize(n);
  }

  /** Bytes; of per-CPU maps one CPU's. Settable before load; of a data section by its resize(). bpf_map__value_size */
  get valueSize(): number {
    return this.#shared.source.valueSize;
  }
  set valueSize(n: number) {
    checkInteger(n, 'valueSize', 0, 0xffff_ffff);
    // Variables would not be told.
    if (this.section !== undefined)
      throw new ArgumentError(`map '${this.name}' is a data section: resize() that`);
    this.#shared.source.setValueSize(n);
  }

  /** bpf_map__max_entries; settable before load. */
  get maxEntries(): number {
    return this.#shared.source.maxEntries;
  }
  set maxEntries(n: number) {
    checkInteger(n, 'maxEntries', 0, 0xffff_ffff);
    this.#shared.source.setMaxEntries(n);
  }

  /** The BPF_F_… flags it is made with; settable before load. bpf_map__map_flags */
  get flags(): number {
    return this.#shared.source.flags;
  }
  set flags(flags: number) {
    checkInteger(flags, 'flags', 0, 0xffff_ffff);
    this.#shared.source.setFlags(flags);
  }

  /** Of bloom filters the number of hash functions; settable before load. bpf_map__map_extra, kernel 5.16 */
  get extra(): bigint {
    return this.#shared.source.extra;
  }
  set extra(extra: bigint) {
    this.#shared.source.setExtra(checkUint64(extra, 'extra'));
  }

  /**
   * The NUMA node of its memory; settable before load, with BPF_F_NUMA_NODE in `flags`, without which the kernel does not look
   * at it. undefined for any, and for maps that no object owns: the kernel does not tell. bpf_map__numa_node, kernel 4.14
   */
  get numaNode(): number | undefined {
    const { flags, numaNode } = this.#shared.source;
    return (flags & BPF_F_NUMA_NODE) === 0 ? undefined : numaNode;
  }
  set numaNode(node: number | undefined) {
    const { source } = this.#shared;
    if (node !== undefined) checkInteger(node, 'numaNode', 0, 0x7fff_ffff);
    source.setNumaNode(node ?? 0);
    const others = (source.flags & ~BPF_F_NUMA_NODE) >>> 0;
    source.setFlags(node === undefined ? others : (others | BPF_F_NUMA_NODE) >>> 0);
  }

  /** Whether load() creates it; settable before. bpf_map__set_autocreate */
  get autocreate(): boolean {
    return this.#shared.source.autocreate;
  }
  set autocreate(on: boolean) {
    checkBoolean(on, 'autocreate');
    this.#shared.source.setAutocreate(on);
  }

  /** Whether a skeleton's attach() registers it (struct_ops); settable. bpf_map__set_autoattach, libbpf 1.5 */
  get autoattach(): boolean {
    return this.#shared.source.autoattach;
  }
  set autoattach(on: boolean) {
    checkBoolean(on, 'autoattach');
    this.#shared.source.setAutoattach(on);
  }

  /**
   * Where load() pins it, or finds it pinned by somebody else and uses that one instead; settable before load, undefined
   * for nowhere. A path in a BPF file system. bpf_map__set_pin_path
   */
  get pinPath(): string | undefined {
    const path = this.#shared.source.pinPath;
    return path === '' ? undefined : path;
  }
  set pinPath(path: string | undefined) {
    if (path !== undefined) checkString(path, 'pinPath');
    this.#shared.source.setPinPath(path ?? '');
  }
}
