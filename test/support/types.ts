/** Layouts by hand, as C would lay them out: `struct('point', { x: s32, y: s32 })`. */
import { alignmentOf } from '../../lib/btf/codec/access-alignment';
import type {
  ArrayType,
  EnumType,
  IntType,
  Member,
  StructType,
  Type,
} from '../../lib/btf/layout/layout-model';

const int = (spelling: string, size: IntType['size'], signed: boolean): IntType => ({
  kind: 'int',
  spelling,
  size,
  signed,
});
export const u8 = int('__u8', 1, false);
export const s8 = int('__s8', 1, true);
export const u16 = int('__u16', 2, false);
export const s16 = int('__s16', 2, true);
export const u32 = int('__u32', 4, false);
export const s32 = int('__s32', 4, true);
export const u64 = int('__u64', 8, false);
export const s64 = int('__s64', 8, true);
export const u128 = int('unsigned __int128', 16, false);
export const s128 = int('__int128', 16, true);
export const char: Type = { kind: 'char', spelling: 'char', size: 1, signed: true };
export const bool: Type = { kind: 'bool', spelling: '_Bool', size: 1 };
export const float: Type = { kind: 'float', spelling: 'float', size: 4 };
export const double: Type = { kind: 'float', spelling: 'double', size: 8 };
export const pointer: Type = { kind: 'pointer', spelling: 'void *', size: 8 };

export const enumeration = (size: EnumType['size'], signed: boolean): EnumType => ({
  kind: 'enum',
  spelling: `enum e${String(size)}`,
  size,
  signed,
  constants: [],
});

export const array = (element: Type, length: number): ArrayType => ({
  kind: 'array',
  spelling: `${element.spelling}[${String(length)}]`,
  size: element.size * length,
  length,
  element,
});

/** A member with the width of a bitfield. */
export interface Bits {
  readonly type: Type;
  readonly bits: number;
}
export const bits = (type: Type, width: number): Bits => ({ type, bits: width });

type Fields = readonly (readonly [name: string, field: Type | Bits])[];

interface Layout {
  readonly packed?: boolean;
  readonly union?: boolean;
}

export function struct(
  name: string,
  fields: Readonly<Record<string, Type | Bits>> | Fields,
  { packed = false, union = false }: Layout = {},
): StructType {
  const list: Fields = Array.isArray(fields) ? (fields as Fields) : Object.entries(fields);
  const members: Member[] = [];
  let end = 0;
  let size = 0;
  let alignment = 1;
  for (const [member, field] of list) {
    const bitSize = 'bits' in field ? field.bits : 0;
    const type = 'bits' in field ? field.type : field;
    const align = packed ? 1 : alignmentOf(type);
    if (union) end = 0;
    let bitOffset = end;
    if (bitSize === 0) bitOffset = Math.ceil(end / (align * 8)) * align * 8;
    // A bitfield of an unpacked struct does not cross a border of its declared type.
    else if (
      !packed &&
      Math.floor(end / (type.size * 8)) !== Math.floor((end + bitSize - 1) / (type.size * 8))
    ) {
      bitOffset = Math.ceil(end / (type.size * 8)) * type.size * 8;
    }
    members.push({
      name: member.startsWith('_anonymous') ? '' : member,
      type,
      bitOffset,
      bitSize,
      declaration: '',
      tags: [],
    });
    end = bitOffset + (bitSize || type.size * 8);
    size = Math.max(size, end);
    alignment = Math.max(alignment, align);
  }
  const bytes = Math.ceil(size / 8);
  return {
    kind: union ? 'union' : 'struct',
    spelling: `${union ? 'union' : 'struct'} ${name}`,
    size: packed ? bytes : Math.ceil(bytes / alignment) * alignment,
    members,
  };
}
