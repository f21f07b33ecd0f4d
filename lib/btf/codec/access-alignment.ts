/** How a value must lie so that each of its parts is one aligned load or store. */
import { bitfieldWord } from './text/bitfield';
import { flatMembers, type FlatMember } from '../layout/members';
import type { StructType, Type } from '../layout/layout-model';

const structs = new WeakMap<StructType, number>();

/**
 * The multiple, in bytes, that a value of the type should start at. Parts that are misaligned within it (packed
 * structs) ask for nothing. 128-bit integers are two 64-bit words.
 */
export function alignmentOf(type: Type): number {
  switch (type.kind) {
    case 'array':
      return alignmentOf(type.element);
    case 'struct':
    case 'union': {
      let known = structs.get(type);
      if (known === undefined) {
        known = flatMembers(type).reduce((most, member) => Math.max(most, ofMember(member, type.size)), 1);
        structs.set(type, known);
      }
      return known;
    }
    default:
      return type.size === 16 ? 8 : [1, 2, 4, 8].includes(type.size) ? type.size : 1;
  }
}

function ofMember({ type, bitOffset, bitSize }: FlatMember, room: number): number {
  if (bitSize > 0) return bitfieldWord({ bitOffset, bitSize, room })?.size ?? 1;
  const wanted = alignmentOf(type);
  return bitOffset % (wanted * 8) === 0 ? wanted : 1;
}
