/** Argument checks of the public functions: a wrong type is an ArgumentError that names the argument. */
import { isByteArray } from './bytes';
import { ofAnotherCopy } from './copies';
import { shown } from './shown';
import { ArgumentError } from '../errors';

export function refuse(name: string, expected: string, value: unknown): never {
  const foreign = ofAnotherCopy(value);
  if (foreign !== undefined) throw new ArgumentError(`${name} ${foreign}`);
  throw new ArgumentError(`${name} must be ${expected}, not ${shown(value)}`);
}

export function checkString(value: unknown, name: string): asserts value is string {
  if (typeof value !== 'string') refuse(name, 'a string', value);
  if (value.includes('\0')) refuse(name, 'a string without NUL', value);
}

export function checkBoolean(value: unknown, name: string): asserts value is boolean {
  if (typeof value !== 'boolean') refuse(name, 'a boolean', value);
}

export function checkInteger(
  value: unknown,
  name: string,
  min = 0,
  max = Number.MAX_SAFE_INTEGER,
): asserts value is number {
  if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) {
    refuse(name, `an integer from ${String(min)} to ${String(max)}`, value);
  }
}

const MAX_UINT64 = 0xffff_ffff_ffff_ffffn;

/** A number of 64 bits, as bigint or as safe integer. */
export function checkUint64(value: unknown, name: string): bigint {
  if (typeof value === 'bigint' && value >= 0n && value <= MAX_UINT64) return value;
  if (typeof value === 'bigint') refuse(name, 'from 0n to 2n ** 64n - 1n', value);
  checkInteger(value, name);
  return BigInt(value);
}

/** How a member of options is checked, by its type; 'any' for what the caller checks itself. */
type Rule<V> =
  | 'any'
  | ([V] extends [boolean]
      ? 'boolean'
      : [V] extends [string]
        ? 'string' | readonly V[]
        : [V] extends [number]
          ? 'integer'
          : [V] extends [Uint8Array]
            ? 'bytes'
            : never);

/** A rule for each member of the options' interface: one without a rule does not compile. */
export type Shape<T> = { readonly [K in keyof Required<T>]: Rule<Exclude<T[K], undefined>> };

/**
 * The options a caller gave, checked: an object with known keys only (a misspelt option must not be ignored in
 * silence), each by its rule. undefined means "not given". `T`, the interface of the options, has to be named.
 */
export function checkOptions<T extends object = never>(
  options: unknown,
  name: string,
  shape: Shape<NoInfer<T>>,
): void {
  if (typeof options !== 'object' || options === null) refuse(name, 'an object', options);
  const rules: Readonly<Record<string, Rule<string> | Rule<boolean> | Rule<number> | Rule<Uint8Array>>> =
    shape;
  for (const [key, value] of Object.entries(options)) {
    const expected = Object.hasOwn(rules, key) ? rules[key] : undefined;
    const path = `${name}.${key}`;
    if (expected === undefined) {
      throw new ArgumentError(`${path} is not an option; there are: ${Object.keys(rules).join(', ')}`);
    }
    if (value === undefined || expected === 'any') continue;
    if (expected === 'string') checkString(value, path);
    else if (expected === 'boolean') checkBoolean(value, path);
    else if (expected === 'integer') checkInteger(value, path);
    else if (expected === 'bytes') checkBytes(value, path);
    else if (!expected.includes(value as string)) {
      refuse(path, `one of ${expected.map((word) => `'${word}'`).join(', ')}`, value);
    }
  }
}

export function checkBytes(value: unknown, name: string): asserts value is Uint8Array {
  if (!isByteArray(value)) refuse(name, 'a Uint8Array', value);
}

/** Not instanceof: the signal may be of another realm. */
export function checkSignal(
  value: unknown,
  name = 'options.signal',
): asserts value is AbortSignal | undefined {
  if (value === undefined) return;
  const given: Partial<AbortSignal> | null = value;
  if (typeof given?.addEventListener !== 'function') refuse(name, 'an AbortSignal', value);
}
