/** How handles show themselves in console.log and the REPL. */
import { inspect } from 'node:util';

/**
 * `RingBuffer { maps: [ 'events' ], closed: false }`. What cannot be told any more, because something is closed, is left out:
 * showing never throws.
 */
export function show(name: string, fields: Readonly<Record<string, () => unknown>>, options: object): string {
  const values: Record<string, unknown> = {};
  for (const [key, read] of Object.entries(fields)) {
    try {
      const value = read();
      if (value !== undefined) values[key] = value;
    } catch {
      continue;
    }
  }
  return `${name} ${inspect(values, options)}`;
}
