/** The public types of records and their views. */
import type { RecordBatch } from '../record/record-batch';

type Plain = number | bigint | boolean | undefined | null | ArrayBufferView | readonly unknown[];

/** A record in place, read-only: nested structs are views, arrays are copies. */
export type RecordViewOf<T> = T extends Plain
  ? T
  : T extends object
    ? { readonly [K in keyof T]: RecordViewOf<T[K]> } & Omit<RecordViewMethods<T>, keyof T>
    : T;

export interface RecordViewMethods<T> {
  /** A plain copy, to keep. */
  read(): T;
  /** Plain data for JSON. */
  toJSON(): unknown;
}

/** What a listener of 'records' gets. */
export type Batch<T> = RecordBatch<RecordViewOf<T>, T>;
