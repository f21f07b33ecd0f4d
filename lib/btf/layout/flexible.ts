/**
 * Flexible arrays: `char path[]`, and `[0]` at the end, which BTF does not tell apart. One has as many elements as there
 * is memory from its start to the end of the variable, record or value that it ends.
 */
import type { ArrayType, Member, StructType, Type } from './layout-model';

/** Whether nothing that has a size lies behind the member. The members of a union lie behind one another nowhere. */
export function isLast({ kind, members }: StructType, index: number): boolean {
  if (kind === 'union') return true;
  for (let i = index + 1; i < members.length; i++) {
    const { bitSize, type } = members[i] as Member;
    if (bitSize > 0 || type.size > 0) return false;
  }
  return true;
}

const structs = new WeakMap<StructType, boolean>();

/**
 * Whether the type is a flexible array, or ends in one: its own, or that of a struct or union at its end, as the kernel's
 * DECLARE_FLEX_ARRAY has it. Those of array elements and of members that others follow have no room and stay empty.
 */
export function isFlexible(type: Type): boolean {
  if (type.kind === 'array') return type.length === 0;
  if (type.kind !== 'struct' && type.kind !== 'union') return false;
  let known = structs.get(type);
  if (known === undefined) {
    known = type.members.some((member, i) => isFlexible(member.type) && isLast(type, i));
    structs.set(type, known);
  }
  return known;
}

/** How many elements of a flexible array there are in `size` bytes. */
export function elementsIn({ element }: ArrayType, size: number): number {
  return element.size === 0 ? 0 : Math.max(0, Math.floor(size / element.size));
}
