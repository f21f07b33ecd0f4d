/**
 * C definitions of types with what they need, in an order that compiles: what btf_dump__dump_type prints. A struct inside
 * another must be defined before it; for a pointer to one a forward declaration will do.
 */
import { BtfError } from '../../errors';
import { compositeBody } from './composite-body';
import { enumBody } from './enum-body';
import { Formatter, tagAttribute, type Style } from '../spell/spell';
import type { RawEnum, RawStruct, RawType } from '../records/records';
import type { RawBtf } from '../records/record-table';
import { referencesOf } from '../records/references';

/** Types that need each other, in a row. */
const MAX_DEPTH = 1024;
const MAX_TEXT = 256 << 20;
const MAX_DECLARATION = 4 << 20;
/** Is there without a definition. */
const BUILT_IN = '__builtin_va_list';

/** Writes types, each once: what was written for one is there for the next. */
export class DefinitionPrinter {
  readonly #btf: RawBtf;
  readonly #formatter: Formatter;
  readonly #pieces: string[] = [];
  #length = 0;
  #depth = 0;
  /** Structs, unions and typedefs that are being looked at. */
  readonly #open = new Set<number>();
  readonly #defined = new Set<number>();
  readonly #forwarded = new Set<string>();
  /** Typedefs that are there; what they name may still have to be defined. */
  readonly #declared = new Set<number>();
  /** Of what has no name: for which container all that it needs is there. */
  readonly #seen = new Map<number, number>();
  /** Tags and other identifiers have name spaces of their own; BTF may have several types of a name. */
  readonly #tags = new Map<number, string>();
  readonly #aliases = new Map<number, string>();
  readonly #takenTags = new Map<string, number>();
  readonly #takenNames = new Map<string, number>();

  constructor(btf: RawBtf) {
    this.#btf = btf;
    const style: Style = {
      maxText: MAX_DECLARATION,
      memo: false,
      qualifiers: true,
      noLength: '0',
      typedefName: (type) => this.#typedefName(type.id, type.name),
      composite: (type) => (type.name === '' ? this.#composite(type) : this.#tag(type)),
      enumeration: (type) => (type.name === '' ? this.#enumeration(type) : this.#tag(type)),
      tag: tagAttribute,
    };
    this.#formatter = new Formatter(btf, style);
  }

  /** Everything that has been written. */
  get text(): string {
    return this.#pieces.join('\n');
  }

  /** Writes the type and what it needs, unless it is there already. */
  add(id: number): void {
    const type = this.#btf.type(id);
    switch (type.kind) {
      case 'func':
        this.#need(type.type, true, 0);
        this.#write(`${this.#formatter.declaration(id, type.name)};`);
        return;
      case 'var':
        this.#need(type.type, false, 0);
        this.#write(`extern ${this.#formatter.declaration(type.type, type.name)};`);
        return;
      case 'datasec':
        for (const entry of type.entries) {
          // What else is in there no compiler has written.
          if (['var', 'func'].includes(this.#btf.kindOf(entry.type))) this.add(entry.type);
        }
        return;
      case 'enum':
      case 'enum64':
        if (type.name !== '') {
          this.#need(id, false, 0);
          return;
        }
        // A list of constants, which nothing refers to.
        if (!this.#defined.has(id)) this.#write(`${this.#enumeration(type)};`);
        this.#defined.add(id);
        return;
      default:
        this.#need(id, false, 0);
    }
  }

  /**
   * Writes what has to be there before the type can be mentioned; `weak`: through a pointer. `container` is the struct or
   * typedef that mentions it.
   */
  #need(id: number, weak: boolean, container: number): void {
    if (this.#defined.has(id) || (weak && this.#declared.has(id)) || this.#seen.get(id) === container) return;
    if (++this.#depth > MAX_DEPTH) {
      throw this.#btf.error(id, `is nested in more than ${String(MAX_DEPTH)} types`);
    }
    this.#needOf(this.#btf.type(id), weak, container);
    this.#depth--;
  }

  #needOf(type: RawType, weak: boolean, container: number): void {
    switch (type.kind) {
      case 'ptr':
        this.#need(type.type, true, container);
        return;
      case 'array':
        // The elements' size must be known, even for a pointer to the array.
        this.#need(type.type, false, container);
        return;
      case 'const':
      case 'volatile':
      case 'restrict':
      case 'type_tag':
        this.#need(type.type, weak, container);
        return;
      case 'func_proto':
        this.#seen.set(type.id, container);
        // What a function takes and returns must be complete where it is called, not where it is declared.
        this.#need(type.type, true, container);
        for (const parameter of type.parameters) this.#need(parameter.type, true, container);
        return;
      case 'typedef':
        this.#needTypedef(type.id, weak);
        return;
      case 'fwd':
        this.#forward(`${type.isUnion ? 'union' : 'struct'} ${type.name}`);
        return;
      case 'enum':
      case 'enum64':
        if (type.name === '') return;
        this.#defined.add(type.id);
        this.#write(`${this.#enumeration(type)};`);
        return;
      case 'struct':
      case 'union':
        if (type.name === '') {
          this.#needMembers(type, container);
          return;
        }
        if (weak) {
          if (type.id !== container) this.#forward(this.#tag(type));
          return;
        }
        this.#needMembers(type, type.id);
        this.#defined.add(type.id);
        this.#write(`${this.#composite(type)};`);
        return;
      default:
    }
  }

  #needMembers(type: RawStruct, container: number): void {
    if (this.#open.has(type.id)) {
      throw this.#btf.error(type.id, 'contains itself by value: it would have no end');
    }
    this.#open.add(type.id);
    for (const member of type.members) this.#need(member.type, false, container);
    this.#open.delete(type.id);
    if (type.name === '') this.#seen.set(type.id, container);
  }

  /** The typedef is there before what it names is defined: that may refer to it. */
  #needTypedef(id: number, weak: boolean): void {
    const type = this.#btf.type(id);
    if (type.kind !== 'typedef' || type.name === BUILT_IN) return;
    if (!this.#declared.has(id)) {
      if (this.#open.has(id)) throw this.#btf.error(id, 'refers to itself without a name in between');
      this.#open.add(id);
      this.#need(type.type, true, id);
      this.#open.delete(id);
      this.#declared.add(id);
      const declaration =
        type.name === '__gnuc_va_list' && type.type === 0
          ? `${BUILT_IN} ${type.name}`
          : this.#formatter.declaration(type.type, this.#typedefName(id, type.name));
      this.#write(`typedef ${declaration};`);
    }
    if (weak) return;
    this.#need(type.type, false, id);
    this.#defined.add(id);
  }

  #forward(tag: string): void {
    if (this.#forwarded.has(tag)) return;
    this.#forwarded.add(tag);
    this.#write(`${tag};`);
  }

  #composite(type: RawStruct): string {
    const head = type.name === '' ? type.kind : this.#tag(type);
    return `${head} ${compositeBody(this.#btf, type, this.#formatter)}`;
  }

  #enumeration(type: RawEnum): string {
    const head = type.name === '' ? 'enum' : this.#tag(type);
    return head + enumBody(type, (name) => unique(this.#takenNames, name));
  }

  #tag(type: RawStruct | RawEnum): string {
    let name = this.#tags.get(type.id);
    if (name === undefined) this.#tags.set(type.id, (name = unique(this.#takenTags, type.name)));
    return `${type.kind === 'enum64' ? 'enum' : type.kind} ${name}`;
  }

  #typedefName(id: number, name: string): string {
    let alias = this.#aliases.get(id);
    if (alias === undefined) this.#aliases.set(id, (alias = unique(this.#takenNames, name)));
    return alias;
  }

  #write(text: string): void {
    this.#length += text.length;
    if (this.#length > MAX_TEXT) {
      throw new BtfError(this.#btf.source, `its types as C are longer than ${String(MAX_TEXT)} characters`);
    }
    this.#pieces.push(`${text}\n`);
  }
}

/** The name, or where it is taken the name with a number: as libbpf does. */
function unique(taken: Map<string, number>, name: string): string {
  const count = (taken.get(name) ?? 0) + 1;
  taken.set(name, count);
  return count === 1 ? name : `${name}___${String(count)}`;
}

/** All that a header file of this BTF has: each named type, and the lists of constants that nothing refers to. */
export function allDefinitions(btf: RawBtf): string {
  const printer = new DefinitionPrinter(btf);
  const referenced = new Set<number>();
  for (let id = 1; id < btf.length; id++) {
    for (const mentioned of referencesOf(btf.type(id))) referenced.add(mentioned);
  }
  for (let id = 1; id < btf.length; id++) {
    const { kind, name } = btf.type(id);
    const isEnum = kind === 'enum' || kind === 'enum64';
    const isTagged = isEnum || kind === 'struct' || kind === 'union' || kind === 'fwd' || kind === 'typedef';
    if (isTagged && (name !== '' || (isEnum && !referenced.has(id)))) printer.add(id);
  }
  return printer.text;
}
