/** What the compiler knows of a map's records in a generated module. */
import type { MapRecordsOptions } from './map-records';

/** What 64-bit integers are read as. */
export type Int64Kind = 'bigint' | 'number';

/** Of three sets of types the one that is meant: of numbers, of bigints, or of what the map was opened with. */
export type ByInt64<B, N, D, I> = I extends 'number' ? N : I extends 'bigint' ? B : D;

/**
 * What `records()` of a map knows in a generated module: the module's structs, by their C names. `B` is how they are with
 * 64-bit integers as bigints, `N` as numbers, `D` where the call does not say.
 */
export interface TypedRecords<B, N = B, D = B> {
  /** The records of the map, one by one: BpfMap.records(). */
  records<K extends keyof B & keyof N & keyof D & string, I extends Int64Kind | undefined = undefined>(
    type: K,
    options?: MapRecordsOptions & { readonly int64?: I },
  ): AsyncIterableIterator<ByInt64<B[K], N[K], D[K], I>, undefined>;
  /** By the first member of each: one of the structs. */
  records<
    const T extends Readonly<Record<string | number, keyof B & keyof N & keyof D & string>>,
    I extends Int64Kind | undefined = undefined,
  >(
    type: { readonly tag: string; readonly types: T },
    options?: MapRecordsOptions & { readonly int64?: I },
  ): AsyncIterableIterator<ByInt64<B[T[keyof T]], N[T[keyof T]], D[T[keyof T]], I>, undefined>;
}
