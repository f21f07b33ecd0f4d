/** The arguments of a call, well meant; some of them are then replaced by hostile ones. */
import type { Give } from '../give';

export type Recipe<T = object> = (give: Give, thing: T) => unknown[];
export type Recipes = Readonly<Record<string, Recipe<never>>>;

/** Not by their names: they do what no round may do. */
export const LEFT_OUT: ReadonlySet<string> = new Set([
  // Tested by themselves: the first would blind the judge, the second runs in a child process for a reason.
  'addon.setErrorFactory',
  'addon.link',
]);

/** Called, but what they give is not: the kernel's pages, where a write ends the process (test/process/safety/reach.test.ts). */
export const NOT_KEPT: ReadonlySet<string> = new Set(['NativeRingBuffer.memory']);

/** How an iteration is told to end. */
export const aborted = (give: Give): object => ({
  signal: give.perhaps(() => give.signal),
  onAbort: give.perhaps(() => give.pick('throw', 'end')),
});
