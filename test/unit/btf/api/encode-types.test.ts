/** Layouts written as BTF, and read again: the same. What the kernel makes of it is in test/kernel/map/types. */
import fc from 'fast-check';
import { TypeEncoder } from '../../../../lib/btf/api/encode-types';
import { RawBtf } from '../../../../lib/btf/records/record-table';
import { resolveType } from '../../../../lib/btf/layout/resolve';
import type { StructType, Type } from '../../../../lib/btf/layout/layout-model';
import { BtfError } from '../../../../lib/errors';
import { anyType } from '../../../support/type-arbitrary';
import * as t from '../../../support/types';

function again(type: Type): Type {
  const encoder = new TypeEncoder();
  const id = encoder.add(type);
  expect(encoder.add(type)).toBe(id);
  return resolveType(RawBtf.parse(encoder.bytes(), 'test'), id);
}

/** What is stored where: what a layout says without its texts. Pointers are to void. */
function shape(type: Type): unknown {
  const { kind, size } = type;
  switch (kind) {
    case 'array':
      return { kind, size, length: type.length, element: shape(type.element) };
    case 'struct':
    case 'union':
      return {
        kind,
        size,
        members: type.members.map((member) => [
          member.name,
          member.bitOffset,
          member.bitSize,
          shape(member.type),
        ]),
      };
    case 'enum':
      return { kind, size, constants: type.constants.map(({ name, value }) => [name, BigInt(value)]) };
    case 'int':
    case 'char':
      return { kind, size, signed: type.signed };
    default:
      return { kind, size };
  }
}

test('any layout comes back as it was', () => {
  fc.assert(fc.property(anyType, (type) => expect(shape(again(type))).toEqual(shape(type))));
});

const member = (name: string, type: Type, bitOffset: number, bitSize = 0): StructType['members'][number] => ({
  name,
  type,
  bitOffset,
  bitSize,
  declaration: name,
  tags: [],
});
const struct = (spelling: string, size: number, ...members: StructType['members'][number][]): StructType => ({
  kind: 'struct',
  spelling,
  size,
  members,
});

test.each<readonly [string, Type]>([
  ['u32', { kind: 'int', spelling: 'u32', size: 4, signed: false }],
  ['struct point', struct('struct point', 4, member('x', t.u32, 0))],
  ['point_t', struct('point_t', 4, member('x', t.u32, 0))],
  ['', struct('', 4, member('x', t.u32, 0))],
  ['void *', { kind: 'pointer', spelling: 'struct sock *', size: 8 }],
  [
    'enum state',
    { kind: 'enum', spelling: 'enum state', size: 4, signed: false, constants: [{ name: 'A', value: 1 }] },
  ],
])('names survive: %p', (spelling, type) => {
  expect(again(type).spelling).toBe(spelling);
});

test('a bitfield further in than the format has room for is refused', () => {
  const far = struct('struct far', 2 ** 22, member('a', t.u8, 0, 3), member('b', t.u32, 2 ** 24));
  expect(() => again(far)).toThrow(BtfError);
  expect(again(struct('struct far', 2 ** 22, member('b', t.u32, 2 ** 24))).size).toBe(2 ** 22);
});
