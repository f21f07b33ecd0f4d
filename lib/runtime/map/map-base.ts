import { inspect } from 'node:util';
import type { Type } from '../../btf/layout/layout-model';
import { checkInteger, checkString, refuse } from '../../util/check';
import { mapTypeName } from '../../uapi/map-types';
import { ClosedError, UnsupportedError } from '../../errors';
import { ownerOf } from '../../events/reader/record-map';
import { closeAll } from '../../util/closable';
import { loadAddon } from '../../native/load/load';
import type { NativeElements } from '../../native/surface/elements';
import { DefinedMap, sharedOf } from './defined-map';
import type { SharedMap } from './map-source';
import { keepParent } from '../../util/primordials';
import { show } from '../../util/show';

/** The types of the keys and values of a map, where its BTF says them. */
export interface MapTypes {
  readonly key: Type | undefined;
  readonly value: Type | undefined;
}

/** What the kernel says of a map (`struct bpf_map_info`). */
export interface BpfMapInfo {
  /** 'hash', 'percpu_array', … */
  readonly type: string;
  /** For BpfMap.fromId(); also what a lookup in a map of maps gives. */
  readonly id: number;
  /** At most 15 characters. */
  readonly name: string;
  /** Bytes. */
  readonly keySize: number;
  /** Bytes; of per-CPU maps one CPU's. */
  readonly valueSize: number;
  readonly maxEntries: number;
  /** The BPF_F_… flags it was made with. */
  readonly flags: number;
  /** The network interface that it is offloaded to, else 0. */
  readonly ifindex: number;
  readonly netnsDevice: bigint;
  readonly netnsInode: bigint;
  /** The BTF object with its types, 0 for none; the ids of types in it. */
  readonly btfId: number;
  readonly btfKeyTypeId: number;
  readonly btfValueTypeId: number;
  /** Of struct_ops maps: the struct in the kernel's own BTF. */
  readonly btfVmlinuxValueTypeId: number;
  /** Of bloom filters the number of hash functions; of arenas the address. */
  readonly extra: bigint;
}

/** The map that the kernel has behind a BpfMap. @throws NotLoadedError, ClosedError */
export function nativeElementsOf(value: unknown, name: string): NativeElements {
  if (!(value instanceof MapBase)) refuse(name, 'a BpfMap', value);
  return sharedOf(value).native;
}

/** What is done with the whole of a map. */
export abstract class MapBase extends DefinedMap {
  static {
    keepParent(this);
  }

  readonly #shared: SharedMap;
  readonly #types: () => MapTypes;

  constructor(shared: SharedMap, types: () => MapTypes) {
    super(shared);
    this.#shared = shared;
    this.#types = types;
  }

  /** The map's file descriptor; -1 before load, and where load() was not to create the map. bpf_map__fd */
  get fd(): number {
    return this.#shared.source.fd;
  }

  /** @internal The layouts of keys and values, where BTF says them. */
  get types(): MapTypes {
    return this.#types();
  }

  /** The C names of the key's and value's types; undefined where the map has no BTF. */
  get keyType(): string | undefined {
    return this.#types().key?.spelling;
  }
  get valueType(): string | undefined {
    return this.#types().value?.spelling;
  }

  /** What the kernel says of it. bpf_map_get_info_by_fd, kernel 4.13 */
  info(): BpfMapInfo {
    const { type, ...info } = this.#shared.native.info();
    return { type: mapTypeName(type), ...info };
  }

  /** Puts it into a BPF file system, by default at its pin path. bpf_map__pin */
  pin(path?: string): void {
    if (path !== undefined) checkString(path, 'path');
    this.#shared.source.pin(path);
  }

  /** Removes the pin; the map stays as long as somebody has it. bpf_map__unpin */
  unpin(path?: string): void {
    if (path !== undefined) checkString(path, 'path');
    this.#shared.source.unpin(path);
  }

  /**
   * Before load: uses an existing map instead of creating one: a BpfMap, a file descriptor, or the path of a pin. It
   * brings its own maxEntries and flags. For a section's map the variables are that map's from here on: what was written
   * to them before is forgotten. bpf_map__reuse_fd
   * @throws ArgumentError where its type, key size or value size is another one: all differences are named
   */
  reuse(map: MapBase | number | string): void {
    if (typeof map === 'string') {
      checkString(map, 'path');
      const pinned = loadAddon().openPinnedMap(map, 0);
      try {
        this.#shared.reuse(pinned.fd);
      } finally {
        pinned.close();
      }
    } else if (typeof map === 'object') {
      this.#shared.reuse(nativeElementsOf(map, 'map').fd);
    } else {
      checkInteger(map, 'fd', 0, 0x7fff_ffff);
      this.#shared.reuse(map);
    }
  }

  /**
   * Before load, of a map of maps: the template that inner maps have to be like (type, sizes, flags; of most types also
   * maxEntries). It replaces the one in the source, and may be closed after this. bpf_map__set_inner_map_fd
   */
  setInnerMap(template: MapBase): void {
    this.#shared.source.setInnerMap(nativeElementsOf(template, 'template'));
  }

  /** Makes it read-only for user space, for good. bpf_map_freeze, kernel 5.2 */
  freeze(): void {
    this.#shared.source.freeze();
  }

  /** Whether it can be used no more: its close() was called, or that of its object. */
  get closed(): boolean {
    try {
      return this.#shared.source.type < 0;
    } catch (error) {
      if (error instanceof ClosedError) return true;
      throw error;
    }
  }

  /**
   * Closes the file descriptor of a map that no object owns (create(), openPinned(), fromId(), fromFd()). Twice is fine.
   * @throws UnsupportedError for a map of an object: that one closes its maps
   */
  close(): void {
    const { source } = this.#shared;
    if (source.close === undefined) {
      throw new UnsupportedError(`map '${this.name}' belongs to its object: close() that`);
    }
    try {
      closeAll(ownerOf(this)?.readers ?? new Set());
    } finally {
      this.#shared.share?.close();
      this.#shared.closeMemory();
      source.close();
    }
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
}
