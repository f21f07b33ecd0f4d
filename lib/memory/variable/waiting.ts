/**
 * Waiting for a variable. The kernel tells nobody of a store into a mapped page, so this looks again and again, as
 * often as the caller says; in between the event loop is free.
 */
import { onAbort, ON_ABORT, type OnAbort } from '../../util/abort';
import { checkOptions, checkSignal, refuse } from '../../util/check';
import type { Region } from '../region/region';
import type { ChangesOptions, WaitOptions } from '../types';

/** The variable that is waited for. */
export interface Watched {
  readonly region: Region;
  readonly offset: number;
  readonly size: () => number;
  readonly read: () => unknown;
}

/** setTimeout takes no more. */
const LONGEST = 0x7fff_ffff;

interface Pace {
  readonly interval: number;
  readonly signal: AbortSignal | undefined;
  readonly onAbort: OnAbort;
}

const WAIT = { interval: 'any', signal: 'any' } as const;
const CHANGES = { ...WAIT, onAbort: ON_ABORT } as const;

function paceOf(options: ChangesOptions, operation: string): Pace {
  const { interval = 10, signal, onAbort: whenAborted = 'throw' } = options;
  if (typeof interval !== 'number' || !(interval >= 0) || interval > LONGEST) {
    refuse(`${operation} options.interval`, `milliseconds from 0 to ${LONGEST}`, interval);
  }
  checkSignal(signal, `${operation} options.signal`);
  return { interval, signal, onAbort: whenAborted };
}

/** `variable.waitUntil` */
export async function waitUntil<T>(
  variable: Watched,
  condition: (value: T) => boolean,
  options: WaitOptions = {},
): Promise<T> {
  if (typeof condition !== 'function') refuse('waitUntil condition', 'a function', condition);
  checkOptions<WaitOptions>(options, 'waitUntil options', WAIT);
  const pace = paceOf(options, 'waitUntil');
  for (;;) {
    pace.signal?.throwIfAborted();
    const value = snapshot(variable).value as T;
    if (condition(value)) return value;
    await pause(pace);
  }
}

/** `variable.changes` */
export function changes<T>(
  variable: Watched,
  options: ChangesOptions = {},
): AsyncGenerator<T, void, undefined> {
  // Not in the generator, which begins with the first next(): what changes from now on counts.
  checkOptions<ChangesOptions>(options, 'changes options', CHANGES);
  const pace = paceOf(options, 'changes');
  return changesSince<T>(variable, pace, snapshot(variable).bytes);
}

async function* changesSince<T>(
  variable: Watched,
  pace: Pace,
  seen: Uint8Array,
): AsyncGenerator<T, void, undefined> {
  let last = seen;
  for (;;) {
    if (pace.signal?.aborted === true && pace.onAbort === 'end') return;
    pace.signal?.throwIfAborted();
    if (!same(bytesOf(variable), last)) {
      const { value, bytes } = snapshot(variable);
      last = bytes;
      yield value as T;
    }
    await pause(pace);
  }
}

function bytesOf({ region, offset, size }: Watched): Uint8Array {
  const view = region.reading(offset, size());
  region.checkRange(offset, size());
  return new Uint8Array(view.buffer, view.byteOffset + offset, size()).slice();
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/**
 * The value with the bytes that it was read from, so that the next change is one to that very value. Where the kernel
 * keeps writing in between, it will have changed again by then.
 */
function snapshot(variable: Watched): { readonly value: unknown; readonly bytes: Uint8Array } {
  let bytes = bytesOf(variable);
  let value = variable.read();
  for (let tries = 0; tries < 10; tries++) {
    const after = bytesOf(variable);
    if (same(bytes, after)) break;
    bytes = after;
    value = variable.read();
  }
  return { value, bytes };
}

/** @throws the signal's reason, unless an abort is a plain end: then it resolves at once */
function pause({ interval, signal, onAbort: whenAborted }: Pace): Promise<void> {
  return new Promise((resolve, reject) => {
    let cancel: () => void;
    const aborted = (): void => {
      cancel();
      // What an AbortController's owner gives as reason is what the waiting one gets, as fetch() has it.
      if (whenAborted === 'end') resolve();
      else reject(signal?.reason as Error);
    };
    const done = (): void => {
      forget();
      resolve();
    };
    if (interval === 0) {
      const immediate = setImmediate(done);
      cancel = () => clearImmediate(immediate);
    } else {
      const timer = setTimeout(done, interval);
      cancel = () => clearTimeout(timer);
    }
    const forget = onAbort(signal, aborted);
  });
}
