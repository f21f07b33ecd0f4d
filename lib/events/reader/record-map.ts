/** What a reader needs of a map, and knows of the object that it belongs to. */
import type { Type } from '../../btf/layout/layout-model';
import type { RawBtf } from '../../btf/records/record-table';
import type { Int64Kind } from './typed-records';
import { refuse } from '../../util/check';
import type { Closable } from '../../util/closable';
import { Internals } from '../../util/internals';
import { NotLoadedError } from '../../errors';

export interface RecordMap {
  readonly name: string;
  /** 'ringbuf', 'perf_event_array', 'user_ringbuf' */
  readonly type: string;
  readonly fd: number;
  /** BPF_F_… */
  readonly flags: number;
}

/** What a map itself says of its records. */
export interface MapFacts {
  /** What the value of its definition is. */
  readonly valueType: () => Type | undefined;
  readonly int64: Int64Kind;
}

/** What stands behind a map. */
export interface MapOwner {
  /** Where the names of types are looked up. @throws UnsupportedError where there is no BTF */
  readonly btf: () => RawBtf;
  /** The same as bytes. */
  readonly btfBytes: () => Uint8Array;
  /** The readers that have to be closed with it. */
  readonly readers: Set<Closable>;
}

const owners = new Internals<RecordMap, MapOwner>();
const facts = new Internals<RecordMap, MapFacts>();

/** Called where maps are made. */
export function ownMap(map: RecordMap, owner: MapOwner | undefined, says: MapFacts): void {
  if (owner !== undefined) owners.keep(map, owner);
  facts.keep(map, says);
}

/** undefined of what is no BpfMap. */
export function factsOf(map: RecordMap): MapFacts | undefined {
  return facts.of(map);
}

export function ownerOf(map: RecordMap): MapOwner | undefined {
  return owners.of(map);
}

export function checkMap(map: unknown): asserts map is RecordMap {
  if (typeof map !== 'object' || map === null || !('fd' in map) || !('name' in map)) {
    refuse('map', 'a BpfMap', map);
  }
}

/** @throws NotLoadedError while the kernel has no such map */
export function descriptorOf({ name, fd }: RecordMap): number {
  if (fd === -1)
    throw new NotLoadedError(
      `map '${name}' is not created yet, or not with its object: load() makes it, unless autocreate is off`,
    );
  return fd;
}
