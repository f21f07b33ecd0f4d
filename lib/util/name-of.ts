import { refuse } from './check';

/**
 * The name of a value of an enum, by the constants that a generated module has for it: `nameOf(color, event.color)`. Of several
 * constants with that value the first; undefined for a value without a name.
 */
export function nameOf<const E extends Readonly<Record<string, number | bigint>>>(
  constants: E,
  value: number | bigint,
): (keyof E & string) | undefined {
  if (typeof constants !== 'object' || (constants as unknown) === null)
    refuse('constants', 'the constants of an enum', constants);
  if (typeof value !== 'number' && typeof value !== 'bigint') refuse('value', 'a number or bigint', value);
  const names: (keyof E & string)[] = Object.keys(constants);
  return names.find((name) => constants[name] === value);
}
