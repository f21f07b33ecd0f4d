/** Random layouts and values that fit them, for fast-check. */
import fc from 'fast-check';
import type { Type } from '../../lib/btf/layout/layout-model';
import * as t from './types';

const SCALARS: Type[] = [
  t.u8,
  t.s8,
  t.u16,
  t.s16,
  t.u32,
  t.s32,
  t.u64,
  t.s64,
  t.u128,
  t.s128,
  t.char,
  t.bool,
  t.float,
  t.double,
  t.pointer,
  t.enumeration(1, false),
  t.enumeration(4, true),
  t.enumeration(8, true),
];
const BITFIELDS: Type[] = [
  t.u8,
  t.s8,
  t.u16,
  t.s16,
  t.u32,
  t.s32,
  t.u64,
  t.s64,
  t.bool,
  t.enumeration(4, true),
];

const scalar = fc.constantFrom(...SCALARS);
const bitfield = fc
  .constantFrom(...BITFIELDS)
  .chain((type) =>
    fc.integer({ min: 1, max: type.kind === 'bool' ? 1 : type.size * 8 }).map((width) => t.bits(type, width)),
  );

/** Any type. Unions have members of one kind of bytes only, where each value is one of its own. */
export const anyType: fc.Arbitrary<Type> = fc.letrec<{ type: Type }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc
      .tuple(tie('type'), fc.integer({ min: 0, max: 4 }))
      .map(([element, length]) => t.array(element, length)),
    fc
      .tuple(
        fc.array(fc.oneof(tie('type'), bitfield), { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        fc.nat(3),
      )
      .map(([fields, packed, kind]) =>
        t.struct(
          'random',
          // Every now and then a struct is anonymous in the next: names must stay distinct, so by its size and place.
          fields.map((field, i) => [`m${String(i)}`, field] as const),
          { packed, union: kind === 0 },
        ),
      ),
  ),
})).type;

/** A value that fits. Of a union: one member. */
export function valueOf(type: Type, bits = 0): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'bool':
      return fc.boolean();
    case 'float':
      return type.size === 4 ? fc.float() : fc.double();
    case 'pointer':
      return fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
    case 'array': {
      // The bytes of text are 0 to 255, whatever the sign of char.
      const element = type.element.kind === 'char' ? fc.nat(255) : valueOf(type.element);
      return fc.tuple(...Array.from({ length: type.length }, () => element));
    }
    case 'struct':
      return fc.record(Object.fromEntries(type.members.map((m) => [m.name, valueOf(m.type, m.bitSize)])));
    case 'union':
      return fc
        .constantFrom(...type.members)
        .chain((m) => valueOf(m.type, m.bitSize).map((value) => ({ [m.name]: value })));
    default: {
      const width = BigInt(bits || type.size * 8);
      const min = type.signed ? -(1n << (width - 1n)) : 0n;
      const max = type.signed ? -min - 1n : (1n << width) - 1n;
      const any = fc.bigInt({ min, max });
      return type.size >= 8 ? any : any.map(Number);
    }
  }
}

/** Something that no such type holds. */
export const misfit = fc.constantFrom<unknown>(
  1e30,
  -1,
  2n ** 200n,
  -(2n ** 200n),
  0.5,
  NaN,
  'text',
  null,
  {},
  [],
  Symbol.iterator,
  () => 0,
  [1],
  { stranger: 1 },
);
