/** What an aborted iteration does: it throws the signal's reason, or it ends as it would by itself. */
export const ON_ABORT = ['throw', 'end'] as const;
export type OnAbort = (typeof ON_ABORT)[number];

/**
 * Those who wait for the abort of one signal share one listener: Node.js warns of a leak where a signal has more than ten, and
 * the limit is not ours to raise, because the signal is the user's.
 */
class Shared {
  readonly callbacks = new Set<() => void>();
  readonly listener = (): void => {
    const callbacks = [...this.callbacks];
    this.callbacks.clear();
    const errors: unknown[] = [];
    for (const callback of callbacks) {
      try {
        callback();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  };
}

const shared = new WeakMap<AbortSignal, Shared>();

/** Calls back once when the signal is aborted, unless the function that it answers was called before. */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (signal === undefined) return () => undefined;
  let all = shared.get(signal);
  if (all === undefined) shared.set(signal, (all = new Shared()));
  const { callbacks, listener } = all;
  // The same function twice is two who wait.
  const own = (): void => {
    callback();
  };
  if (callbacks.size === 0) signal.addEventListener('abort', listener, { once: true });
  callbacks.add(own);
  return () => {
    if (callbacks.delete(own) && callbacks.size === 0) signal.removeEventListener('abort', listener);
  };
}
