/**
 * C definitions of types with what they need, in an order that compiles: what btf_dump__dump_type prints. A struct inside
 * another must be defined before it; for a pointer to one a forward declaration will do.
 */
import { BtfError } from '../../errors';
import { compositeBody } from './composite-body';
import { enumBody } from './enum-body';
import { Formatter, tagAttribute, type Style } from '../spell/spell';
import type { RawEnum, RawReference, RawStruct, RawType } from '../records/records';
import type { RawBtf } from '../records/record-table';
import { DefinitionOrder, Walk } from './definition-order';
import { kfuncsOf } from './kfuncs';

const MAX_TEXT = 256 << 20;
const MAX_DECLARATION = 4 << 20;
/** Is there without a definition. */
const BUILT_IN = '__builtin_va_list';

/** Writes types, each once: what was written for one is there for the next. */
export class DefinitionPrinter {
  readonly #btf: RawBtf;
  readonly #formatter: Formatter;
  readonly #walk: Walk;
  readonly #order: DefinitionOrder;
  readonly #pieces: string[] = [];
  #length = 0;
  /** Structs, unions and typedefs that are being written. */
  readonly #open = new Set<number>();
  readonly #emitted = new Set<number>();
  /** Structs and unions that are declared, and typedefs: what they name may still have to be defined. */
  readonly #declared = new Set<number>();
  /** Declarations: BTF has the same one several times. */
  readonly #forwarded = new Set<string>();
  /** Tags and other identifiers have name spaces of their own; BTF may have several types of a name. */
  readonly #tags = new Map<number, string>();
  readonly #aliases = new Map<number, string>();
  readonly #takenTags = new Map<string, number>();
  readonly #takenNames = new Map<string, number>();

  constructor(btf: RawBtf) {
    this.#btf = btf;
    this.#walk = new Walk(btf);
    this.#order = new DefinitionOrder(btf, this.#walk);
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

  /** Writes the type and what it needs, unless it is there already; of what has no definition a declaration. */
  add(id: number): void {
    const type = this.#btf.type(id);
    switch (type.kind) {
      case 'func':
        this.#mention(id, type.type, true);
        this.#write(`${this.#formatter.declaration(id, type.name)};`);
        return;
      case 'var':
        this.#mention(id, type.type, false);
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
        this.define(id);
        // A list of constants, asked for by itself though something refers to it.
        if (!this.#emitted.has(id)) this.#emit(id, 0);
        return;
      case 'unknown':
        throw this.#btf.unknown(type);
      default:
        this.#mention(id, id, false);
    }
  }

  /** Writes the type and what it needs as btf_dump__dump_type does: nothing for what is no definition. */
  define(id: number): void {
    for (const needed of this.#order.of(id, false)) this.#emit(needed, 0);
  }

  /** A function's declaration on one line, for a header that has the types already: with the numbers that they got. */
  prototype(id: number): string {
    return this.#formatter.declaration(id, this.#btf.type(id).name);
  }

  /** Writes what must be there so that `container` can say `type`. */
  #mention(container: number, type: number, weak: boolean): void {
    for (const needed of this.#order.of(type, weak)) this.#emit(needed, 0);
    this.#emit(type, container);
  }

  /**
   * Writes a definition (`container` is 0), or the declarations that must be there before a container can mention the
   * type: that struct, union or typedef, which needs none of itself.
   */
  #emit(id: number, container: number): void {
    if (this.#emitted.has(id)) return;
    this.#walk.into(id, (type) => {
      this.#emitType(type, container);
    });
  }

  #emitType(type: RawType, container: number): void {
    const { id } = type;
    switch (type.kind) {
      case 'ptr':
      case 'const':
      case 'volatile':
      case 'restrict':
      case 'type_tag':
      case 'array':
        this.#emit(type.type, container);
        return;
      case 'func_proto':
        this.#emit(type.type, container);
        for (const parameter of type.parameters) this.#emit(parameter.type, container);
        return;
      case 'fwd':
        this.#declare(`${type.isUnion ? 'union' : 'struct'} ${type.name}`);
        this.#emitted.add(id);
        return;
      case 'enum':
      case 'enum64':
        if (container === 0) this.#write(`${this.#enumeration(type)};`);
        this.#emitted.add(id);
        return;
      case 'typedef':
        this.#emitTypedef(type);
        return;
      case 'struct':
      case 'union':
        this.#emitComposite(type, container);
        return;
      default:
    }
  }

  /** Where what it names refers to it, through a pointer, it must be there before that. */
  #emitTypedef(type: RawReference<'typedef'>): void {
    const { id } = type;
    if (this.#open.has(id)) {
      this.#writeTypedef(type);
      return;
    }
    this.#open.add(id);
    this.#emit(type.type, id);
    this.#writeTypedef(type);
    this.#open.delete(id);
    this.#emitted.add(id);
  }

  #writeTypedef({ id, name, type }: RawReference<'typedef'>): void {
    if (this.#declared.has(id) || name === BUILT_IN) return;
    this.#declared.add(id);
    const declaration =
      name === '__gnuc_va_list' && type === 0
        ? `${BUILT_IN} ${name}`
        : this.#formatter.declaration(type, this.#typedefName(id, name));
    this.#write(`typedef ${declaration};`);
  }

  #emitComposite(type: RawStruct, container: number): void {
    const { id, name, members } = type;
    const isDefinition = container === 0;
    if (name !== '' && (this.#open.has(id) || !isDefinition)) {
      if (this.#declared.has(id) || id === container) return;
      this.#declared.add(id);
      this.#declare(this.#tag(type));
      return;
    }
    this.#open.add(id);
    for (const member of members) this.#emit(member.type, name === '' ? container : id);
    this.#open.delete(id);
    if (!isDefinition) return;
    this.#write(`${this.#composite(type)};`);
    this.#emitted.add(id);
  }

  #declare(tag: string): void {
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
    if (name === undefined) {
      // An enum without constants declares one that is elsewhere.
      const isDeclaration = 'constants' in type && type.constants.length === 0;
      name = isDeclaration ? type.name : unique(this.#takenTags, type.name);
      this.#tags.set(type.id, name);
    }
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

function printAll(btf: RawBtf): DefinitionPrinter {
  const printer = new DefinitionPrinter(btf);
  for (let id = 1; id < btf.length; id++) printer.define(id);
  return printer;
}

/** All types of this BTF: what btf_dump__dump_type prints for each id, in their order. */
export const allDefinitions = (btf: RawBtf): string => printAll(btf).text;

/** What a header file of this BTF has: all types, and the kfuncs, a declaration on each line, as bpftool 7.8 writes them. */
export function headerOf(btf: RawBtf): { readonly types: string; readonly kfuncs: string } {
  const printer = printAll(btf);
  const kfuncs = kfuncsOf(btf).map(
    ({ id, fastcall }) =>
      `extern ${fastcall ? '__bpf_fastcall ' : ''}${printer.prototype(id)} __weak __ksym;\n`,
  );
  return { types: printer.text, kfuncs: kfuncs.join('') };
}
