import { loadAddon } from './load';

/** What a call takes that ends what it began without user code in between; most of it is for compiling what is called first. */
export const SHALLOW = 96 << 10;
/** The same for a call that makes such calls. */
export const DEEP = 128 << 10;

const nothing = (): void => undefined;

/**
 * To be called first by what must not end in the middle: where so many bytes of stack are not left, it fails before
 * anything is done. A stack overflow can come with each call, in `finally` too, so that whoever catches one, as a
 * runaway recursion does, would have an object half loaded, or records that are never given back.
 * @throws RangeError "Maximum call stack size exceeded"
 */
export function ensureStack(bytes: number): void {
  loadAddon().ensureStack(nothing, bytes);
}
