/**
 * BTF → the layout model of type.ts. Each type is resolved once for a RawBtf; what a hostile BTF could make endless or
 * exponential (structs inside themselves, types that double at each level) is refused.
 */
import type { BtfError } from '../../errors';
import type { RawBtf } from '../records/record-table';
import { MAX_DEPTH, MAX_EMPTY_ELEMENTS, MAX_NODES } from '../limits';
import { bitsOf } from './bitfield-place';
import { formatDeclaration } from '../spell/spell';
import { skipModifiers } from './modifiers';
import { ENUM_SIZES, resolveEnum } from './resolve-enum';
import { arraySpelling } from './spelling';
import type { Member, StructType, Type } from './layout-model';
import type { RawArray, RawInt, RawMember, RawStruct, RawType } from '../records/records';

/** What clang does to the type of an enum with more constants than the BTF of Linux 7.0 can have. */
const NO_TYPE =
  'has no type: it is void there, as clang writes it for what BTF cannot say, such as an enum of more than 65535 constants';

class Resolver {
  readonly #btf: RawBtf;
  readonly #types = new Map<number, Type>();
  /** How many types a value consists of, written out as a tree. */
  readonly #nodes = new Map<Type, number>();
  /** How many array elements without a size are in a value. */
  readonly #empty = new Map<Type, number>();
  readonly #open = new Set<number>();

  constructor(btf: RawBtf) {
    this.#btf = btf;
  }

  resolve(id: number): Type {
    const known = this.#types.get(id);
    if (known !== undefined) return known;
    const { target, namedBy } = skipModifiers(this.#btf, id);
    // Of void there is nothing to name: what should have a type is.
    if (target.kind === 'void' && id !== 0) throw this.#btf.error(id, NO_TYPE);
    // An anonymous struct is a type of its own for each typedef that names it.
    const key = namedBy ?? target.id;
    let type = this.#types.get(key);
    if (type === undefined) {
      type = this.#guarded(target, namedBy === undefined ? '' : this.#btf.nameOf(namedBy));
      this.#types.set(key, type);
    }
    this.#types.set(id, type);
    return type;
  }

  #guarded(target: RawType, name: string): Type {
    const { id } = target;
    if (this.#open.has(id)) throw this.#btf.error(id, 'contains itself by value: it would have no end');
    if (this.#open.size >= MAX_DEPTH)
      throw this.#btf.error(id, `is nested in more than ${String(MAX_DEPTH)} types`);
    this.#open.add(id);
    try {
      return this.#make(target, name);
    } finally {
      this.#open.delete(id);
    }
  }

  #make(raw: RawType, name: string): Type {
    switch (raw.kind) {
      case 'int':
        return this.#int(raw);
      case 'float':
        this.#checkSize(raw, [2, 4, 8, 12, 16]);
        this.#checkName(raw);
        return { kind: 'float', spelling: raw.name, size: raw.size };
      case 'ptr':
        return { kind: 'pointer', spelling: formatDeclaration(this.#btf, raw.id, ''), size: 8 };
      case 'enum':
      case 'enum64':
        this.#checkSize(raw, ENUM_SIZES);
        return resolveEnum(this.#btf, raw, spelled('enum', raw.name, name));
      case 'array':
        return this.#array(raw);
      case 'struct':
      case 'union':
        return this.#struct(raw, name);
      case 'fwd':
        throw this.#btf.error(
          raw.id,
          `${raw.isUnion ? 'union' : 'struct'} ${raw.name} is only declared here: its definition must be visible where it is used by value`,
        );
      case 'void':
        throw this.#btf.error(raw.id, 'void has no values');
      case 'unknown':
        throw this.#btf.unknown(raw);
      default:
        throw this.#btf.error(raw.id, `a ${raw.kind} has no values`);
    }
  }

  #int(raw: RawInt): Type {
    this.#checkName(raw);
    const { name: spelling, signed } = raw;
    if (raw.isBool) {
      this.#checkSize(raw, [1, 2, 4, 8]);
      return { kind: 'bool', spelling, size: raw.size };
    }
    const size = this.#checkSize(raw, [1, 2, 4, 8, 16]);
    if (raw.bits !== size * 8 || raw.bitOffset !== 0) {
      throw this.#btf.error(
        raw.id,
        `has ${String(raw.bits)} bits in ${String(size)} bytes, which only bitfields may have`,
      );
    }
    if (size === 1 && spelling === 'char') return { kind: 'char', spelling, size, signed };
    return { kind: 'int', spelling, size, signed };
  }

  #array(raw: RawArray): Type {
    if (raw.type === 0) throw this.#btf.error(raw.id, `its element ${NO_TYPE}`);
    const element = this.resolve(raw.type);
    const { length } = raw;
    const size = element.size * length;
    if (!Number.isSafeInteger(size)) {
      throw this.#btf.error(
        raw.id,
        `has ${String(length)} elements of ${String(element.size)} bytes: more than any memory`,
      );
    }
    const empty =
      length * (element.size === 0 ? Math.max(1, this.#emptyIn(element)) : this.#emptyIn(element));
    if (empty > MAX_EMPTY_ELEMENTS) throw this.#tooEmpty(raw, empty);
    const type: Type = { kind: 'array', spelling: arraySpelling(element, length), size, length, element };
    this.#count(raw, type, this.#nodesOf(element));
    if (empty > 0) this.#empty.set(type, empty);
    return type;
  }

  #struct(raw: RawStruct, name: string): StructType {
    let nodes = 0;
    const members = raw.members.map((rawMember, index) => {
      const member = this.#member(raw, rawMember, index);
      nodes += this.#nodesOf(member.type);
      // Counted as it grows: the check of the total alone would come too late.
      if (nodes > MAX_NODES) throw this.#tooLarge(raw);
      return member;
    });
    this.#checkPlaces(raw, members);
    const type: StructType = {
      kind: raw.kind,
      spelling: spelled(raw.kind, raw.name, name),
      size: raw.size,
      members,
    };
    this.#count(raw, type, nodes);
    const empty = members.reduce((sum, member) => sum + this.#emptyIn(member.type), 0);
    if (empty > MAX_EMPTY_ELEMENTS) throw this.#tooEmpty(raw, empty);
    if (empty > 0) this.#empty.set(type, empty);
    return type;
  }

  #member(raw: RawStruct, member: RawMember, index: number): Member {
    const { name } = member;
    const fail = (problem: string): BtfError =>
      this.#btf.error(raw.id, `member ${name === '' ? String(index) : `'${name}'`} ${problem}`);
    if (member.type === 0) throw fail(NO_TYPE);
    const { bitOffset, bitSize, partOf } = bitsOf(this.#btf, member);
    const type =
      partOf === undefined
        ? this.resolve(member.type)
        : this.#int({ ...partOf, bits: partOf.size * 8, bitOffset: 0 });
    if (bitSize === 0) {
      if (bitOffset % 8 !== 0) throw fail(`starts at bit ${String(bitOffset)}, but is no bitfield`);
    } else if (!('signed' in type || type.kind === 'bool')) {
      throw fail(`is a bitfield of type ${type.kind}`);
    } else if (bitSize > type.size * 8) {
      throw fail(`is a bitfield of ${String(bitSize)} bits, but its type has ${String(type.size * 8)}`);
    }
    const end = bitOffset + (bitSize === 0 ? type.size * 8 : bitSize);
    if (end > raw.size * 8) {
      throw fail(`ends at bit ${String(end)}, but the ${raw.kind} has ${String(raw.size * 8)}`);
    }
    const declaration = formatDeclaration(this.#btf, member.type, name);
    return {
      name,
      type,
      bitOffset,
      bitSize,
      declaration: bitSize === 0 ? declaration : `${declaration} : ${String(bitSize)}`,
      tags: this.#btf.tagsOf(raw.id, index),
    };
  }

  /**
   * BTF has 24 bits for the place of a member in a struct with bitfields. Compilers let what lies further in overflow into
   * its width: then such a member seems to lie 2 MiB further out, and as much seems to be empty at the end.
   */
  #checkPlaces(raw: RawStruct, members: readonly Member[]): void {
    if (!mayOverflow(raw) || raw.kind === 'union') return;
    let end = 0;
    let backwards = false;
    for (const { bitOffset, bitSize, type } of members) {
      backwards ||= bitOffset < end;
      end = bitOffset + (bitSize === 0 ? type.size * 8 : bitSize);
    }
    if (!backwards && raw.size * 8 - end < PLACES) return;
    throw this.#btf.error(
      raw.id,
      'has bitfields, and members more than 2 MiB in, whose places BTF cannot say: put the bitfields into a struct of their own, or before a pointer to the rest',
    );
  }

  #emptyIn(type: Type): number {
    return this.#empty.get(type) ?? 0;
  }

  #tooEmpty(raw: RawType, count: number): BtfError {
    return this.#btf.error(raw.id, `has ${String(count)} elements of no size`);
  }

  #nodesOf(type: Type): number {
    return this.#nodes.get(type) ?? 1;
  }

  #count(raw: RawType, type: Type, inner: number): void {
    if (inner >= MAX_NODES) throw this.#tooLarge(raw);
    this.#nodes.set(type, inner + 1);
  }

  #tooLarge(raw: RawType): BtfError {
    return this.#btf.error(raw.id, `consists of more than ${String(MAX_NODES)} members`);
  }

  #checkName(raw: RawType): void {
    if (raw.name === '') throw this.#btf.error(raw.id, 'has no name');
  }

  #checkSize<S extends number>(raw: RawType & { readonly size: number }, allowed: readonly S[]): S {
    const size = allowed.find((one) => one === raw.size);
    if (size === undefined) {
      throw this.#btf.error(raw.id, `has ${String(raw.size)} bytes; supported are ${allowed.join(', ')}`);
    }
    return size;
  }
}

const spelled = (keyword: string, own: string, typedef: string): string =>
  own === '' ? typedef : `${keyword} ${own}`;

/** Bits that the place of a member in a struct with bitfields can say. */
const PLACES = 2 ** 24;

const mayOverflow = ({ kindFlag, size }: RawStruct): boolean => kindFlag && size * 8 > PLACES;

const resolvers = new WeakMap<RawBtf, Resolver>();

/**
 * The layout of a type, or of a variable by the id of its VAR. Always the same object for an id.
 * Throws BtfError for what has no values (void, functions, types that are only declared), and for damage.
 */
export function resolveType(btf: RawBtf, id: number): Type {
  let resolver = resolvers.get(btf);
  if (resolver === undefined) resolvers.set(btf, (resolver = new Resolver(btf)));
  return resolver.resolve(id);
}

/** Refuses a struct whose members are not where BTF says. @throws BtfError */
export function checkPlaces(btf: RawBtf, raw: RawStruct): void {
  if (mayOverflow(raw)) resolveType(btf, raw.id);
}
