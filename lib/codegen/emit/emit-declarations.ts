/** The type part of a generated module: interfaces for structs and unions, types and constants for enums. */
import type { EnumDescription, StructDescription } from '../../descriptor/types';
import { memberDoc, typeDoc } from './docs';
import { flatMembers, type DeclaredType, type ModuleModel } from '../model/model';
import { expanded, type Literal } from './print-literal';
import { printType, type TypeText } from './print-type';
import { textWidth } from '../../util/text';
import { docComment, memberKey } from './text';
import { INT64, type TypeScriptTypes } from './typescript-types';

/** Whether constants come with their values (.ts), with types only (.d.ts), or alone (.js). */
export type Flavour = 'ts' | 'dts' | 'js';

/** `name: type;` at this indentation. */
export function propertyLine(name: string, type: TypeText, indent: string): string {
  const head = `${indent}${name}:`;
  const text = printType(type, indent, textWidth(head) + 1, 1);
  return `${head}${text.startsWith('\n') ? '' : ' '}${text};\n`;
}

/** `export interface X {` or, where that is too long for a line, with its type parameter or heritage on the next. */
export function interfaceHead(name: string, parameter?: string, base?: string): string {
  if (parameter !== undefined) {
    const line = `export interface ${name}<${parameter}>`;
    return textWidth(line) + 2 <= 80 ? line : `export interface ${name}<\n  ${parameter},\n>`;
  }
  if (base === undefined) return `export interface ${name}`;
  const line = `export interface ${name} extends ${base}`;
  return textWidth(line) + 2 <= 80 ? line : `export interface ${name}\n  extends ${base}`;
}

function structText(
  type: DeclaredType,
  description: StructDescription,
  model: ModuleModel,
  types: TypeScriptTypes,
): string {
  const members = flatMembers(description.members, (ref) => model.describe(ref));
  const lines = members.map((member) => {
    const docs = memberDoc(member);
    const comment = docs.length === 0 ? '' : docComment(docs, '  ');
    return comment + propertyLine(memberKey(member.name ?? ''), types.plain(member.type, INT64), '  ');
  });
  const body = lines.length === 0 ? '{}' : `{\n${lines.join('')}}`;
  const parameter = members.some((member) => types.dependsOnInt64(member.type)) ? types.parameter : undefined;
  return `${docComment(typeDoc(type), '')}${interfaceHead(type.name, parameter)} ${body}\n`;
}

const isWide = (description: EnumDescription): boolean => description.size === 8;

/** The constants as data; 64-bit values are decimal strings in a descriptor. */
function constantsOf(description: EnumDescription): Literal {
  const entries = Object.entries(description.constants).map(([name, value]): [string, Literal] => [
    name,
    isWide(description) ? BigInt(value) : Number(value),
  ]);
  // A null prototype, so that a constant of the name `__proto__` is one like any other.
  const bag: Record<string, Literal> = Object.create(null) as Record<string, Literal>;
  for (const [name, value] of entries) bag[name] = value;
  return bag;
}

function enumConstants(
  type: DeclaredType,
  description: EnumDescription,
  flavour: Flavour,
  prefix: string,
): string {
  const constants = constantsOf(description);
  const doc = docComment(typeDoc(type), '');
  if (flavour === 'dts') {
    const body = expanded(constants, '')
      .replaceAll(/^ {2}(?=\S)/gm, '  readonly ')
      .replaceAll(/,$/gm, ';');
    return `${doc}export declare const ${type.name}: ${body};\n`;
  }
  const head = `${prefix}${type.name} =`;
  const breaks = textWidth(head) + 2 > 80;
  const body = breaks ? `\n  ${expanded(constants, '  ')}` : ` ${expanded(constants, '')}`;
  return `${doc}${head}${body}${flavour === 'ts' ? ' as const' : ''};\n`;
}

function enumType(type: DeclaredType, description: EnumDescription): string {
  const doc = docComment([`A value of ${type.name}; values without a name are possible too.`], '');
  const value = isWide(description) ? 'bigint' : 'number';
  const line = `export type ${type.name} = ${value};`;
  return `${doc}${textWidth(line) <= 80 ? line : `export type ${type.name} =\n  ${value};`}\n`;
}

/** The declarations of one type, without the empty line behind. */
export function typeDeclarations(
  type: DeclaredType,
  model: ModuleModel,
  types: TypeScriptTypes,
  flavour: 'ts' | 'dts',
): string[] {
  const { description } = type;
  if (description.kind !== 'enum') return [structText(type, description, model, types)];
  return [enumConstants(type, description, flavour, 'export const '), enumType(type, description)];
}

/** The constants of an enum in JavaScript. */
export function jsConstants(type: DeclaredType, prefix: string): string[] {
  return type.description.kind === 'enum' ? [enumConstants(type, type.description, 'js', prefix)] : [];
}
