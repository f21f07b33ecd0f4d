/**
 * C declarations from BTF, as a programmer would write them: `int (*handler)(struct sock *, int)`,
 * `volatile __u64 requests`, `const char *const names[4]`.
 *
 * What nothing names is written out on one line (`struct { int a; long b; }`), or, where that would be long, as
 * `struct { 40 members }` in a comment. Type tags get the names that the kernel's headers give them:
 * `struct task_struct __kptr *task` for the tag "kptr"; tags that make no identifier are written as attributes.
 */
import type { Btf } from './btf';
import type { RawEnum, RawEnumerator, RawPrototype, RawStruct, RawType } from './raw';

/** Types nested deeper than this were not written in C. */
const MAX_DEPTH = 256;
/** An anonymous struct or a prototype longer than this is abbreviated. */
const MAX_INLINE = 2000;
const MAX_TEXT = 16_384;

/** A declaration is `specifier left NAME right`: 'int' '(*' NAME ')(void)'. */
interface Parts {
  readonly specifier: string;
  readonly left: string;
  readonly right: string;
  /** An array or a function: its brackets bind tighter than a star, which then needs parentheses. */
  readonly binds?: true;
}

/** Texts share their parts, so formatting all types of a BTF is linear in its size. */
class Formatter {
  readonly #btf: Btf;
  readonly #memo = new Map<number, Parts>();
  readonly #open = new Set<number>();

  constructor(btf: Btf) {
    this.#btf = btf;
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
    const parts = this.#make(this.#btf.type(id));
    this.#open.delete(id);
    if (parts.specifier.length + parts.left.length + parts.right.length > MAX_TEXT) {
      throw this.#btf.error(id, `its declaration is longer than ${String(MAX_TEXT)} characters`);
    }
    this.#memo.set(id, parts);
    return parts;
  }

  #make(type: RawType): Parts {
    switch (type.kind) {
      case 'void':
      case 'int':
      case 'float':
      case 'typedef':
        return plain(type.name);
      case 'fwd':
        return plain(`${type.isUnion ? 'union' : 'struct'} ${type.name}`);
      case 'struct':
      case 'union':
        return plain(type.name === '' ? this.#inlineStruct(type) : `${type.kind} ${type.name}`);
      case 'enum':
      case 'enum64':
        return plain(type.name === '' ? inlineEnum(type) : `enum ${type.name}`);
      case 'ptr':
        return this.#pointer(type.type);
      case 'array': {
        const { specifier, left, right } = this.#parts(type.type);
        return {
          specifier,
          left,
          right: `[${type.length === 0 ? '' : String(type.length)}]${right}`,
          binds: true,
        };
      }
      case 'func_proto': {
        const { specifier, left, right } = this.#parts(type.type);
        return { specifier, left, right: `(${this.#parameters(type)})${right}`, binds: true };
      }
      case 'const':
      case 'volatile':
      case 'restrict':
        return qualified(this.#parts(type.type), type.kind);
      case 'type_tag':
        return tagged(this.#parts(type.type), tagText(type.name, type.isAttribute));
      case 'var':
      case 'func':
        return this.#parts(type.type);
      default:
        throw this.#btf.error(type.id, 'is no type that a declaration could have');
    }
  }

  #pointer(id: number): Parts {
    const { specifier, left, right, binds } = this.#parts(id);
    return binds === true
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

  #inlineStruct(type: RawStruct): string {
    if (type.members.length === 0) return `${type.kind} {}`;
    let text = '';
    for (const member of type.members) {
      const width = member.bitSize === 0 ? '' : ` : ${String(member.bitSize)}`;
      text += ` ${this.declaration(member.type, member.name)}${width};`;
      if (text.length > MAX_INLINE) return `${type.kind} { /* ${String(type.members.length)} members */ }`;
    }
    return `${type.kind} {${text} }`;
  }
}

const plain = (specifier: string): Parts => ({ specifier, left: '', right: '' });

/** Words need a space between them, punctuation does not: `*const` and `p`, but `(*` and `p`. */
function joined(left: string, right: string): string {
  return /\w$/.test(left) && right !== '' ? `${left} ${right}` : left + right;
}

/** Qualifiers of a pointer stand behind its star, those of everything else before it. */
function qualified(parts: Parts, word: string): Parts {
  return parts.left === ''
    ? { ...parts, specifier: `${word} ${parts.specifier}` }
    : { ...parts, left: joined(parts.left, word) };
}

function tagged(parts: Parts, tag: string): Parts {
  return parts.left === ''
    ? { ...parts, specifier: `${parts.specifier} ${tag}` }
    : { ...parts, left: joined(parts.left, tag) };
}

function tagText(text: string, isAttribute: boolean): string {
  if (isAttribute) return `__attribute__((${text}))`;
  if (/^[A-Za-z][A-Za-z0-9_]*$/.test(text)) return `__${text}`;
  return `__attribute__((btf_type_tag(${JSON.stringify(text)})))`;
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

const formatters = new WeakMap<Btf, Formatter>();

/**
 * The C declaration of `name` with the type `id`; the type's own C name where `name` is ''. For a variable or a
 * function `id` may be its VAR or FUNC.
 */
export function formatDeclaration(btf: Btf, id: number, name: string): string {
  let formatter = formatters.get(btf);
  if (formatter === undefined) formatters.set(btf, (formatter = new Formatter(btf)));
  return formatter.declaration(id, name);
}
