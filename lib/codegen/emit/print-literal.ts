/**
 * Writes data as an object literal in the very lines that prettier (with its default options) would leave: what
 * fits on a line stays on it, everything else is one property a line.
 */
import { textWidth } from '../../util/text';
import { literalKey, quote } from './text';

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

const WIDTH = 80;

/** prettier never breaks after a key that is shorter than this: the line would hardly get shorter. */
const SHORT_KEY = 5;

interface Entry {
  /** `name: `, '' in arrays. */
  readonly prefix: string;
  readonly node: Node;
}

/** A value made ready: each is looked at once, however deep it lies. */
interface Node {
  /** On one line; undefined where it must not be, or is longer than any line. Scalars always have it. */
  readonly flat: string | undefined;
  readonly width: number;
  readonly kind: 'text' | 'scalar' | 'array' | 'object';
  readonly entries: readonly Entry[];
}

const scalarNode = (text: string, kind: 'text' | 'scalar'): Node => ({
  flat: text,
  width: textWidth(text),
  kind,
  entries: [],
});

const isArray = (value: Literal): value is readonly Literal[] => Array.isArray(value);

function prepare(value: Literal): Node {
  if (typeof value === 'string') return scalarNode(quote(value), 'text');
  if (typeof value === 'bigint') return scalarNode(`${String(value)}n`, 'scalar');
  if (typeof value === 'number' || typeof value === 'boolean') return scalarNode(String(value), 'scalar');
  if (value instanceof Code) return scalarNode(value.text, 'scalar');
  if (isArray(value)) {
    const entries = value.map((item) => ({ prefix: '', node: prepare(item) }));
    return mustBreak(entries) ? broken('array', entries) : joined('array', entries);
  }
  const entries: Entry[] = [];
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) entries.push({ prefix: `${literalKey(key)}: `, node: prepare(item) });
  }
  return joined('object', entries);
}

const broken = (kind: 'array' | 'object', entries: readonly Entry[]): Node => ({
  flat: undefined,
  width: Infinity,
  kind,
  entries,
});

/** prettier puts several objects (or arrays) of several entries on lines of their own, however short. */
function mustBreak(entries: readonly Entry[]): boolean {
  const kind = entries[0]?.node.kind;
  return entries.length > 1 && entries.every(({ node }) => node.kind === kind && node.entries.length > 1);
}

function joined(kind: 'array' | 'object', entries: readonly Entry[]): Node {
  if (entries.length === 0) return { flat: kind === 'array' ? '[]' : '{}', width: 2, kind, entries };
  let width = kind === 'array' ? 0 : 2;
  for (const { prefix, node } of entries) width += textWidth(prefix) + node.width + 2;
  if (width > WIDTH) return broken(kind, entries);
  const text = entries.map(({ prefix, node }) => prefix + (node.flat ?? '')).join(', ');
  return { flat: kind === 'array' ? `[${text}]` : `{ ${text} }`, width, kind, entries };
}

/** One entry a line, the last line at this indentation. */
function expandNode(node: Node, indent: string): string {
  if (node.flat !== undefined && node.entries.length === 0) return node.flat;
  const inner = `${indent}  `;
  if (node.kind === 'array')
    return `[\n${node.entries.map((entry) => element(entry.node, inner)).join('')}${indent}]`;
  return `{\n${node.entries.map((entry) => property(entry, inner)).join('')}${indent}}`;
}

function element(node: Node, indent: string): string {
  const fits = node.flat !== undefined && indent.length + node.width + 1 <= WIDTH;
  return `${indent}${fits ? node.flat : expandNode(node, indent)},\n`;
}

function property({ prefix, node }: Entry, indent: string): string {
  const head = `${indent}${prefix.slice(0, -1)}`;
  return assign(head, node, indent, ',', textWidth(prefix) - 2 >= SHORT_KEY);
}

function assign(head: string, node: Node, indent: string, end: string, breakable: boolean): string {
  const taken = textWidth(head) + 1;
  const inner = `${indent}  `;
  if (node.flat !== undefined && (taken + node.width + end.length <= WIDTH || node.kind === 'scalar')) {
    return `${head} ${node.flat}${end}\n`;
  }
  if (node.kind === 'text') return `${head}${breakable ? `\n${inner}` : ' '}${node.flat ?? ''}${end}\n`;
  // Of an object only the opening bracket must fit.
  if (breakable && taken + 1 > WIDTH) return `${head}\n${inner}${place(node, inner, end.length)}${end}\n`;
  return `${head} ${expandNode(node, indent)}${end}\n`;
}

/** The value at the beginning of a line. */
const place = (node: Node, indent: string, after: number): string =>
  node.flat !== undefined && indent.length + node.width + after <= WIDTH
    ? node.flat
    : expandNode(node, indent);

/**
 * `head value` and, behind it, `end`: with a line break and deeper where the value begins past the end of the line,
 * and where breaking shortens the line.
 */
export const assignment = (head: string, value: Literal, indent: string, end: string): string =>
  assign(head, prepare(value), indent, end, true);

/** An object or array with one entry a line, its last line at this indentation. */
export const expanded = (value: Literal, indent: string): string => expandNode(prepare(value), indent);

/** The value at the beginning of a line, with `after` columns to be left behind it. */
export const printLiteral = (value: Literal, indent: string, after: number): string =>
  place(prepare(value), indent, after);
