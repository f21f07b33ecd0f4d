/**
 * Writes data as an object literal in the very lines that prettier (with its default options) would leave: what
 * fits on a line stays on it, everything else is one property a line.
 */
import { literalKey, quote, textWidth } from './text';

/** A piece of code inside data, printed as it is: `__filename`. */
export class Code {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Literal =
  | string
  | number
  | bigint
  | boolean
  | Code
  | readonly Literal[]
  | { readonly [key: string]: Literal | undefined };

type Bag = Readonly<Record<string, Literal | undefined>>;

const WIDTH = 80;

/** prettier never breaks after a key that is shorter than this: the line would hardly get shorter. */
const SHORT_KEY = 5;

const isArray = (value: Literal): value is readonly Literal[] => Array.isArray(value);

const entriesOf = (value: Bag): [string, Literal][] =>
  Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : [[key, item] as [string, Literal]],
  );

function scalar(value: Literal): string | undefined {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'bigint') return `${String(value)}n`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value instanceof Code ? value.text : undefined;
}

const sizeOf = (value: Literal): number =>
  scalar(value) !== undefined ? -1 : isArray(value) ? value.length : entriesOf(value as Bag).length;

/** prettier puts several objects (or arrays) of several entries on lines of their own, however short. */
const mustBreak = (value: readonly Literal[]): boolean =>
  value.length > 1 &&
  value.every((item) => sizeOf(item) > 1 && isArray(item) === isArray(value[0] as Literal));

/** The value on one line of at most `room` columns; undefined where it cannot be. */
function flat(value: Literal, room: number): string | undefined {
  const text = scalar(value);
  if (text !== undefined) return textWidth(text) <= room ? text : undefined;
  if (isArray(value) && mustBreak(value)) return undefined;
  const parts: string[] = [];
  let used = 2;
  const entries: [string, Literal][] = isArray(value)
    ? value.map((item) => ['', item])
    : entriesOf(value as Bag);
  for (const [key, item] of entries) {
    const prefix = key === '' && isArray(value) ? '' : `${literalKey(key)}: `;
    const part = flat(item, room - used - textWidth(prefix));
    if (part === undefined) return undefined;
    parts.push(prefix + part);
    used += textWidth(prefix + part) + 2;
  }
  if (parts.length === 0) return isArray(value) ? '[]' : '{}';
  const line = isArray(value) ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`;
  return textWidth(line) <= room ? line : undefined;
}

/**
 * `head value` and, behind it, `end`: with a line break and deeper where the value begins past the end of the line,
 * and where breaking shortens the line.
 */
export function assignment(
  head: string,
  value: Literal,
  indent: string,
  end: string,
  breakable = true,
): string {
  const room = WIDTH - textWidth(head) - 1 - textWidth(end);
  const text = scalar(value) ?? flat(value, room);
  const inner = `${indent}  `;
  if (text === undefined) {
    // Only the opening bracket must fit.
    return breakable && textWidth(head) + 2 > WIDTH
      ? `${head}\n${inner}${printLiteral(value, inner, inner.length, end.length)}${end}\n`
      : `${head} ${expanded(value, indent)}${end}\n`;
  }
  const breaks = breakable && typeof value === 'string' && textWidth(text) > room;
  return breaks ? `${head}\n${inner}${text}${end}\n` : `${head} ${text}${end}\n`;
}

/** One property with its comma, at this indentation. */
function property(key: string, value: Literal, indent: string): string {
  const name = literalKey(key);
  return assignment(`${indent}${name}:`, value, indent, ',', textWidth(name) >= SHORT_KEY);
}

function element(value: Literal, indent: string): string {
  return `${indent}${flat(value, WIDTH - indent.length - 1) ?? scalar(value) ?? expanded(value, indent)},\n`;
}

/** An object or array with one entry a line, its last line at this indentation. */
export function expanded(value: Literal, indent: string): string {
  const text = scalar(value);
  if (text !== undefined) return text;
  const inner = `${indent}  `;
  if (isArray(value)) return `[\n${value.map((item) => element(item, inner)).join('')}${indent}]`;
  const lines = entriesOf(value as Bag).map(([key, item]) => property(key, item, inner));
  return lines.length === 0 ? '{}' : `{\n${lines.join('')}${indent}}`;
}

/** The value where `column` columns of the line are taken, and `after` columns must stay free behind it. */
export function printLiteral(value: Literal, indent: string, column: number, after: number): string {
  return flat(value, WIDTH - column - after) ?? expanded(value, indent);
}
