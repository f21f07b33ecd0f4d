/** BTF as Linux 7.1 and later write it: more than 65,535 members, kinds above 31, and kinds that came after us. */
import { Btf, BtfError } from '../../../../lib';
import { TypeEncoder } from '../../../../lib/btf/api/encode-types';
import { RawBtf } from '../../../../lib/btf/records/record-table';
import { resolveType } from '../../../../lib/btf/layout/resolve';
import { formatDefinition } from '../../../../lib/btf/layout/definition';
import type { EnumType, StructType } from '../../../../lib/btf/layout/layout-model';
import { BtfBuilder } from '../../../support/btf-builder';

const MANY = 70_000;
/** Lengths of Linux 7.1's kinds, of a record's own part and of each of its entries. */
const KINDS = [
  [0, 0],
  [4, 0],
  [0, 0],
  [12, 0],
  [0, 12],
  [0, 12],
  [0, 8],
  ...Array.from({ length: 6 }, () => [0, 0] as const),
  [0, 8],
  [4, 0],
  [0, 12],
  [0, 0],
  [4, 0],
  [0, 0],
  [0, 12],
] as const;

describe('more than 65,535 of anything', () => {
  test('a struct of 70,000 members, and what comes after it', () => {
    const b = new BtfBuilder();
    const int = b.int('int', 4);
    b.struct(
      'wide',
      MANY * 4,
      Array.from({ length: MANY }, (_, index) => ({ name: `m${index}`, type: int, at: index * 32 })),
    );
    b.struct('after', 4, [{ name: 'x', type: int, at: 0 }]);
    const btf = Btf.fromBytes(b.build());
    expect(btf.length).toBe(4);
    const wide = btf.type('struct wide');
    expect(wide.members).toHaveLength(MANY);
    expect(wide.member(`m${MANY - 1}`)?.offset).toBe((MANY - 1) * 4);
    expect((wide.layout as StructType).members).toHaveLength(MANY);
    expect(wide.definition()).toContain(`m${MANY - 1};`);
    expect(btf.type('struct after').definition()).toContain('x;');
    // And written again, for the kernel.
    const encoder = new TypeEncoder();
    const id = encoder.add(wide.layout);
    const again = resolveType(RawBtf.parse(encoder.bytes(), 'again'), id) as StructType;
    expect(again.members.at(-1)).toMatchObject({ name: `m${MANY - 1}`, bitOffset: (MANY - 1) * 32 });
  });

  test('an enum of 70,000 constants', () => {
    const b = new BtfBuilder();
    b.enum('e', 4, Object.fromEntries(Array.from({ length: MANY }, (_, index) => [`C${index}`, index])));
    b.int('int', 4);
    const btf = Btf.fromBytes(b.build());
    const type = btf.type('enum e');
    expect(type.constant(`C${MANY - 1}`)).toBe(MANY - 1);
    expect(type.format(Uint8Array.of(0x6f, 0x11, 1, 0))).toBe('(enum e)C69999');
    expect(formatDefinition(type.layout as EnumType)).toContain(`C${MANY - 1} = ${MANY - 1},`);
    expect(btf.type(2).name).toBe('int');
    const encoder = new TypeEncoder();
    const id = encoder.add(type.layout);
    expect(resolveType(RawBtf.parse(encoder.bytes(), 'again'), id)).toEqual(type.layout);
  });

  test('a function of 70,000 parameters', () => {
    const b = new BtfBuilder();
    const int = b.int('int', 4);
    b.prototype(int, new Array<number>(MANY).fill(int));
    b.int('long', 8);
    const btf = Btf.fromBytes(b.build());
    expect(btf.type(2)).toMatchObject({ kind: 'func_proto', parameters: { length: MANY } });
    expect(btf.type(3).name).toBe('long');
  });
});

describe.each([20, 31, 35, 100, 127])('kind %d, which came later', (number) => {
  const kinds = Array.from({ length: number + 1 }, (_, kind) => KINDS[kind] ?? ([4, 8] as const));
  const builder = (used = true): BtfBuilder => {
    const b = new BtfBuilder();
    b.int('int', 4);
    // Its own word, and two entries of two words.
    b.add(number, 'novelty', 2, false, 0, 11, 22, 33, 44, 55);
    b.struct('plain', 4, [{ name: 'x', type: 1, at: 0 }]);
    b.reference('ptr', 2);
    if (!used) return b;
    b.struct('user', 8, [
      { name: 'x', type: 1, at: 0 },
      { name: 'n', type: 2, at: 32 },
    ]);
    b.reference('typedef', 2, 'alias');
    b.variable('v', 2);
    return b;
  };
  const unknown = new RegExp(
    `BTF type 2 \\(unknown kind 'novelty'\\): has kind ${number}, which this version of libbpf-subskel does not know`,
  );

  test('is skipped by the layout section', () => {
    const btf = Btf.fromBytes(builder().build(kinds));
    expect(btf.length).toBe(8);
    expect(btf.type('struct plain').definition()).toContain('int x;');
    expect(btf.decode('struct plain', Uint8Array.of(1, 2, 0, 0))).toEqual({ x: 0x201 });
    const [type] = btf.types({ kind: 'unknown' });
    expect(type).toMatchObject({ kind: 'unknown', id: 2, name: 'novelty', number, size: undefined });
    expect(String(type)).toBe(`kind ${number} 'novelty'`);
    expect([...btf.types()]).toHaveLength(7);
    expect(btf.find('novelty')).toBeUndefined();
    // Nothing that C has definitions for needs it.
    expect(Btf.fromBytes(builder(false).build(kinds)).definition()).toContain('struct plain {');
  });

  test('what refers to it is an error only when it is used', () => {
    const btf = Btf.fromBytes(builder().build(kinds));
    const user = btf.type('struct user');
    expect(user.members.map(({ name }) => name)).toEqual(['x', 'n']);
    expect(user.member('n')?.type.kind).toBe('unknown');
    for (const use of [
      () => user.layout,
      () => user.decode(new Uint8Array(8)),
      () => user.format(new Uint8Array(8)),
      () => user.definition(),
      () => btf.definition(),
      () => user.member('n')?.declaration,
      () => btf.type(4).declaration(),
      () => btf.type('alias').layout,
      () => btf.type('v').layout,
      () => btf.type(2).declaration(),
      () => btf.type(2).definition(),
    ]) {
      expect(use).toThrow(BtfError);
      expect(use).toThrow(unknown);
    }
    // A pointer is an address, whatever it points to.
    expect(() => btf.type(4).size).not.toThrow();
  });

  test('without a layout section, or one that says nothing of it, the whole is refused', () => {
    const refused = new RegExp(
      `has kind ${number}, which BTF does not define .*no layout section that tells it`,
    );
    expect(() => Btf.fromBytes(builder().build())).toThrow(refused);
    expect(() => Btf.fromBytes(builder().build(KINDS))).toThrow(refused);
    // Records consist of words.
    const odd = kinds.map((lengths, kind) => (kind === number ? ([5, 8] as const) : lengths));
    expect(() => Btf.fromBytes(builder().build(odd))).toThrow(refused);
    const short = kinds.map((lengths, kind) => (kind === number ? ([252, 252] as const) : lengths));
    expect(() => Btf.fromBytes(builder().build(short))).toThrow(/reaches past the end of the types/);
  });
});

test('split BTF without a layout section goes by that of its base', () => {
  const kinds = [...KINDS, [4, 0] as const];
  const base = new BtfBuilder();
  base.int('int', 4);
  const bytes = base.build(kinds);
  const whole = Btf.fromBytes(bytes);
  const split = new BtfBuilder({ firstId: 2, firstName: 5 });
  split.add(20, 'n', 0, false, 0, 1);
  split.struct('s', 4, [{ name: 'x', type: 1, at: 0 }]);
  const btf = Btf.fromBytes(split.build(), { base: whole });
  expect(btf.type('struct s').definition()).toContain('int x;');
  expect([...btf.types({ kind: 'unknown' })].map(({ id }) => id)).toEqual([2]);
});

test('a layout section that is not where the header says', () => {
  const bytes = new BtfBuilder().build(KINDS);
  new DataView(bytes.buffer).setUint32(28, 4096, true);
  expect(() => Btf.fromBytes(bytes)).toThrow(/puts the layout of kinds at bytes .*truncated or damaged/);
});
