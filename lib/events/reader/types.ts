/** The public types of records and their views. */
import type { RecordBatch } from '../record/record-batch';

type Plain = number | bigint | boolean | undefined | null | ArrayBufferView | readonly unknown[];

/** A record in place, read-only: nested structs and arrays of structs are views, other arrays are copies. */
export type RecordViewOf<T> = T extends readonly (infer E)[]
  ? [E] extends [Plain]
    ? T
    : RecordArrayOf<E>
  : T extends Plain
    ? T
    : T extends object
      ? { readonly [K in keyof T]: RecordViewOf<T[K]> } & Omit<RecordViewMethods<T>, keyof T>
      : T;

/** An array of structs in a record in place: nothing is read before an element is. */
export interface RecordArrayOf<E> extends Iterable<RecordViewOf<E>> {
  readonly length: number;
  /** From the end for negative ones. */
  at(i: number): RecordViewOf<E> | undefined;
  /** As at(), more slowly. */
  readonly [i: number]: RecordViewOf<E>;
  /** Plain copies of all elements. */
  read(): E[];
  toJSON(): unknown;
}

export interface RecordViewMethods<T> {
  /** A plain copy, to keep. */
  read(): T;
  /** Plain data for JSON. */
  toJSON(): unknown;
}

/** What a listener of 'records' gets. */
export type Batch<T> = RecordBatch<RecordViewOf<T>, T>;
