/** What a reader needs of a map, and knows of the object that it belongs to. */
import type { RawBtf } from '../../btf/records/record-table';
import { refuse } from '../../util/check';
import { NotLoadedError } from '../../errors';

export interface RecordMap {
  readonly name: string;
  /** 'ringbuf', 'perf_event_array', 'user_ringbuf' */
  readonly type: string;
  readonly fd: number;
  /** BPF_F_… */
  readonly flags: number;
}

export interface Closable {
  close(): void;
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

const owners = new WeakMap<RecordMap, MapOwner>();

/** Called by whoever makes maps. Kept apart from them: users could reach a property. */
export function ownMap(map: RecordMap, owner: MapOwner): void {
  owners.set(map, owner);
}

export function ownerOf(map: RecordMap): MapOwner | undefined {
  return owners.get(map);
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

/** All of them, whatever the first ones say to it. */
export function closeAll(readers: Set<Closable>): void {
  const errors: unknown[] = [];
  for (const reader of readers) {
    try {
      reader.close();
    } catch (error) {
      errors.push(error);
    }
  }
  readers.clear();
  if (errors.length > 0) throw errors[0];
}
