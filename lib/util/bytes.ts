/**
 * Byte arrays. Those that users give are asked by what they are, not by what they say of themselves: `instanceof`, `length` and
 * Symbol.toStringTag are the user's, and a getter that runs between two steps of ours would change the second.
 */
import { types } from 'node:util';

export { lengthOf } from './primordials';

/** A Uint8Array of any realm, and of any class that extends it; no Proxy of one, which the addon could not read. */
export function isByteArray(value: unknown): value is Uint8Array {
  return types.isUint8Array(value);
}

/** A view of the same memory. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
