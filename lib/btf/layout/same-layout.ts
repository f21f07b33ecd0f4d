/** What follows from a layout: which integers it can hold, and a line-by-line picture of it. */
import type { Member, StructType, Type } from './layout-model';

/** Whether an integer of `size` bytes can hold the value. */
export function fitsInteger(value: number | bigint, size: number, signed: boolean): boolean {
  const wide = BigInt(value);
  return wide === (signed ? BigInt.asIntN(size * 8, wide) : BigInt.asUintN(size * 8, wide));
}

/** The type of an array's elements, through all dimensions. */
export function elementOf(type: Type): Type {
  let element = type;
  while (element.kind === 'array') element = element.element;
  return element;
}

export interface LayoutLine {
  readonly depth: number;
  /** C text without indentation and semicolon: 'int a', 'struct {', '} point'. */
  readonly text: string;
  /** Bits from the start of the outermost type; absent for closing braces. */
  readonly bitOffset?: number;
  /** Width in bits. */
  readonly bits?: number;
  readonly isBitfield?: boolean;
}

/**
 * One line for each member, also of structs that nothing names; with `expand`, of named structs too. Arrays of
 * structs show their first element. At most `limit` lines.
 */
export function layoutLines(type: StructType, expand: boolean, limit = 10_000): LayoutLine[] {
  const lines: LayoutLine[] = [];
  addMembers(lines, type, 0, 0, expand, limit);
  return lines;
}

function addMembers(
  lines: LayoutLine[],
  type: StructType,
  base: number,
  depth: number,
  expand: boolean,
  limit: number,
): void {
  for (const member of type.members) {
    if (lines.length >= limit) return;
    const bitOffset = base + member.bitOffset;
    const isBitfield = member.bitSize > 0;
    const bits = isBitfield ? member.bitSize : member.type.size * 8;
    const text = declarationOf(member);
    const inner = elementOf(member.type);
    const isStruct = inner.kind === 'struct' || inner.kind === 'union';
    const braces = isStruct && inner.spelling === '' ? bracesOf(text, inner) : undefined;
    if (!isStruct || (braces === undefined && !expand)) {
      lines.push({ depth, text, bitOffset, bits, isBitfield });
      continue;
    }
    const { open, close } = braces ?? { open: `${text} {`, close: '}' };
    lines.push({ depth, text: open, bitOffset, bits });
    addMembers(lines, inner, bitOffset, depth + 1, expand, limit);
    lines.push({ depth, text: close });
  }
}

/** The C declaration; put together where a handwritten descriptor gives none. */
function declarationOf({ declaration, name, type, bitSize }: Member): string {
  if (declaration !== '') return declaration;
  const own = type.spelling === '' ? type.kind : type.spelling;
  return `${own}${name === '' ? '' : ` ${name}`}${bitSize > 0 ? ` : ${String(bitSize)}` : ''}`;
}

/** 'const struct { int a; } points[3]' → 'const struct {' and '} points[3]'. */
function bracesOf(declaration: string, type: StructType): { open: string; close: string } {
  const from = declaration.indexOf('{');
  if (from < 0) return { open: `${type.kind} {`, close: '}' };
  return { open: declaration.slice(0, from + 1), close: declaration.slice(declaration.lastIndexOf('}')) };
}
