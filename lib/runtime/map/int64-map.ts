import type { BpfMap } from './bpf-map';
import type { Int64Kind } from '../../events/reader/typed-records';

/** Follows withInt64() where the types with bigints and those with numbers are known. */
export interface Int64Variants<B extends BpfMap, N extends BpfMap> {
  /** The same map with its 64-bit integers as bigints or as numbers: BpfMap.withInt64(). */
  withInt64<I extends Int64Kind>(int64: I): Int64Map<B, N, I>;
}

/** A map whose types depend on what 64-bit integers are: `B` with bigints, `N` with numbers, and now as `I` says. */
export type Int64Map<B extends BpfMap, N extends BpfMap, I extends Int64Kind = 'bigint'> = Int64Variants<
  B,
  N
> &
  (I extends 'number' ? N : B);

/** Plain data whose 64-bit integers may be either: of a map that one knows the types of with bigints or with numbers only. */
export type EitherInt64<T> = T extends bigint
  ? bigint | number
  : T extends number | string | boolean | undefined | ArrayBufferView
    ? T
    : T extends readonly (infer E)[]
      ? EitherInt64<E>[]
      : T extends object
        ? { [M in keyof T]: EitherInt64<T[M]> }
        : T;
