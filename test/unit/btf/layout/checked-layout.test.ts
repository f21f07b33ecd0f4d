/** Layouts from outside: what is taken, what is refused, and that nothing of them can change afterwards. */
import { existsSync, readFileSync } from 'node:fs';
import { checkedLayout, layoutGiven } from '../../../../lib/btf/layout/checked-layout';
import { sealLayout } from '../../../../lib/btf/layout/sealed-layout';
import { RawBtf } from '../../../../lib/btf/records/record-table';
import { resolveType } from '../../../../lib/btf/layout/resolve';
import type { Type } from '../../../../lib/btf/layout/layout-model';
import { readBtf } from '../../../../lib/descriptor/read/from-object';
import { parseElf } from '../../../../lib/elf/elf';
import { DescriptorError } from '../../../../lib/errors';
import { compileBpf } from '../../../support/compile';
import { array, bits, char, enumeration, s32, struct, u32, u64, u8 } from '../../../support/types';

type Plain = Record<string, unknown>;
const point = struct('point', { x: s32, y: s32 });
const outer = struct('outer', {
  at: point,
  flags: bits(u32, 3),
  text: array(char, 4),
  state: enumeration(4, true),
});

/** A copy to forge. */
const plain = (type: Type): Plain => structuredClone(type) as unknown as Plain;
const member = (type: Plain, i: number): Plain => (type['members'] as Plain[])[i] as Plain;

function forged(type: Type, change: (copy: Plain) => unknown): unknown {
  const copy = plain(type);
  return change(copy) ?? copy;
}

const nested = (levels: number): Plain => {
  let type = plain(u8);
  for (let n = 0; n < levels; n++) type = { kind: 'array', spelling: '', size: 1, length: 1, element: type };
  return type;
};

const doubled = (levels: number): Plain => {
  let type = plain(u8);
  for (let n = 0; n < levels; n++) {
    const size = 2 ** n;
    const part = (at: number): Plain => ({
      ...{ name: `m${String(at)}`, type, bitOffset: at * size * 8, bitSize: 0, declaration: '', tags: [] },
    });
    type = { kind: 'struct', spelling: 'struct s', size: 2 * size, members: [part(0), part(1)] };
  }
  return type;
};

const NOTHING = { kind: 'struct', spelling: 'struct nothing', size: 0, members: [] };

const REFUSED: readonly (readonly [what: string, given: () => unknown, message: RegExp])[] = [
  ['a number', () => 8, /^t: must be a layout, not 8$/],
  ['an unknown kind', () => ({ kind: 'constructor' }), /^t\.kind: must be one of int, .*not "constructor"$/],
  ['a missing field', () => ({ kind: 'int', size: 4, signed: true }), /^t\.spelling: is missing$/],
  [
    'a misspelt one',
    () => ({ ...u32, sigend: true }),
    /^t\.sigend: is no field of a layout \(did you mean 'signed'/,
  ],
  [
    'code for a size',
    () => ({ ...u32, size: 'run()' }),
    /^t\.size: must be one of 1, 2, 4, 8, 16, not "run\(\)"$/,
  ],
  ['an int of 3 bytes', () => ({ ...u32, size: 3 }), /^t\.size: must be one of/],
  ['a NUL', () => ({ ...u32, spelling: 'a\0b' }), /^t\.spelling: must be a string without NUL/],
  [
    'a negative size',
    () => ({ ...point, size: -8 }),
    /^t\.size: must be an integer from 0 to 4294967295, not -8$/,
  ],
  ['a huge size', () => ({ ...point, size: 2 ** 40 }), /^t\.size: must be an integer from 0 to/],
  [
    'a negative offset',
    () => forged(point, (t) => void (member(t, 1)['bitOffset'] = -32)),
    /^t\.members\[1\]\.bitOffset: must be an integer from 0 to 64, not -32$/,
  ],
  [
    'a member behind the end',
    () => forged(point, (t) => void (member(t, 1)['bitOffset'] = 40)),
    /^t\.members\[1\]: ends at bit 72, but the struct has 64$/,
  ],
  [
    'a member within a byte',
    () => forged(point, (t) => void (member(t, 1)['bitOffset'] = 31)),
    /^t\.members\[1\]: starts at bit 31, but is no bitfield$/,
  ],
  [
    'a bitfield wider than its type',
    () => forged(outer, (t) => void (member(t, 1)['bitSize'] = 33)),
    /^t\.members\[1\]: is a bitfield of 33 bits, but its type has 32$/,
  ],
  [
    'a bitfield of structs',
    () => forged(outer, (t) => void (member(t, 0)['bitSize'] = 2)),
    /^t\.members\[0\]: is a bitfield of type struct$/,
  ],
  [
    'another size than its elements',
    () => ({ ...array(u64, 3), size: 25 }),
    /^t\.size: must be 24, of 3 elements of 8/,
  ],
  ['a length too many', () => ({ ...array(u64, 3), length: 2 ** 32 }), /^t\.length: must be an integer/],
  [
    'members that are no list',
    () => ({ ...point, members: { length: 1 } }),
    /^t\.members: must be an array, not an object$/,
  ],
  [
    'a list with holes',
    () => forged(point, (t) => void ((t['members'] as unknown[]).length = 2 ** 32 - 1)),
    /^t\.members\[2\]: must be an object, not undefined$/,
  ],
  [
    'a constant that does not fit',
    () => ({ ...enumeration(1, false), constants: [{ name: 'A', value: 256 }] }),
    /^t\.constants\[0\]\.value: is 256, which does not fit 1 bytes$/,
  ],
  [
    'a number for a constant of 64 bits',
    () => ({ ...enumeration(8, false), constants: [{ name: 'A', value: 1 }] }),
    /^t\.constants\[0\]\.value: must be a bigint, not 1$/,
  ],
  [
    'itself',
    () =>
      forged(array(u8, 1), (t) => {
        t['element'] = t;
      }),
    /^t\.element: contains itself by value$/,
  ],
  ['nesting', () => nested(256), /: is nested in more than 256 types$/],
  ['deep nesting', () => nested(100_000), /: is nested in more than 256 types$/],
  ['doubling', () => doubled(28), /: consists of more than 100000 members$/],
  [
    'very many elements of nothing',
    () => ({
      ...{ kind: 'array', spelling: '', size: 0, length: 300 },
      element: { kind: 'array', spelling: '', size: 0, length: 300, element: NOTHING },
    }),
    /^t: has 90000 elements of no size$/,
  ],
];

test.each(REFUSED)('refused: %s', (_, given, message) => {
  expect(() => checkedLayout(given(), 't')).toThrow(DescriptorError);
  expect(() => checkedLayout(given(), 't')).toThrow(message);
});

test('as deep as C goes is taken', () => {
  expect(checkedLayout(nested(255), 't').size).toBe(1);
});

test('what comes out is a frozen copy, equal to what was given', () => {
  const given = plain(outer);
  const type = checkedLayout(given, 't');
  expect(type).not.toBe(given);
  expect(type).toStrictEqual(outer);
  (given['members'] as Plain[]).length = 0;
  expect(type).toStrictEqual(outer);
  expect(() => Object.assign(type, { size: 1 })).toThrow(TypeError);
  expect(checkedLayout(type, 't')).toBe(type);
});

test('a layout given again is the same one, unless it was changed meanwhile: what is compiled for it is kept', () => {
  const given = plain(point);
  const first = checkedLayout(given, 't');
  expect(checkedLayout(given, 't')).toBe(first);
  member(given, 0)['name'] = 'z';
  expect(checkedLayout(given, 't')).not.toBe(first);
});

test('each field is read once: a getter cannot answer differently later', () => {
  const given = plain(u32);
  const reads: string[] = [];
  const proxy = new Proxy(given, {
    get(target, key) {
      reads.push(String(key));
      return target[String(key)];
    },
  });
  expect(checkedLayout(proxy, 't')).toStrictEqual(u32);
  expect(reads.sort()).toEqual(['kind', 'signed', 'size', 'spelling']);
});

test('a flag is set when it is true', () => {
  expect(checkedLayout({ ...s32, signed: 'yes, and code()' }, 't')).toMatchObject({ signed: false });
  expect(checkedLayout({ kind: 'int', spelling: 'u8', size: 1 }, 't')).toMatchObject({ signed: false });
  expect(checkedLayout(plain(s32), 't')).toMatchObject({ signed: true });
});

test('what is in a layout twice is copied once', () => {
  const inner = plain(point);
  const given = struct('twice', { a: point, b: point });
  const type = checkedLayout(
    { ...given, members: given.members.map((each) => ({ ...each, type: inner })) },
    't',
  );
  if (type.kind !== 'struct') throw new Error('expected a struct');
  expect(type.members[0]?.type).toBe(type.members[1]?.type);
});

test('a layout that has been handed out cannot be changed, nor anything in it', () => {
  const type = sealLayout(struct('sealed', { inner: struct('deep', { a: array(enumeration(4, true), 2) }) }));
  const member = type.members[0];
  for (const held of [type, type.members, member, member?.tags, member?.type]) {
    expect(Object.isFrozen(held)).toBe(true);
  }
  expect(checkedLayout(type, 't')).toBe(type);
});

test('a layout stands for itself, a type of a Btf for its layout; other objects are none', () => {
  expect(layoutGiven(point)).toBe(point);
  expect(layoutGiven({ kind: 'typedef', layout: point })).toBe(point);
  for (const other of [undefined, null, 8, 'u32', {}, { layout: 1 }, { tag: 'kind', types: {} }]) {
    expect(layoutGiven(other)).toBeUndefined();
  }
});

const VMLINUX = '/sys/kernel/btf/vmlinux';
test.each([
  ['an object', () => readBtf(parseElf(readFileSync(compileBpf('descriptor_types')), 'object'))],
  ...(existsSync(VMLINUX)
    ? [['the kernel', () => RawBtf.parse(readFileSync(VMLINUX), 'vmlinux')] as const]
    : []),
] as const)(
  'every layout that %s has is taken as it is',
  (_, read) => {
    const btf = read();
    let count = 0;
    for (const kind of ['int', 'float', 'ptr', 'array', 'struct', 'union', 'enum', 'enum64'] as const) {
      for (const id of btf.idsOfKind(kind)) {
        let type;
        try {
          type = resolveType(btf, id);
        } catch {
          continue;
        }
        if (type.size > 0xffff_ffff || count++ % 150 !== 0) continue;
        expect(checkedLayout({ ...type }, 't')).toStrictEqual(type);
      }
    }
    expect(count).toBeGreaterThan(20);
  },
  120_000,
);
