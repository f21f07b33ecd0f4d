/** Field by field: the building blocks of validate.ts. */
import { DescriptorError } from '../../errors';
import { shown } from '../../util/shown';
import { alternatives } from '../../util/suggest';

type FieldKind =
  | 'string'
  | 'name'
  | 'flag'
  | 'size'
  | 'u32'
  | 'strings'
  | 'array'
  | 'object'
  | 'type'
  | 'any'
  | readonly string[];

interface FieldRule {
  readonly kind: FieldKind;
  readonly required: boolean;
}

export type FieldRules = Readonly<Record<string, FieldRule>>;

export const required = (kind: FieldKind): FieldRule => ({ kind, required: true });
export const optional = (kind: FieldKind): FieldRule => ({ kind, required: false });

/** Checks references to types; validate-types.ts. */
export interface TypeChecker {
  sizeOf(ref: unknown, path: string): number;
}

export function fields(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(path, 'an object', value);
  return value as Record<string, unknown>;
}

export function items(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrong(path, 'an array', value);
  return value;
}

export function checkFields(
  entry: Readonly<Record<string, unknown>>,
  path: string,
  rules: FieldRules,
  types: TypeChecker,
): void {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  for (const name in entry) {
    if (!Object.hasOwn(rules, name)) {
      throw new DescriptorError(
        at(name),
        `is no field of version 1${alternatives(name, Object.keys(rules))}`,
      );
    }
  }
  for (const name in rules) {
    const rule = rules[name];
    const value = entry[name];
    if (rule === undefined) continue;
    if (value !== undefined) checkField(value, at(name), rule.kind, types);
    else if (rule.required) throw new DescriptorError(at(name), 'is missing');
  }
}

function checkField(value: unknown, path: string, kind: FieldKind, types: TypeChecker): void {
  switch (kind) {
    case 'string':
      if (typeof value !== 'string') throw wrong(path, 'a string', value);
      return;
    case 'name':
      if (typeof value !== 'string' || value === '' || value.includes('\0'))
        throw wrong(path, 'a name', value);
      return;
    case 'flag':
      if (value !== true) throw wrong(path, 'true, or absent', value);
      return;
    case 'size':
      checkInteger(value, path, Number.MAX_SAFE_INTEGER);
      return;
    case 'u32':
      checkInteger(value, path, 0xffffffff);
      return;
    case 'strings':
      for (const [index, item] of items(value, path).entries()) {
        if (typeof item !== 'string') throw wrong(`${path}[${String(index)}]`, 'a string', item);
      }
      return;
    case 'array':
      items(value, path);
      return;
    case 'object':
      fields(value, path);
      return;
    case 'type':
      types.sizeOf(value, path);
      return;
    case 'any':
      return;
    default:
      if (!kind.includes(value as string)) {
        throw wrong(path, kind.map((one) => `'${one}'`).join(' or '), value);
      }
  }
}

export function checkInteger(value: unknown, path: string, max: number): asserts value is number {
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > max) {
    throw wrong(path, `an integer from 0 to ${String(max)}`, value);
  }
}

export function wrong(path: string, expected: string, value: unknown): DescriptorError {
  return new DescriptorError(path, `must be ${expected}, not ${shown(value)}`);
}
