/** The arguments of a call, well meant; some of them are then replaced by hostile ones. */
import type { Give } from '../give';

export type Recipe<T = object> = (give: Give, thing: T) => unknown[];
export type Recipes = Readonly<Record<string, Recipe<never>>>;

/** Not by their names: they do what no round may do, or what nobody but the package's own code can reach. */
export const LEFT_OUT: ReadonlySet<string> = new Set([
  // Tested by themselves: the first would blind the judge, the second runs in a child process for a reason.
  'addon.setErrorFactory',
  'addon.link',
  // The kernel's pages, which no JavaScript that we do not own ever sees (lib/native/surface/events.ts).
  'NativeRingBuffer.memory',
]);
