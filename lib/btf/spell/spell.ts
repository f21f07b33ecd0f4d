/**
 * C declarations from BTF, as a programmer would write them: `int (*handler)(struct sock *, int)`,
 * `volatile __u64 requests`, `const char *const names[4]`.
 *
 * What nothing names is written out on one line (`struct { int a; long b; }`), or, where that would be long, as
 * `struct { 40 members }` in a comment. Type tags get the names that the kernel's headers give them:
 * `struct task_struct __kptr *task` for the tag "kptr"; tags that make no identifier are written as attributes.
 */
import { MAX_DEPTH } from '../limits';
import type { RawBtf } from '../records/record-table';
import type {
  RawEnum,
  RawEnumerator,
  RawPrototype,
  RawReference,
  RawStruct,
  RawType,
  RawTypeTag,
} from '../records/records';

/** An anonymous struct or a prototype longer than this is abbreviated. */
const MAX_INLINE = 2000;
const MAX_TEXT = 16_384;

/** A declaration is `specifier left NAME right`: 'int' '(*' NAME ')(void)'. */
interface Parts {
  readonly specifier: string;
  readonly left: string;
  readonly right: string;
  /** An array or a function: its brackets bind tighter than a star, which then needs parentheses. */
  readonly binds?: 'array' | 'function';
}

/** What differs between the C of messages, of casts and of header files. */
export interface Style {
  /** Characters of one declaration. */
  readonly maxText: number;
  /** Whether texts may be kept: not where an enum's constants must be written only once. */
  readonly memo: boolean;
  /** const, volatile, restrict and type tags, or none of them. */
  readonly qualifiers: boolean;
  /** What stands in the brackets of arrays without a length. */
  readonly noLength: '' | '0';
  typedefName(type: RawReference<'typedef'>): string;
  composite(type: RawStruct, declare: (id: number, name: string) => string): string;
  enumeration(type: RawEnum): string;
  tag(text: string): string;
}

/** Texts share their parts, so formatting all types of a BTF is linear in its size. */
export class Formatter {
  readonly #btf: RawBtf;
  readonly #style: Style;
  readonly #memo = new Map<number, Parts>();
  readonly #open = new Set<number>();
  readonly #declare = (id: number, name: string): string => this.declaration(id, name);

  constructor(btf: RawBtf, style: Style) {
    this.#btf = btf;
    this.#style = style;
  }

  declaration(id: number, name: string): string {
    const { specifier, left, right } = this.#parts(id);
    const declarator = joined(left, name) + right;
    if (declarator === '') return specifier;
    return declarator.startsWith('[') ? specifier + declarator : `${specifier} ${declarator}`;
  }

  #parts(id: number): Parts {
    const known = this.#memo.get(id);
    if (known !== undefined) return known;
    if (this.#open.has(id)) throw this.#btf.error(id, 'refers to itself without a name in between');
    if (this.#open.size >= MAX_DEPTH)
      throw this.#btf.error(id, `is nested in more than ${String(MAX_DEPTH)} types`);
    this.#open.add(id);
    let parts;
    try {
      parts = this.#make(this.#btf.type(id));
    } finally {
      this.#open.delete(id);
    }
    const { maxText, memo } = this.#style;
    if (parts.specifier.length + parts.left.length + parts.right.length > maxText) {
      throw this.#btf.error(id, `its declaration is longer than ${String(maxText)} characters`);
    }
    if (memo) this.#memo.set(id, parts);
    return parts;
  }

  #make(type: RawType): Parts {
    switch (type.kind) {
      case 'void':
      case 'int':
      case 'float':
        return plain(type.name);
      case 'typedef':
        return plain(this.#style.typedefName(type));
      case 'fwd':
        return plain(`${type.isUnion ? 'union' : 'struct'} ${type.name}`);
      case 'struct':
      case 'union':
        return plain(this.#style.composite(type, this.#declare));
      case 'enum':
      case 'enum64':
        return plain(this.#style.enumeration(type));
      case 'ptr':
        return this.#pointer(type.type);
      case 'array': {
        const { specifier, left, right } = this.#parts(type.type);
        return {
          specifier,
          left,
          right: `[${type.length === 0 ? this.#style.noLength : String(type.length)}]${right}`,
          binds: 'array',
        };
      }
      case 'func_proto': {
        const { specifier, left, right } = this.#parts(type.type);
        return { specifier, left, right: `(${this.#parameters(type)})${right}`, binds: 'function' };
      }
      case 'const':
      case 'volatile':
      case 'restrict':
        return this.#style.qualifiers ? qualified(this.#parts(type.type), type.kind) : this.#parts(type.type);
      case 'type_tag':
        return this.#style.qualifiers
          ? tagged(this.#parts(type.type), this.#tagText(type))
          : this.#parts(type.type);
      case 'var':
      case 'func':
        return this.#parts(type.type);
      case 'unknown':
        throw this.#btf.unknown(type);
      default:
        throw this.#btf.error(type.id, 'is no type that a declaration could have');
    }
  }

  #pointer(id: number): Parts {
    const { specifier, left, right, binds } = this.#parts(id);
    return binds !== undefined
      ? { specifier, left: joined(left, '(*'), right: `)${right}` }
      : { specifier, left: joined(left, '*'), right };
  }

  #parameters(prototype: RawPrototype): string {
    const { parameters } = prototype;
    if (parameters.length === 0) return 'void';
    const texts: string[] = [];
    let length = 0;
    for (const [index, { name, type }] of parameters.entries()) {
      const variadic = type === 0 && index === parameters.length - 1;
      const text = variadic ? '...' : this.declaration(type, name);
      texts.push(text);
      if ((length += text.length) > MAX_INLINE) return `/* ${String(parameters.length)} parameters */`;
    }
    return texts.join(', ');
  }

  #tagText({ name, isAttribute }: RawTypeTag): string {
    return isAttribute ? `__attribute__((${name}))` : this.#style.tag(name);
  }
}

function inlineStruct(type: RawStruct, declare: (id: number, name: string) => string): string {
  if (type.members.length === 0) return `${type.kind} {}`;
  let text = '';
  for (const member of type.members) {
    const width = member.bitSize === 0 ? '' : ` : ${String(member.bitSize)}`;
    text += ` ${declare(member.type, member.name)}${width};`;
    if (text.length > MAX_INLINE) return `${type.kind} { /* ${String(type.members.length)} members */ }`;
  }
  return `${type.kind} {${text} }`;
}

const plain = (specifier: string): Parts => ({ specifier, left: '', right: '' });

/** Words need a space between them, punctuation does not: `*const` and `p`, but `(*` and `p`. */
function joined(left: string, right: string): string {
  return /\w$/.test(left) && right !== '' ? `${left} ${right}` : left + right;
}

/** Qualifiers of a pointer stand behind its star, those of everything else before it. */
function qualified(parts: Parts, word: string): Parts {
  // GCC's way to say noreturn and const functions: C has no qualified functions.
  if (parts.binds === 'function') return parts;
  if (parts.left !== '') return { ...parts, left: joined(parts.left, word) };
  // GCC qualifies arrays of what is qualified a second time.
  if (new RegExp(`\\b${word}\\b`).test(/^(?:(?:const|volatile|restrict) )*/.exec(parts.specifier)?.[0] ?? ''))
    return parts;
  return { ...parts, specifier: `${word} ${parts.specifier}` };
}

function tagged(parts: Parts, tag: string): Parts {
  return parts.left === ''
    ? { ...parts, specifier: `${parts.specifier} ${tag}` }
    : { ...parts, left: joined(parts.left, tag) };
}

/** A type tag as clang's attribute, which the text may not end. */
export const tagAttribute = (text: string): string =>
  `__attribute__((btf_type_tag(${JSON.stringify(text)})))`;

function tagText(text: string): string {
  if (/^[A-Za-z][A-Za-z0-9_]*$/.test(text)) return `__${text}`;
  return tagAttribute(text);
}

function inlineEnum(type: RawEnum): string {
  let text = '';
  let next = 0n;
  for (const constant of type.constants) {
    text += `${text === '' ? '' : ','} ${enumerator(constant, next)}`;
    if (text.length > MAX_INLINE) return `enum { /* ${String(type.constants.length)} constants */ }`;
    next = BigInt(constant.value) + 1n;
  }
  return `enum {${text} }`;
}

/** `NAME`, or `NAME = value` where it is not simply the next one. */
export function enumerator({ name, value }: RawEnumerator, next: bigint): string {
  return BigInt(value) === next ? name : `${name} = ${String(value)}`;
}

/** For messages and docstrings: one line, as a programmer would write it. */
const PLAIN: Style = {
  maxText: MAX_TEXT,
  memo: true,
  qualifiers: true,
  noLength: '',
  typedefName: ({ name }) => name,
  composite: (type, declare) =>
    type.name === '' ? inlineStruct(type, declare) : `${type.kind} ${type.name}`,
  enumeration: (type) => (type.name === '' ? inlineEnum(type) : `enum ${type.name}`),
  tag: tagText,
};

/** For casts before values: no qualifiers, and no members of what has no name. */
const NAME: Style = {
  ...PLAIN,
  qualifiers: false,
  noLength: '0',
  composite: ({ kind, name }) => `${kind} ${name}`.trimEnd(),
  enumeration: ({ name }) => `enum ${name}`.trimEnd(),
};

const formatters = new WeakMap<RawBtf, Map<Style, Formatter>>();

function formatterOf(btf: RawBtf, style: Style): Formatter {
  let ofBtf = formatters.get(btf);
  if (ofBtf === undefined) formatters.set(btf, (ofBtf = new Map<Style, Formatter>()));
  let formatter = ofBtf.get(style);
  if (formatter === undefined) ofBtf.set(style, (formatter = new Formatter(btf, style)));
  return formatter;
}

/**
 * The C declaration of `name` with the type `id`; the type's own C name where `name` is ''. For a variable or a
 * function `id` may be its VAR or FUNC.
 */
export const formatDeclaration = (btf: RawBtf, id: number, name: string): string =>
  formatterOf(btf, PLAIN).declaration(id, name);

/** The C name of a type, as it stands in a cast. */
export const formatTypeName = (btf: RawBtf, id: number): string => formatterOf(btf, NAME).declaration(id, '');
