import { isLast } from './flexible';
import type { Member, StructType, Type } from './layout-model';

/** A member as C code sees it: those of anonymous structs and unions count as the outer one's. */
export interface FlatMember {
  readonly name: string;
  readonly type: Type;
  /** From the start of the outermost struct. */
  readonly bitOffset: number;
  readonly bitSize: number;
  readonly declaration: string;
  /** Shares its memory with others: a member of a union, however deep in anonymous ones. */
  readonly overlaps: boolean;
  /** Nothing that has a size lies behind it in the outermost struct: a flexible array here has the rest of the memory. */
  readonly last: boolean;
}

const flattened = new WeakMap<StructType, readonly FlatMember[]>();

export function flatMembers(type: StructType): readonly FlatMember[] {
  let known = flattened.get(type);
  if (known === undefined) {
    const members: FlatMember[] = [];
    flatten(type, 0, false, true, members);
    known = members;
    flattened.set(type, known);
  }
  return known;
}

function flatten(type: StructType, base: number, overlaps: boolean, last: boolean, into: FlatMember[]): void {
  const inUnion = overlaps || (type.kind === 'union' && type.members.length > 1);
  for (const [i, member] of type.members.entries()) {
    const bitOffset = base + member.bitOffset;
    const atEnd = last && isLast(type, i);
    if (member.name !== '') into.push({ ...pick(member), bitOffset, overlaps: inUnion, last: atEnd });
    // Without a name: an anonymous struct or union, or the padding that an unnamed bitfield is.
    else if (member.type.kind === 'struct' || member.type.kind === 'union') {
      flatten(member.type, bitOffset, inUnion, atEnd, into);
    }
  }
}

function pick({
  name,
  type,
  bitSize,
  declaration,
}: Member): Omit<FlatMember, 'bitOffset' | 'overlaps' | 'last'> {
  return { name, type, bitSize, declaration };
}
