/** The parts of BTF types, as users see them: members, parameters, variables in sections. */
import type { TypeSource } from './btf-type';
import type { BtfType } from './btf-types';
import { formatDeclaration } from '../spell/spell';
import type { RawMember, RawParameter, RawSectionEntry, RawStruct } from '../records/records';

/** A member of a struct or union. */
export class BtfMember {
  /** '' for anonymous structs, unions and bitfields. */
  readonly name: string;
  /** Bits from the start of the struct. */
  readonly bitOffset: number;
  /** The width of a bitfield; 0 for ordinary members. */
  readonly bitSize: number;
  readonly #source: TypeSource;
  readonly #owner: RawStruct;
  readonly #raw: RawMember;
  readonly #index: number;

  /** @internal */
  constructor(source: TypeSource, owner: RawStruct, raw: RawMember, index: number, base = 0) {
    this.name = raw.name;
    this.bitOffset = base + raw.bitOffset;
    this.bitSize = raw.bitSize;
    this.#source = source;
    this.#owner = owner;
    this.#raw = raw;
    this.#index = index;
  }

  /** Bytes from the start of the struct; of a bitfield those of its first bit. */
  get offset(): number {
    return Math.floor(this.bitOffset / 8);
  }

  get type(): BtfType {
    return this.#source.typeOf(this.#raw.type);
  }

  /** In C: 'struct sock *sk', 'u8 flags : 3'. */
  get declaration(): string {
    const text = formatDeclaration(this.#source.raw, this.#raw.type, this.name);
    return this.bitSize === 0 ? text : `${text} : ${String(this.bitSize)}`;
  }

  /** Its `btf_decl_tag`s. */
  get tags(): readonly string[] {
    return this.#source.raw.tagsOf(this.#owner.id, this.#index);
  }

  /** @internal The same member, seen from a struct that has this one's at a bit. */
  moved(bits: number): BtfMember {
    return bits === 0 ? this : new BtfMember(this.#source, this.#owner, this.#raw, this.#index, bits);
  }
}

/** A parameter of a function. */
export class BtfParameter {
  /** '' where only its type is known: in pointers to functions. */
  readonly name: string;
  readonly #source: TypeSource;
  readonly #type: number;

  /** @internal */
  constructor(source: TypeSource, { name, type }: RawParameter) {
    this.name = name;
    this.#source = source;
    this.#type = type;
  }

  get type(): BtfType {
    return this.#source.typeOf(this.#type);
  }
}

/** A variable (or an extern function) in a section. */
export class BtfSectionEntry {
  /** Bytes. */
  readonly offset: number;
  readonly size: number;
  readonly #source: TypeSource;
  readonly #type: number;

  /** @internal */
  constructor(source: TypeSource, { type, offset, size }: RawSectionEntry) {
    this.offset = offset;
    this.size = size;
    this.#source = source;
    this.#type = type;
  }

  /** The `var`, or the `func`. */
  get variable(): BtfType {
    return this.#source.typeOf(this.#type);
  }
}
