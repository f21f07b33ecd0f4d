import { RawBtf } from '../../btf/records/record-table';
import { checkOptions } from '../../util/check';
import { checkOurs, OURS } from '../../util/ours';
import { keepParent } from '../../util/primordials';
import { mapTraits } from '../../uapi/map-types';
import { BpfError } from '../../errors';
import { mapRecords, type MapRecordsOptions } from '../../events/reader/map-records';
import type { RecordType } from '../../events/record/record-form';
import { ownerOf, ownMap } from '../../events/reader/record-map';
import type { ArrayVariable } from '../../memory/types';
import { elementsOf, int64Of, unsuited } from './element-map';
import type { ElementVariable } from './map-memory';
import { openSharedMap, shareMap, type MapHandle } from './shared-map';
import { sharedOf } from './defined-map';
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
import type { MapTypes } from './map-base';
import type { MapSource, SharedMap } from './map-source';
import { WalkableMap } from './walkable-map';

/**
 * A BPF map: of an object (`struct bpf_map`), or one of its own. Keys and values are decoded by the map's BTF types; where
 * it has none they are Uint8Arrays. Per-CPU maps have arrays of values, one a possible CPU. After close(), or its
 * object's, every use throws ClosedError; before load() every access to elements throws NotLoadedError.
 *
 * `In` is what set() takes, where that is not what get() gives: in a map of maps, a BpfMap, of which its id is read.
 */
export class BpfMap<K = unknown, V = unknown, In = V> extends WalkableMap<K, V, In> {
  static {
    keepParent(this);
  }

  /** @internal `reused` is called when the map has become another one. */
  constructor(
    ours: typeof OURS,
    source: MapSource | SharedMap,
    types: () => MapTypes,
    int64: 'bigint' | 'number',
    reused?: () => void,
  ) {
    checkOurs(ours, 'BpfMap', 'object.map(), BpfMap.create() and its like give one');
    super(source, types, int64, reused);
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
    const opened = openSharedMap(handle);
    const map = own<K, V, In>(opened);
    const { btf } = opened;
    if (btf !== undefined) {
      const parse = (): RawBtf => RawBtf.parse(btf, `BTF of the object of map '${map.name}'`);
      ownMap(map, { btf: parse, btfBytes: () => new Uint8Array(btf), readers: new Set() });
    }
    return map;
  }

  /**
   * A handle for other threads, once the kernel has the map: plain data to post to a worker, where BpfMap.openShared(handle)
   * gives the same map. Good until this map, or its object, is closed.
   */
  share(): MapHandle {
    return shareMap(this, int64Of(this));
  }

  /**
   * The same map with the 64-bit integers of its keys and values as numbers, which decodes faster and throws
   * ValueRangeError where one is not a safe integer; or back as bigints.
   */
  withInt64(int64: 'bigint' | 'number'): BpfMap<K, V, In> {
    checkOptions({ int64 }, 'withInt64', { int64: ['bigint', 'number'] });
    const map = new BpfMap<K, V, In>(OURS, sharedOf(this), () => this.types, int64);
    const owner = ownerOf(this);
    if (owner !== undefined) ownMap(map, owner);
    return map;
  }

  /**
   * Of maps of maps: the inner map, which is yours to close; undefined where there is none. The id comes from a lookup, the
   * map by fromId(), which needs CAP_SYS_ADMIN. Typed by the inner map's BTF, or by the options.
   */
  inner<IK = unknown, IV = unknown>(key: K, options: OpenMapOptions = {}): BpfMap<IK, IV> | undefined {
    if (mapTraits(this.type).holds !== 'maps') throw unsuited(this, 'inner()', 'maps of maps');
    for (let last = 0; ;) {
      const id = elementsOf(this).get(key, 0) as number | undefined;
      // Arrays have all their keys, and 0 for none.
      if (id === undefined || id === 0) return undefined;
      try {
        return BpfMap.fromId<IK, IV>(id, options);
      } catch (error) {
        // Another one was put in its place between the two calls: the next lookup finds that.
        if (!(error instanceof BpfError) || error.code !== 'ENOENT' || id === last) throw error;
        last = id;
      }
    }
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
    return mapRecords(this, type, { int64: int64Of(this), ...options });
  }
}

function own<K, V, In>({ source, types, int64 }: OpenedMap): BpfMap<K, V, In> {
  return new BpfMap<K, V, In>(OURS, source, types, int64);
}
