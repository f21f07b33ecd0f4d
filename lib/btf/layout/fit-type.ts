/** Flexible arrays: the type that a variable has in the bytes that there are. */
import type { ArrayType, Member, StructType, Type } from './layout-model';

const fitted = new WeakMap<Type, Map<number, Type>>();

/**
 * The type with the array at its end as long as `size` bytes allow: `u64 items[]` and `struct { u32 n; u64 items[]; }`
 * that an initialiser gave room to, and with `resize` any array, to follow its section.
 */
export function fitType(type: Type, size: number, resize = false): Type {
  if (size === type.size || !(resize || size > type.size)) return type;
  let sizes = fitted.get(type);
  if (sizes === undefined) fitted.set(type, (sizes = new Map<number, Type>()));
  let result = sizes.get(size);
  if (result === undefined) sizes.set(size, (result = stretch(type, size, resize)));
  return result;
}

function stretch(type: Type, size: number, resize: boolean): Type {
  if (type.kind === 'array') return resize || type.length === 0 ? stretchArray(type, size) : type;
  const last = type.kind === 'struct' ? type.members.at(-1) : undefined;
  if (type.kind !== 'struct' || last?.type.kind !== 'array' || last.type.length !== 0) return type;
  const member: Member = { ...last, type: stretchArray(last.type, size - last.bitOffset / 8) };
  const members = [...type.members.slice(0, -1), member];
  return { ...type, size, members } satisfies StructType;
}

function stretchArray(type: ArrayType, size: number): ArrayType {
  const each = type.element.size;
  const length = each === 0 ? 0 : Math.max(0, Math.floor(size / each));
  return { ...type, length, size: length * each };
}
