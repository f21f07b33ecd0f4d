/** The kinds of BTF types, as users see them (Documentation/bpf/btf.rst). `kind` tells them apart. */
import { BtfMember, BtfParameter, BtfSectionEntry } from './btf-members';
import { BtfTypeBase, type TypeSource } from './btf-type';
import { skipModifiers } from '../layout/modifiers';
import type {
  Kind,
  Linkage,
  RawArray,
  RawDeclarationTag,
  RawEnum,
  RawEnumerator,
  RawFloat,
  RawForward,
  RawFunction,
  RawInt,
  RawPrototype,
  RawReference,
  RawSection,
  RawStruct,
  RawType,
  RawTypeTag,
  RawUnknown,
  RawVariable,
  RawVoid,
} from '../records/records';
import { MAX_DEPTH } from '../limits';
import { checkPlaces, resolveType } from '../layout/resolve';

/** No type: what a `void *` points to, what a procedure returns. Has the id 0. */
export class BtfVoid extends BtfTypeBase<RawVoid> {
  readonly kind = 'void';
}

export class BtfInt extends BtfTypeBase<RawInt> {
  readonly kind = 'int';
  override get size(): number {
    return this.record.size;
  }
  get signed(): boolean {
    return this.record.signed;
  }
  get isBool(): boolean {
    return this.record.isBool;
  }
  /** How many bits of it count: fewer than `size` has in bitfields of old compilers. */
  get bits(): number {
    return this.record.bits;
  }
}

/** float, double and long double. */
export class BtfFloat extends BtfTypeBase<RawFloat> {
  readonly kind = 'float';
  override get size(): number {
    return this.record.size;
  }
}

export class BtfPointer extends BtfTypeBase<RawReference<'ptr'>> {
  readonly kind = 'ptr';
  /** BPF's pointers have 64 bits. */
  override get size(): number {
    return 8;
  }
  /** What it points to. */
  get target(): BtfType {
    return this.source.typeOf(this.record.type);
  }
}

export class BtfArray extends BtfTypeBase<RawArray> {
  readonly kind = 'array';
  /** 0 for flexible arrays and those of no length. */
  get length(): number {
    return this.record.length;
  }
  get element(): BtfType {
    return this.source.typeOf(this.record.type);
  }
  override get size(): number {
    return this.layout.size;
  }
}

/** A struct or a union. */
export class BtfStruct extends BtfTypeBase<RawStruct> {
  readonly kind = this.record.kind;
  #members: readonly BtfMember[] | undefined;
  override get size(): number {
    return this.record.size;
  }
  /** As they are declared: an anonymous struct or union inside is one member, without a name. */
  get members(): readonly BtfMember[] {
    checkPlaces(this.source.raw, this.record);
    this.#members ??= Object.freeze(
      this.record.members.map((member, index) => new BtfMember(this.source, this.record, member, index)),
    );
    return this.#members;
  }
  /** A member by name, also of the anonymous structs and unions inside; its offset counts from this struct. */
  member(name: string): BtfMember | undefined {
    return findMember(this, name, 0, 0);
  }
}

function findMember(type: BtfStruct, name: string, base: number, depth: number): BtfMember | undefined {
  for (const member of type.members) {
    if (member.name === name) return member.moved(base);
    if (member.name !== '' || depth === MAX_DEPTH) continue;
    const inner = member.type.resolve();
    const found =
      inner instanceof BtfStruct ? findMember(inner, name, base + member.bitOffset, depth + 1) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** enum, and enum64, whose constants are bigint. */
export class BtfEnum extends BtfTypeBase<RawEnum> {
  readonly kind = this.record.kind;
  override get size(): number {
    return this.record.size;
  }
  get signed(): boolean {
    return this.record.signed;
  }
  get constants(): readonly RawEnumerator[] {
    // Layouts are made of them.
    const { constants } = this.record;
    if (!Object.isFrozen(constants)) Object.freeze(constants).forEach(Object.freeze);
    return constants;
  }
  /** The value of a constant. */
  constant(name: string): number | bigint | undefined {
    return this.record.constants.find((constant) => constant.name === name)?.value;
  }
  /** The name of a value: of several constants with it the first; undefined where none has it. */
  nameOf(value: number | bigint): string | undefined {
    return this.record.constants.find((constant) => constant.value === value)?.name;
  }
}

/** `struct x;`: declared here, defined elsewhere. */
export class BtfForward extends BtfTypeBase<RawForward> {
  readonly kind = 'fwd';
  get isUnion(): boolean {
    return this.record.isUnion;
  }
}

type ModifierKind = 'typedef' | 'const' | 'volatile' | 'restrict' | 'type_tag';

/** What another type is called (typedef) or qualified with (const, volatile, restrict, type tags). */
export class BtfModifier extends BtfTypeBase<RawReference<Exclude<ModifierKind, 'type_tag'>> | RawTypeTag> {
  readonly kind = this.record.kind;
  get target(): BtfType {
    return this.source.typeOf(this.record.type);
  }
  override get size(): number | undefined {
    return this.resolve().size;
  }
  override resolve(): BtfType {
    return this.source.typeOf(skipModifiers(this.source.raw, this.id).target.id);
  }
}

/** A function of the kernel, or of a BPF object. */
export class BtfFunction extends BtfTypeBase<RawFunction> {
  readonly kind = 'func';
  get linkage(): Linkage {
    return this.record.linkage;
  }
  /** Its parameters and what it returns. */
  get prototype(): BtfType {
    return this.source.typeOf(this.record.type);
  }
  protected override get declared(): string {
    return this.name;
  }
}

export class BtfPrototype extends BtfTypeBase<RawPrototype> {
  readonly kind = 'func_proto';
  #parameters: readonly BtfParameter[] | undefined;
  /** Without the `...` of a variadic function. */
  get parameters(): readonly BtfParameter[] {
    const { parameters } = this.record;
    const named = this.variadic ? parameters.slice(0, -1) : parameters;
    this.#parameters ??= Object.freeze(named.map((parameter) => new BtfParameter(this.source, parameter)));
    return this.#parameters;
  }
  get variadic(): boolean {
    return this.record.parameters.at(-1)?.type === 0;
  }
  get returns(): BtfType {
    return this.source.typeOf(this.record.type);
  }
}

/** A global variable. */
export class BtfVariable extends BtfTypeBase<RawVariable> {
  readonly kind = 'var';
  get linkage(): Linkage {
    return this.record.linkage;
  }
  get type(): BtfType {
    return this.source.typeOf(this.record.type);
  }
  protected override get declared(): string {
    return this.name;
  }
  override get size(): number {
    return resolveType(this.source.raw, this.record.type).size;
  }
}

/** A data section of a BPF object, or the kernel's per-CPU data. */
export class BtfSection extends BtfTypeBase<RawSection> {
  readonly kind = 'datasec';
  #entries: readonly BtfSectionEntry[] | undefined;
  override get size(): number {
    return this.record.size;
  }
  get entries(): readonly BtfSectionEntry[] {
    this.#entries ??= Object.freeze(
      this.record.entries.map((entry) => new BtfSectionEntry(this.source, entry)),
    );
    return this.#entries;
  }
  override declaration(): string {
    return `SEC(${JSON.stringify(this.name)})`;
  }
}

/** A `btf_decl_tag`: text on a type, a member, a parameter or a variable. */
export class BtfDeclarationTag extends BtfTypeBase<RawDeclarationTag> {
  readonly kind = 'decl_tag';
  /** What it is on. */
  get target(): BtfType {
    return this.source.typeOf(this.record.type);
  }
  /** The index of the member or parameter that it is on; -1 where it is on the whole. */
  get component(): number {
    return this.record.component;
  }
  override declaration(): string {
    return `__attribute__((btf_decl_tag(${JSON.stringify(this.name)})))`;
  }
}

/** Of a kind that a newer Linux has: its records are skipped, and using what refers to it is a BtfError. Linux 7.1 */
export class BtfUnknown extends BtfTypeBase<RawUnknown> {
  readonly kind = 'unknown';
  /** Of the kind, BTF_KIND_* */
  get number(): number {
    return this.record.number;
  }
  override toString(): string {
    return `kind ${String(this.number)}${this.name === '' ? '' : ` '${this.name}'`}`;
  }
}

export type BtfType =
  | BtfVoid
  | BtfInt
  | BtfFloat
  | BtfPointer
  | BtfArray
  | BtfStruct
  | BtfEnum
  | BtfForward
  | BtfModifier
  | BtfFunction
  | BtfPrototype
  | BtfVariable
  | BtfSection
  | BtfDeclarationTag
  | BtfUnknown;

/** Of which class the types of a kind are. */
export type BtfTypeOf<K extends Kind> = BtfType & { readonly kind: K };

export function makeType(source: TypeSource, record: RawType): BtfType {
  switch (record.kind) {
    case 'void':
      return new BtfVoid(source, record);
    case 'int':
      return new BtfInt(source, record);
    case 'float':
      return new BtfFloat(source, record);
    case 'ptr':
      return new BtfPointer(source, record);
    case 'array':
      return new BtfArray(source, record);
    case 'struct':
    case 'union':
      return new BtfStruct(source, record);
    case 'enum':
    case 'enum64':
      return new BtfEnum(source, record);
    case 'fwd':
      return new BtfForward(source, record);
    case 'typedef':
    case 'const':
    case 'volatile':
    case 'restrict':
    case 'type_tag':
      return new BtfModifier(source, record);
    case 'func':
      return new BtfFunction(source, record);
    case 'func_proto':
      return new BtfPrototype(source, record);
    case 'var':
      return new BtfVariable(source, record);
    case 'datasec':
      return new BtfSection(source, record);
    case 'decl_tag':
      return new BtfDeclarationTag(source, record);
    case 'unknown':
      return new BtfUnknown(source, record);
  }
}
