/** The C definition of a struct, union or enum, from its layout: for docstrings and messages. */
import { layoutLines } from './same-layout';
import type { LayoutLine } from './same-layout';
import type { EnumType, StructType } from './layout-model';

export interface DefinitionOptions {
  /** Adds each member's offset and size in bytes as a comment (bits for bitfields), as pahole does. */
  readonly offsets?: boolean | undefined;
  /** One level of indentation. Default: two spaces. */
  readonly indent?: string | undefined;
}

/**
 * `struct request { … };` over several lines, without a final newline. A type that only a typedef names is
 * written `typedef struct { … } request_t;`.
 */
export function formatDefinition(type: StructType | EnumType, options: DefinitionOptions = {}): string {
  const { indent = '  ' } = options;
  const lines = type.kind === 'enum' ? enumLines(type) : layoutLines(type, false);
  const texts = lines.map((line) => indent.repeat(line.depth + 1) + line.text + terminator(type, line));
  const width = texts.reduce((most, text) => Math.max(most, text.length), 0);
  const body = texts.map((text, index) => {
    const line = lines[index];
    return options.offsets === true && line !== undefined && line.bitOffset !== undefined
      ? `${text.padEnd(width)} /* ${position(line)} */`
      : text;
  });
  const [head, tail] = headAndTail(type);
  return body.length === 0 ? `${head} {${tail}` : [`${head} {`, ...body, tail].join('\n');
}

function headAndTail(type: StructType | EnumType): [head: string, tail: string] {
  if (type.spelling === '') return [type.kind, '}'];
  if (type.spelling.startsWith(`${type.kind} `)) return [type.spelling, '};'];
  return [`typedef ${type.kind}`, `} ${type.spelling};`];
}

function enumLines(type: EnumType): LayoutLine[] {
  return type.constants.map(({ name, value }) => ({ depth: 0, text: `${name} = ${String(value)}` }));
}

function terminator(type: StructType | EnumType, line: LayoutLine): string {
  if (type.kind === 'enum') return ',';
  return line.text.endsWith('{') ? '' : ';';
}

/** '8 4' (offset and size in bytes), '8:3 5' for five bits from bit 3 of byte 8. */
export function position({ bitOffset = 0, bits = 0, isBitfield = false }: LayoutLine): string {
  const byte = Math.floor(bitOffset / 8);
  return isBitfield
    ? `${String(byte)}:${String(bitOffset % 8)} ${String(bits)}`
    : `${String(byte)} ${String(bits / 8)}`;
}
