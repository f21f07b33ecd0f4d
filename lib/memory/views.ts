/** What can be done with any view, whatever its members are called. */
import { jsonOf } from './inspect';
import { readView as read, writeView as write } from './struct-view';
import type { Input, View } from './types';

export { ArrayView } from './array-view';
export { StructView } from './struct-view';
export { atomicOf } from './atomics';

/** A plain copy of the struct behind a view: `view.read()`, which a member called `read` hides. */
export function readView<T extends object>(view: View<T>): T {
  return read(view) as T;
}

/** Stores the members that are given: `view.write(value)`, which a member called `write` hides. */
export function writeView<T extends object>(view: View<T>, value: Input<T>): void {
  write(view, value);
}

/** Plain data for JSON of a view, a snapshot or a record: bigints as decimal strings, char arrays as text. */
export function toJSON(value: unknown): unknown {
  const own = (value as { toJSON?: unknown } | null)?.toJSON;
  return typeof own === 'function' ? (own.call(value) as unknown) : jsonOf(value);
}
