/** TypeScript types as prettier would leave them. */
import { textWidth } from '../../util/text';

/** A type that only names something: `number`, `request`, `CharArray`. */
export interface NamedText {
  readonly name: string;
}
/** `BpfMap<number, request>` */
export interface GenericText {
  readonly generic: string;
  readonly args: readonly TypeText[];
}
/** `request[]` */
export interface ArrayText {
  readonly arrayOf: TypeText;
}
/** `BpfLink | undefined` */
export interface UnionText {
  readonly union: readonly TypeText[];
}
export type TypeText = NamedText | GenericText | ArrayText | UnionText;

export const named = (name: string): NamedText => ({ name });
export const generic = (name: string, ...args: TypeText[]): GenericText => ({ generic: name, args });
export const union = (...members: TypeText[]): UnionText => ({ union: members });
export const arrayOf = (element: TypeText): ArrayText => ({ arrayOf: element });

const WIDTH = 80;

export function flatType(type: TypeText): string {
  if ('name' in type) return type.name;
  if ('union' in type) return type.union.map(flatType).join(' | ');
  if ('arrayOf' in type) return `${flatType(type.arrayOf)}[]`;
  return `${type.generic}<${type.args.map(flatType).join(', ')}>`;
}

/** The type at this indentation, where `column` columns of the line are taken and `after` follow it. */
export function printType(type: TypeText, indent: string, column: number, after: number): string {
  const flat = flatType(type);
  if (column + textWidth(flat) + after <= WIDTH || 'name' in type) return flat;
  // A short union goes to the next line as a whole.
  if ('union' in type) return `\n${indent}  ${flat}`;
  if ('arrayOf' in type) return `${printType(type.arrayOf, indent, column, after + 2)}[]`;
  const [only] = type.args;
  // prettier lets a lone simple argument stick out rather than stand alone.
  if (type.args.length === 1 && only !== undefined && 'name' in only) return flat;
  const inner = `${indent}  `;
  const args = type.args.map((arg, i) => {
    const comma = i < type.args.length - 1 ? ',' : '';
    return `${inner}${printType(arg, inner, inner.length, comma.length)}${comma}\n`;
  });
  return `${type.generic}<\n${args.join('')}${indent}>`;
}
