/** What can be done with any view, whatever its members are called. */
import { jsonOf } from '../view/inspect';
import { atomicOf as atomic } from './atomics';
import { readView as read, writeView as write } from '../view/struct-view';
import type { AtomicMember, AtomicOf, Input, ViewOf } from '../types';

export { ArrayView } from '../view/array-view';
export { StructView } from '../view/struct-view';

/** A plain copy of the struct behind a view: `view.read()`, which a member called `read` hides. */
export function readView<T extends object>(view: ViewOf<T>): T {
  return read(view) as T;
}

/** Stores the members that are given: `view.write(value)`, which a member called `write` hides. */
export function writeView<T extends object>(view: ViewOf<T>, value: Input<T>): void {
  write(view, value);
}

/** Plain data for JSON of a view, a snapshot or a record: bigints as decimal strings, char arrays as text. */
export function toJSON(value: unknown): unknown {
  const own = (value as { toJSON?: unknown } | null)?.toJSON;
  return typeof own === 'function' ? (own.call(value) as unknown) : jsonOf(value);
}

/**
 * The atomic operations of a member of a struct: `atomicOf(stats.bss.last.value, 'count').add(1n)`. Variables have them
 * as `.atomic`, elements of TypedArrays from JavaScript itself: `Atomics.add(array, i, 1n)`.
 * @throws UnsupportedError for what is no integer of 4 or 8 bytes, for bitfields and unaligned members
 */
export function atomicOf<T extends object, K extends AtomicMember<T>>(
  view: ViewOf<T>,
  member: K,
): AtomicOf<T, K> {
  return atomic(view, member) as AtomicOf<T, K>;
}
