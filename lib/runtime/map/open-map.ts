/** Maps that exist by themselves, without an object: made here, or found by their pin, id or file descriptor. */
import { resolveType } from '../../btf/layout/resolve';
import { RawBtf } from '../../btf/records/record-table';
import { checkedLayout, layoutGiven } from '../../btf/layout/checked-layout';
import type { BtfType } from '../../btf/api/btf-types';
import type { Type } from '../../btf/layout/layout-model';
import { checkInteger, checkOptions, checkString, refuse } from '../../util/check';
import type { OrNewer } from '../../uapi/kind-table';
import { mapTraits, mapTypeName, type MapType } from '../../uapi/map-types';
import { ArgumentError, BpfError } from '../../errors';
import { loadAddon } from '../../native/load/load';
import type { Int64Kind } from '../../events/reader/typed-records';
import type { MapOwner } from '../../events/reader/record-map';
import { needing } from '../../native/failure/needing';
import type { NativeCreateMap, NativeElements } from '../../native/surface/elements';
import { hasCode } from '../../util/has-code';
import { bare } from '../../util/primordials';
import { alternatives } from '../../util/suggest';
import { BPF_F_NO_PREALLOC, BPF_F_NUMA_NODE, BPF_F_RDONLY, BPF_F_WRONLY } from '../../uapi/map-flags';
import { mapBtf, needsBtf, type ElementLayout } from './map-btf';
import type { BpfMap } from './bpf-map';
import { mapTypeOf } from './definition';
import type { Elements } from './elements/elements';
import { MapState, mapStateOf, type MapTypes } from './map-state';
import { scalarNames, scalarType, type ScalarName } from './scalar-types';
import { StandaloneMap } from './standalone-map';

/** A type of keys or values: the layout of one of a Btf, the C name of an integer ('u32', '__u64', 'int'), or a number of bytes. */
export type ElementType = BtfType | Type | OrNewer<ScalarName> | number;

export interface TypedMapOptions {
  /** What the keys are, where the kernel has no BTF of the map, or knows less. */
  readonly key?: BtfType | Type | string | undefined;
  readonly value?: BtfType | Type | string | undefined;
  /** What 64-bit integers in keys and values are; default 'bigint'. */
  readonly int64?: 'bigint' | 'number' | undefined;
}

export interface OpenMapOptions extends TypedMapOptions {
  /** Only what is allowed for is asked of the kernel; default: both. BPF_F_RDONLY, BPF_F_WRONLY, kernel 4.15 */
  readonly access?: 'read' | 'write' | 'both' | undefined;
}

export interface CreateMapOptions {
  /** The kernel's name of the type: 'hash', 'percpu_array', 'array_of_maps'. */
  readonly type: OrNewer<MapType>;
  /** At most 15 characters reach the kernel: letters, digits, '_' and '.'. */
  readonly name?: string | undefined;
  /**
   * Default: none (queues, stacks, bloom filters), 'u32' for maps whose keys are indexes, 'int' for storage of sockets, inodes,
   * tasks and cgroups, whose keys are file descriptors. Key and value types are handed to the kernel as BTF.
   */
  readonly key?: ElementType | undefined;
  /** Default: 'u32' for maps whose values are maps or programs. */
  readonly value?: ElementType | undefined;
  /** Storage has none. */
  readonly maxEntries?: number | undefined;
  /** BPF_F_… flags; BPF_F_NO_PREALLOC is added for LPM tries and storage, which the kernel makes with it only. */
  readonly flags?: number | undefined;
  /** map_extra: of bloom filters the number of hash functions. */
  readonly extra?: number | undefined;
  /** The NUMA node of its memory: BPF_F_NUMA_NODE is added. */
  readonly numaNode?: number | undefined;
  /** Of maps of maps: the template that inner maps have to be like. */
  readonly innerMap?: BpfMap | undefined;
  readonly int64?: 'bigint' | 'number' | undefined;
}

/** What a BpfMap is made of. */
export interface OpenedMap {
  readonly state: MapState;
  readonly int64: Int64Kind;
}

const INT64 = ['bigint', 'number'] as const;
const TYPED = { key: 'any', value: 'any', int64: INT64 } as const;
const OPEN = { ...TYPED, access: ['read', 'write', 'both'] } as const;
const CREATE = {
  ...TYPED,
  type: 'string',
  name: 'string',
  maxEntries: 'integer',
  flags: 'integer',
  extra: 'integer',
  numaNode: 'integer',
  innerMap: 'any',
} as const;

const ACCESS = { read: BPF_F_RDONLY, write: BPF_F_WRONLY, both: 0 } as const;

export function createMap(options: CreateMapOptions): OpenedMap {
  checkOptions<CreateMapOptions>(options, 'options', CREATE);
  const { type, name, extra, numaNode, innerMap, int64 = 'bigint' } = options;
  const number = mapTypeOf(type, 'options.type');
  const { indexed, keyless, holds, storage } = mapTraits(type);
  const otherwise = indexed === true ? 'u32' : storage === true ? 'int' : undefined;
  const key = element(options.key, 'options.key', otherwise, keyless === true);
  const value = element(options.value, 'options.value', holds === undefined ? undefined : 'u32');
  const inner = innerMap === undefined ? undefined : mapStateOf(innerMap, 'options.innerMap').native;
  const definition = {
    type: number,
    name,
    keySize: key.size,
    valueSize: value.size,
    maxEntries: options.maxEntries ?? 0,
    flags:
      (options.flags ?? 0) | impliedFlags(storage === true || type === 'lpm_trie', numaNode !== undefined),
    extra,
    numaNode,
    inner,
  };
  const native = needing({ mapType: type }, () => create(type, definition, key, value));
  const types = { key: key.type, value: value.type };
  return { state: standalone(new StandaloneMap(native, { name }), () => types), int64 };
}

/** The kernel takes some types without preallocation only; it does not look at a NUMA node without the flag. */
function impliedFlags(unallocated: boolean, numaNode: boolean): number {
  return (unallocated ? BPF_F_NO_PREALLOC : 0) | (numaNode ? BPF_F_NUMA_NODE : 0);
}

/** With the BTF of its types. A kernel that refuses it makes the map without where that changes nothing, as libbpf does. */
function create(
  type: string,
  definition: NativeCreateMap,
  key: ElementLayout,
  value: ElementLayout,
): NativeElements {
  const addon = loadAddon();
  const types = mapBtf(type, key, value);
  if (types === undefined) return addon.createMap(bare({ ...definition }));
  const { bytes: btf, keyTypeId: btfKeyTypeId, valueTypeId: btfValueTypeId } = types;
  try {
    return addon.createMap(bare({ ...definition, btf, btfKeyTypeId, btfValueTypeId }));
  } catch (error) {
    if (!(error instanceof BpfError) || needsBtf(type, value.type)) throw error;
    return addon.createMap(bare({ ...definition }));
  }
}

export function pinnedMap(path: string, options: OpenMapOptions): OpenedMap {
  checkString(path, 'path');
  const { access, ...typed } = openOptions(options);
  return opened(loadAddon().openPinnedMap(path, access), typed, 'options', path);
}

export function mapById(id: number, options: OpenMapOptions): OpenedMap {
  checkInteger(id, 'id', 1, 0xffff_ffff);
  const { access, ...typed } = openOptions(options);
  return opened(loadAddon().openMapById(id, access), typed, 'options');
}

/** `name` is that of the options, for messages. */
export function mapOfFd(fd: number, options: TypedMapOptions, name = 'options', owner?: MapOwner): OpenedMap {
  checkInteger(fd, 'fd', 0, 0x7fff_ffff);
  checkOptions<TypedMapOptions>(options, name, TYPED);
  return opened(loadAddon().openMapByFd(fd), options, name, undefined, owner);
}

/** A map of a LoadedObject: by its whole name, typed by the BTF that the kernel keeps with it. */
export function mapOfLoaded(native: NativeElements, name: string, owner: MapOwner): OpenedMap {
  const source = new StandaloneMap(native, { name });
  const types = lazily(() => kernelTypes(native, source, { key: undefined, value: undefined }));
  return { state: standalone(source, types, owner), int64: 'bigint' };
}

/** The inner map behind a key of a map of maps; undefined where there is none. */
export function innerMap<K>(
  outer: Elements<K, unknown, never>,
  key: K,
  options: OpenMapOptions,
): OpenedMap | undefined {
  if (mapTraits(outer.shape.type).holds !== 'maps') throw outer.unsuited('inner()', 'maps of maps');
  for (let last = 0; ;) {
    const id = outer.get(key, 0) as number | undefined;
    // Arrays have all their keys, and 0 for none.
    if (id === undefined || id === 0) return undefined;
    try {
      return mapById(id, options);
    } catch (error) {
      // Another one was put in its place between the two calls: the next lookup finds that.
      if (!hasCode(error, 'ENOENT') || id === last) throw error;
      last = id;
    }
  }
}

/** Looked at once: getters may answer differently each time. */
function openOptions(options: OpenMapOptions): TypedMapOptions & { readonly access: number } {
  checkOptions<OpenMapOptions>(options, 'options', OPEN);
  const { key, value, int64, access = 'both' } = options;
  return { key, value, int64, access: ACCESS[access] };
}

function opened(
  native: NativeElements,
  options: TypedMapOptions,
  name: string,
  pin?: string,
  owner?: MapOwner,
): OpenedMap {
  try {
    const source = new StandaloneMap(native, { pin });
    const { key, value, int64 = 'bigint' } = options;
    const given = {
      key: key === undefined ? undefined : element(key, `${name}.key`).type,
      value: value === undefined ? undefined : element(value, `${name}.value`).type,
    };
    if (mapTraits(mapTypeName(source.type)).recordsOf === undefined) {
      checkSize(given.key, source.keySize, `${name}.key`);
      checkSize(given.value, source.valueSize, `${name}.value`);
    }
    const types = lazily(() => kernelTypes(native, source, given));
    return { state: standalone(source, types, owner), int64 };
  } catch (error) {
    native.close();
    throw error;
  }
}

function standalone(source: StandaloneMap, types: () => MapTypes, owner?: MapOwner): MapState {
  return new MapState({ source, types, definition: undefined, owner, reused: undefined });
}

/** What the caller says, and for the rest the BTF that the kernel keeps with the map. */
function kernelTypes(native: NativeElements, { info, name }: StandaloneMap, given: MapTypes): MapTypes {
  const { btfId, btfKeyTypeId, btfValueTypeId } = info;
  const known = given.key !== undefined && given.value !== undefined;
  if (known || btfId === 0 || (btfKeyTypeId === 0 && btfValueTypeId === 0)) return given;
  const bytes = native.btf();
  if (bytes === null) return given;
  const btf = RawBtf.parse(bytes, `BTF of map '${name}'`);
  // Of a data section the kernel has the DATASEC: a list of variables, and no type of a value.
  const resolve = (id: number): Type | undefined =>
    id === 0 || btf.type(id).kind === 'datasec' ? undefined : resolveType(btf, id);
  return { key: given.key ?? resolve(btfKeyTypeId), value: given.value ?? resolve(btfValueTypeId) };
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function checkSize(type: Type | undefined, size: number, name: string): void {
  if (type === undefined || type.size === size) return;
  throw new ArgumentError(
    `${name}: ${type.spelling} has ${String(type.size)} bytes, the map's have ${String(size)}`,
  );
}

function element(
  given: ElementType | undefined,
  name: string,
  otherwise?: string,
  none = false,
): ElementLayout {
  const wanted = given ?? otherwise ?? (none ? 0 : undefined);
  if (typeof wanted === 'number') {
    checkInteger(wanted, name, 0, 0xffff_ffff);
    return { type: undefined, size: wanted };
  }
  if (typeof wanted === 'string') {
    const type = scalarType(wanted);
    if (type === undefined) {
      throw new ArgumentError(`${name}: no integer type '${wanted}'${alternatives(wanted, scalarNames())}`);
    }
    return { type, size: type.size };
  }
  const layout = layoutGiven(wanted);
  if (layout === undefined) {
    refuse(name, "a type, the name of an integer type ('u32') or a number of bytes", wanted);
  }
  const type = checkedLayout(layout, name);
  checkInteger(type.size, `${name}.size`, 0, 0xffff_ffff);
  return { type, size: type.size };
}
