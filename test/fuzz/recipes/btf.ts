import { BtfBuilder } from '../../support/btf-builder';
import type { Give } from '../give';
import type { Recipe, Recipes } from './recipe';

const type = (give: Give): unknown =>
  give.pick<unknown>(
    'struct point',
    'struct record',
    'struct user',
    '__u64',
    'int',
    'nothing',
    give.below(40),
  );
const value = (give: Give): unknown => give.pick<unknown>(give.number, { x: 1, y: 2, weight: 3n });
const bytes = (give: Give): Uint8Array => give.bytes(give.pick(4, 8, 16, 64));

/** Lengths of the kinds up to struct, and of one that no Linux has yet. */
const KINDS = Array.from({ length: 36 }, (_, kind): readonly [own: number, entry: number] =>
  kind === 1 ? [4, 0] : kind === 4 ? [0, 12] : [4, 8],
);

/** A BTF with a type of a kind that came later, which a struct has as a member. */
export function newerBtf(): Uint8Array {
  const b = new BtfBuilder();
  const int = b.int('int', 4);
  const novelty = b.add(KINDS.length - 1, 'novelty', 1, false, 0, 11, 22, 33);
  b.struct('user', 8, [
    { name: 'x', type: int, at: 0 },
    { name: 'n', type: novelty, at: 32 },
  ]);
  return b.build(KINDS);
}

/** What all classes of types have. */
const OF_TYPES: Readonly<Record<string, Recipe>> = {
  declaration: (give) => [give.perhaps(() => give.pick('x', 'n'))],
  decode: (give) => [bytes(give), { int64: give.pick('bigint', 'number') }],
  encode: (give) => [value(give), { partial: give.flag }],
  format: (give) => [bytes(give), { compact: give.flag, emitZeroes: give.flag }],
};
export const TYPE_CLASSES = [
  'BtfInt',
  'BtfStruct',
  'BtfEnum',
  'BtfModifier',
  'BtfPointer',
  'BtfUnknown',
] as const;

export const BTF: Recipes = {
  'Btf.find': (give: Give) => [type(give)],
  'Btf.type': (give: Give) => [type(give)],
  'Btf.types': (give: Give) => [{ kind: give.perhaps(() => give.pick('struct', 'int', 'func', 'unknown')) }],
  'Btf.decode': (give: Give) => [type(give), bytes(give)],
  'Btf.encode': (give: Give) => [type(give), value(give)],
  'Btf.format': (give: Give) => [type(give), bytes(give)],
  'Btf.definition': (give: Give) => [type(give)],
  ...Object.fromEntries(
    TYPE_CLASSES.flatMap((name) =>
      Object.entries(OF_TYPES).map(([method, recipe]) => [`${name}.${method}`, recipe]),
    ),
  ),
};
