/** The type that a value has in the bytes that there are. */
import { elementsIn, isFlexible, isLast } from './flexible';
import type { ArrayType, StructType, Type } from './layout-model';

const fitted = new WeakMap<Type, Map<number, Type>>();

/**
 * The type with its flexible arrays as long as `size` bytes allow: `u64 items[]` and `struct { u32 n; u64 items[]; }` that
 * an initialiser gave room to, and with `resize` any array, to follow its section.
 */
export function fitType(type: Type, size: number, resize = false): Type {
  if (!isFlexible(type) && !(resize && type.kind === 'array')) return type;
  let sizes = fitted.get(type);
  if (sizes === undefined) fitted.set(type, (sizes = new Map<number, Type>()));
  let result = sizes.get(size);
  if (result === undefined) sizes.set(size, (result = stretch(type, size)));
  return result;
}

/** The same type where it has the right size as it is. */
function stretch(type: Type, size: number): Type {
  if (type.kind === 'array') return stretchArray(type, size);
  return type.kind === 'struct' || type.kind === 'union' ? stretchStruct(type, size) : type;
}

function stretchArray(type: ArrayType, size: number): ArrayType {
  const length = elementsIn(type, size);
  return length === type.length ? type : { ...type, length, size: length * type.element.size };
}

function stretchStruct(type: StructType, size: number): StructType {
  const members = type.members.map((member, i) => {
    if (!isFlexible(member.type) || !isLast(type, i)) return member;
    const inner = stretch(member.type, size - member.bitOffset / 8);
    return inner === member.type ? member : { ...member, type: inner };
  });
  const changed = members.some((member, i) => member !== type.members[i]);
  return changed ? { ...type, size: Math.max(size, type.size), members } : type;
}
