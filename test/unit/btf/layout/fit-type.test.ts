import { fitType } from '../../../../lib/btf/layout/fit-type';
import { isFlexible } from '../../../../lib/btf/layout/flexible';
import type { Type } from '../../../../lib/btf/layout/layout-model';
import * as t from '../../../support/types';

const chars = t.array(t.char, 0);
const inner = t.struct('inner', [
  ['m', t.u32],
  ['tail', chars],
]);
const union = (...members: Type[]): Type =>
  t.struct(
    '',
    members.map((member, i) => [`u${String(i)}`, member] as const),
    { union: true },
  );

/** How long the arrays of length 0 have become, by their path. */
function lengths(type: Type, path = ''): Record<string, number> {
  if (type.kind === 'array' && type.element.kind === 'char') return { [path]: type.length };
  if (type.kind === 'array') return lengths(type.element, `${path}[]`);
  if (type.kind !== 'struct' && type.kind !== 'union') return {};
  return Object.assign({}, ...type.members.map((m) => lengths(m.type, `${path}.${m.name}`))) as Record<
    string,
    number
  >;
}

test.each<[what: string, type: Type, expected: Record<string, number>]>([
  ['an array', chars, { '': 40 }],
  ['at the end', inner, { '.tail': 36 }],
  [
    'in a struct at the end',
    t.struct('s', [
      ['n', t.u64],
      ['in', inner],
    ]),
    { '.in.tail': 28 },
  ],
  [
    'in a union',
    t.struct('s', [
      ['n', t.u32],
      ['u', union(chars, inner)],
    ]),
    { '.u.u0': 36, '.u.u1.tail': 32 },
  ],
  ['a union itself', union(t.u64, chars), { '.u1': 40 }],
  [
    'before one without a size',
    t.struct('s', [
      ['n', t.u32],
      ['tail', chars],
      ['z', t.array(t.u64, 0)],
    ]),
    { '.tail': 36 },
  ],
  [
    'before another',
    t.struct('s', [
      ['tail', chars],
      ['n', t.u32],
    ]),
    { '.tail': 0 },
  ],
  [
    'before a bitfield',
    t.struct('s', [
      ['tail', chars],
      ['n', t.bits(t.u32, 3)],
    ]),
    { '.tail': 0 },
  ],
  [
    'in a struct before another',
    t.struct('s', [
      ['in', inner],
      ['n', t.u32],
    ]),
    { '.in.tail': 0 },
  ],
  ['in the elements of an array', t.struct('s', [['in', t.array(inner, 2)]]), { '.in[].tail': 0 }],
])('%s', (_, type, expected) => {
  const fitted = fitType(type, 40);
  expect(lengths(fitted)).toEqual(expected);
  expect(fitted.size).toBe(Object.values(expected).some((length) => length > 0) ? 40 : type.size);
  expect(isFlexible(type)).toBe(fitted !== type);
  expect(fitType(type, 40)).toBe(fitted);
});

test('as long as it is, a type stays the same one', () => {
  expect(fitType(inner, 4)).toBe(inner);
  expect(fitType(t.u64, 16)).toBe(t.u64);
  expect(fitType(t.array(t.u8, 3), 9)).toMatchObject({ length: 3 });
});

test('the padding of a struct counts', () => {
  const padded = t.struct('s', [
    ['n', t.u64],
    ['m', t.u32],
    ['tail', chars],
  ]);
  expect(padded.size).toBe(16);
  expect(lengths(fitType(padded, 16))).toEqual({ '.tail': 4 });
});

test('with its section any array grows and shrinks', () => {
  const array = t.array(t.u32, 3);
  expect(fitType(array, 23, true)).toMatchObject({ length: 5, size: 20 });
  expect(fitType(array, 0, true)).toMatchObject({ length: 0, size: 0 });
});
