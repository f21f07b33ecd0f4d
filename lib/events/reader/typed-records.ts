/** What the compiler knows of a map's records in a generated module. */
import type { DecodeOptions } from '../../btf/api/btf-type';
import type { Type } from '../../btf/layout/layout-model';
import type { RecordType } from '../record/record-form';
import type { MapRecords, MapRecordsOptions } from './map-records';

/** What 64-bit integers are read as. */
export type Int64Kind = 'bigint' | 'number';

/** Of three sets of types the one that is meant: of numbers, of bigints, or of what the map was opened with. */
export type ByInt64<B, N, D, I> = I extends 'number' ? N : I extends 'bigint' ? B : D;

/** For the compiler alone. */
declare const known: unique symbol;

/**
 * A map that the compiler knows the structs of, by their C names: `B` is how they are with 64-bit integers as bigints, `N` as
 * numbers, `D` where nothing else is said. `V` is the one that the map's definition names as its value.
 */
export interface KnownRecords<B, N = B, D = B, V = never> {
  readonly [known]?: { readonly bigint: B; readonly number: N; readonly otherwise: D; readonly value: V };
}

/** A map that the compiler knows nothing of. */
export interface UnknownRecords {
  readonly [known]?: undefined;
}

type KnownOf<M> = M extends { readonly [known]?: infer K } ? Exclude<K, undefined> : unknown;

type StructsOf<K, I> = K extends {
  readonly bigint: infer B;
  readonly number: infer N;
  readonly otherwise: infer D;
}
  ? ByInt64<B, N, D, I>
  : never;

type NameOf<K> = keyof StructsOf<K, 'bigint'> &
  keyof StructsOf<K, 'number'> &
  keyof StructsOf<K, undefined> &
  string;

/** What the `type` of a map's records can be: where the structs are known, one of them by its name, or a layout. */
export type RecordTypeOf<M> =
  unknown extends KnownOf<M>
    ? RecordType
    : | NameOf<KnownOf<M>>
      | { readonly tag: string; readonly types: Readonly<Record<string | number, NameOf<KnownOf<M>> | Type>> }
      | Type
      | null;

type StructOf<S, T> = T extends keyof S ? S[T] : unknown;

/** What the records of a map are that are read as `T`, with 64-bit integers as `I` says. */
export type RecordOf<M, T, I> = T extends null
  ? Uint8Array
  : unknown extends KnownOf<M>
    ? unknown
    : T extends undefined
      ? ValueOf<KnownOf<M>, I>
      : T extends { readonly types: infer Types }
        ? StructOf<StructsOf<KnownOf<M>, I>, Types[keyof Types]>
        : StructOf<StructsOf<KnownOf<M>, I>, T>;

type ValueOf<K, I> = K extends { readonly value: infer V }
  ? [V] extends [never]
    ? Uint8Array
    : StructOf<StructsOf<K, I>, V>
  : unknown;

/** What `records()` of a map knows in a generated module. */
export interface TypedRecords<B, N = B, D = B, V = never> extends KnownRecords<B, N, D, V> {
  /** The records of the map, one by one: BpfMap.records(). */
  records<
    const T extends RecordTypeOf<KnownRecords<B, N, D, V>> | undefined = undefined,
    I extends Int64Kind | undefined = undefined,
  >(
    type?: T,
    options?: MapRecordsOptions & { readonly int64?: I },
  ): MapRecords<RecordOf<KnownRecords<B, N, D, V>, T, I>>;
}

/** What `decode()` of a generated module knows. */
export type TypedDecode<B, N = B, D = B> = <
  K extends keyof B & keyof N & keyof D & string,
  I extends Int64Kind | undefined = undefined,
>(
  type: K,
  bytes: Uint8Array,
  options?: DecodeOptions & { readonly int64?: I },
) => ByInt64<B[K], N[K], D[K], I>;
