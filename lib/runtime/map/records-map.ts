import type { Int64Kind, TypedRecords } from '../../events/reader/typed-records';
import type { BpfMap } from './bpf-map';

interface Int64OfRecords<B, N, V> {
  /** The same map, whose records have 64-bit integers as bigints or as numbers: BpfMap.withInt64(). */
  withInt64<I extends Int64Kind>(int64: I): RecordsMap<B, N, I extends 'number' ? N : B, V>;
}

/** A ring buffer or perf event array in a generated module. `V` is the struct that its definition names as its value. */
export type RecordsMap<B, N = B, D = B, V = never> = TypedRecords<B, N, D, V> &
  Int64OfRecords<B, N, V> &
  BpfMap<Uint8Array, Uint8Array>;
