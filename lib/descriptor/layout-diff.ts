/** Two layouts side by side, as a unified diff. */
import { position } from '../btf/layout/definition';
import { elementOf, layoutLines } from '../btf/layout/same-layout';
import type { LayoutLine } from '../btf/layout/same-layout';
import type { StructType, Type } from '../btf/layout/layout-model';

/** Lines that are shown around a change. */
const CONTEXT = 3;
/** Beyond these the picture is cut: the comparison is quadratic. */
const MAX_LINES = 1000;

interface DiffLine {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

/**
 * The two layouts, line by line: what only `expected` has is marked '-', what only `found` has '+'. Each line has the
 * offset and the size in bytes (for bitfields: byte, bit and width). Several lines, without a final newline.
 */
export function formatLayoutDiff(expected: Type, found: Type): string {
  const head = [`--- expected: ${title(expected)}`, `+++ found:    ${title(found)}`];
  const [ours, theirs] = [pictureOf(expected), pictureOf(found)];
  if (ours.length === 0 || theirs.length === 0) return head.join('\n');
  return [...head, ...withContext(diff(ours, theirs))].join('\n');
}

function title(type: Type): string {
  const name = type.spelling === '' ? `${type.kind} without a name` : type.spelling;
  const sign = 'signed' in type && type.kind !== 'enum' ? (type.signed ? 'signed, ' : 'unsigned, ') : '';
  return `${name} (${sign}${String(type.size)} ${type.size === 1 ? 'byte' : 'bytes'})`;
}

function pictureOf(type: Type): string[] {
  const element = elementOf(type);
  if (element.kind === 'struct' || element.kind === 'union') return structLines(element);
  if (element.kind === 'enum')
    return element.constants.map(({ name, value }) => `${name} = ${String(value)}`);
  return [];
}

function structLines(type: StructType): string[] {
  return layoutLines(type, true, MAX_LINES).map(
    (line) => `${columns(line)}  ${'  '.repeat(line.depth)}${line.text}`,
  );
}

/** Offset and size in columns of fixed width: a line that is the same in both layouts must be the same text. */
function columns(line: LayoutLine): string {
  if (line.bitOffset === undefined) return ' '.repeat(12);
  const [offset = '', size = ''] = position(line).split(' ');
  const [byte = '', bit] = offset.split(':');
  return `${byte.padStart(5)}${(bit === undefined ? '' : `:${bit}`).padEnd(3)}${size.padStart(4)}`;
}

/** The shortest edit from one list to the other (longest common subsequence). */
function diff(before: readonly string[], after: readonly string[]): DiffLine[] {
  const common: Uint16Array[] = Array.from(
    { length: before.length + 1 },
    () => new Uint16Array(after.length + 1),
  );
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    const row = common[i];
    for (let j = after.length - 1; row !== undefined && j >= 0; j--) {
      row[j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ mark: ' ', text: before[i++] ?? '' });
      j++;
    } else if (j >= after.length || (i < before.length && at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ mark: '-', text: before[i++] ?? '' });
    } else {
      lines.push({ mark: '+', text: after[j++] ?? '' });
    }
  }
  return lines;
}

/** Changed lines with their surroundings; '…' for what is left out. */
function withContext(lines: readonly DiffLine[]): string[] {
  const shown = new Set<number>();
  for (const [index, line] of lines.entries()) {
    if (line.mark === ' ') continue;
    for (let near = index - CONTEXT; near <= index + CONTEXT; near++) shown.add(near);
  }
  const texts: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (shown.has(index)) texts.push(`${line.mark} ${line.text}`.trimEnd());
    else if (index === 0 || shown.has(index - 1)) texts.push('  …');
  }
  return texts;
}
