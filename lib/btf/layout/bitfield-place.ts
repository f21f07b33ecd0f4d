/** Where a member's bits are, in both of BTF's encodings. */
import type { RawBtf } from '../records/record-table';
import type { RawInt, RawMember } from '../records/records';
import { skipModifiers } from './modifiers';

export interface MemberBits {
  /** From the start of the struct. */
  readonly bitOffset: number;
  /** The width of a bitfield, else 0. */
  readonly bitSize: number;
  /** Of a bitfield in the old encoding: its int type, of which only a part counts. */
  readonly partOf?: RawInt;
}

/** Before the kind_flag of structs, a bitfield was a member of an int type that has fewer bits than bytes. */
export function bitsOf(btf: RawBtf, { type, bitOffset, bitSize }: RawMember): MemberBits {
  if (bitSize > 0) return { bitOffset, bitSize };
  const { target } = skipModifiers(btf, type);
  if (target.kind !== 'int' || target.isBool) return { bitOffset, bitSize };
  const isWhole = target.bits === target.size * 8 && target.bitOffset === 0 && bitOffset % 8 === 0;
  return isWhole
    ? { bitOffset, bitSize }
    : { bitOffset: bitOffset + target.bitOffset, bitSize: target.bits, partOf: target };
}
