/** Data from outside as data of our own, for what is checked first and read again later. */
import { setOwn } from './own-property';

/**
 * A copy of objects and arrays, frozen through and through, of what `for in` lists; each property is read once. What is
 * referred to twice, or by itself, is so in the copy. Everything else is taken as it is.
 * @param most objects and elements of arrays: getters could make new ones without end
 * @param fail makes the error for more of them, or for more than `deepest` levels
 */
export function plainCopy(
  value: unknown,
  most: number,
  deepest: number,
  fail: (problem: string) => Error,
): unknown {
  const copies = new Map<object, object>();
  let count = 0;
  const copyOf = (given: unknown, depth: number): unknown => {
    if (typeof given !== 'object' || given === null) return given;
    const known = copies.get(given);
    if (known !== undefined) return known;
    if (depth > deepest) throw fail(`is nested more than ${String(deepest)} deep`);
    const { length } = Array.isArray(given) ? (given as readonly unknown[]) : { length: 0 };
    count += 1 + length;
    if (count > most) throw fail(`has more than ${String(most)} parts`);
    const copy: object = Array.isArray(given) ? [] : {};
    copies.set(given, copy);
    if (Array.isArray(copy)) {
      for (let i = 0; i < length; i++) copy.push(copyOf((given as readonly unknown[])[i], depth + 1));
    } else {
      for (const key in given) {
        setOwn(
          copy as Record<string, unknown>,
          key,
          copyOf((given as Record<string, unknown>)[key], depth + 1),
        );
      }
    }
    return Object.freeze(copy);
  };
  return copyOf(value, 0);
}
