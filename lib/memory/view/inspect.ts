/** How values show themselves: in JSON, and in console.log and the REPL (util.inspect). */
import { CharArray } from '../../btf/codec/char-array';

/** A plain value for JSON: bigints as decimal strings, char arrays as text, TypedArrays as arrays. */
export function jsonOf(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof CharArray) return value.string;
  if (Array.isArray(value)) return value.map(jsonOf);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as Iterable<number | bigint>, jsonOf);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonOf(item)]));
}

type Inspect = (value: unknown, options: object) => string;

/** `name {…}`; memory that cannot be read says why instead of throwing into console.log. */
export function inspectLive(
  name: string,
  read: () => unknown,
  depth: number,
  options: object,
  inspect: unknown,
): string {
  let value;
  try {
    value = read();
  } catch (error) {
    return `${name} <${(error as Error).message}>`.trimStart();
  }
  if (depth < 0) return `[${name || 'struct'}]`;
  return `${name} ${(inspect as Inspect)(value, { ...options, depth })}`.trimStart();
}
