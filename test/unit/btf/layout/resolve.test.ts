/** BTF → layouts, as a table of C declarations; and what is refused. */
import { readFileSync } from 'node:fs';
import { RawBtf } from '../../../../lib/btf/records/record-table';
import { flatMembers } from '../../../../lib/btf/layout/members';
import { resolveType } from '../../../../lib/btf/layout/resolve';
import type { StructType, Type } from '../../../../lib/btf/layout/layout-model';
import { readBtf } from '../../../../lib/descriptor/read/from-object';
import { parseElf } from '../../../../lib/elf/elf';
import { BtfError } from '../../../../lib/errors';
import { BtfBuilder } from '../../../support/btf-builder';
import type { MemberSpec } from '../../../support/btf-builder';
import { compileBpfSource } from '../../../support/compile';

const PRELUDE = `
typedef unsigned int u32_t;
typedef const volatile u32_t level_t;
typedef struct { int x, y; } point_t;
typedef point_t alias_t;
typedef enum { UP, DOWN } direction_t;
struct node { struct node *next; int value; };
`;

/** The scalar types: declaration of `v` → kind, spelling, size, signed. */
const SCALARS: readonly (readonly [string, string, string, number, boolean?])[] = [
  ['char v', 'char', 'char', 1, true],
  ['const char v', 'char', 'char', 1, true],
  ['signed char v', 'int', 'signed char', 1, true],
  ['unsigned char v', 'int', 'unsigned char', 1, false],
  ['short v', 'int', 'short', 2, true],
  ['int v', 'int', 'int', 4, true],
  ['unsigned v', 'int', 'unsigned int', 4, false],
  ['long v', 'int', 'long', 8, true],
  ['unsigned long long v', 'int', 'unsigned long long', 8, false],
  ['__int128 v', 'int', '__int128', 16, true],
  ['unsigned __int128 v', 'int', 'unsigned __int128', 16, false],
  ['_Bool v', 'bool', '_Bool', 1],
  ['float v', 'float', 'float', 4],
  ['double v', 'float', 'double', 8],
  ['level_t v', 'int', 'unsigned int', 4, false],
  ['direction_t v', 'enum', 'direction_t', 4, false],
  ['enum wide { A, B } v', 'enum', 'enum wide', 4, false],
  ['void *v', 'pointer', 'void *', 8],
  ['struct unknown *const v', 'pointer', 'struct unknown *', 8],
  ['int (*v)(struct node *, ...)', 'pointer', 'int (*)(struct node *, ...)', 8],
  ['alias_t v', 'struct', 'point_t', 8],
  ['struct node v', 'struct', 'struct node', 16],
  ['struct { int a; } v', 'struct', '', 4],
  ['union { int a; long b; } v', 'union', '', 8],
  ['int v[3]', 'array', 'int[3]', 12],
  ['int v[2][3]', 'array', 'int[2][3]', 24],
  ['point_t v[4]', 'array', 'point_t[4]', 32],
  ['const char *v[4]', 'array', 'const char *[4]', 32],
  ['int (*v[4])(void)', 'array', 'int (*[4])(void)', 32],
  ['int (*v[2])[3]', 'array', 'int (*[2])[3]', 16],
  ['struct { int a; } v[2]', 'array', '', 8],
  ['char v[0]', 'array', 'char[]', 0],
  ['struct {} v', 'struct', '', 0],
];

describe('resolveType', () => {
  let btf: RawBtf;
  beforeAll(() => {
    const text = SCALARS.map(
      ([declaration], index) => `${declaration.replace(/\bv\b/, `v${String(index)}`)};`,
    ).join('\n');
    btf = readBtf(parseElf(readFileSync(compileBpfSource(PRELUDE + text, 'scalars')), 'test'));
  });
  test.each(SCALARS.map((row, index) => [...row, index] as const))('%s', (...row) => {
    const [, kind, spelling, size, signed] = row;
    const type = resolveType(btf, btf.findByName(`v${String(row.at(-1))}`, 'var') ?? 0);
    expect(type).toMatchObject({ kind, spelling, size });
    if (typeof signed === 'boolean') expect(type).toMatchObject({ signed });
    else expect(type).not.toHaveProperty('signed', true);
  });
  test('always the same object for an id', () => {
    const id = btf.findByName('node', 'struct') ?? 0;
    expect(resolveType(btf, id)).toBe(resolveType(btf, id));
  });
});

describe('structs', () => {
  const members = (source: string): (string | number)[][] => {
    const btf = readBtf(parseElf(readFileSync(compileBpfSource(source, 'struct')), 'test'));
    const type = resolveType(btf, btf.findByName('v', 'var') ?? 0);
    if (type.kind !== 'struct' && type.kind !== 'union') throw new Error(type.kind);
    return flatMembers(type).map(({ name, bitOffset, bitSize }) => [name, bitOffset, bitSize]);
  };
  test.each([
    [
      'struct { char a; int b; } v;',
      [
        ['a', 0, 0],
        ['b', 32, 0],
      ],
    ],
    [
      'struct __attribute__((packed)) { char a; int b; } v;',
      [
        ['a', 0, 0],
        ['b', 8, 0],
      ],
    ],
    [
      'struct { char a; int b __attribute__((aligned(16))); } v;',
      [
        ['a', 0, 0],
        ['b', 128, 0],
      ],
    ],
    [
      'struct { int a : 3; unsigned b : 5, c : 30; _Bool d : 1; } v;',
      [
        ['a', 0, 3],
        ['b', 3, 5],
        ['c', 32, 30],
        ['d', 62, 1],
      ],
    ],
    [
      'struct { int a : 3; int : 0; int b : 2; } v;',
      [
        ['a', 0, 3],
        ['b', 32, 2],
      ],
    ],
    [
      'struct { int a : 3; int : 7; int b : 2; } v;',
      [
        ['a', 0, 3],
        ['b', 10, 2],
      ],
    ],
    [
      'struct __attribute__((packed)) { char a; unsigned long b : 50; char c; } v;',
      [
        ['a', 0, 0],
        ['b', 8, 50],
        ['c', 64, 0],
      ],
    ],
    [
      'struct { int a; union { int b; struct { char c, d; }; }; int e; } v;',
      [
        ['a', 0, 0],
        ['b', 32, 0],
        ['c', 32, 0],
        ['d', 40, 0],
        ['e', 64, 0],
      ],
    ],
    [
      'struct { int n; long flexible[]; } v;',
      [
        ['n', 0, 0],
        ['flexible', 64, 0],
      ],
    ],
    [
      'union { int a; struct { int b; } c; } v;',
      [
        ['a', 0, 0],
        ['c', 0, 0],
      ],
    ],
  ])('%s', (source, expected) => {
    expect(members(source)).toEqual(expected);
  });

  test('declarations, tags and constants', () => {
    const source = `
      enum state { IDLE, BUSY = 5 };
      struct { volatile int a __attribute__((btf_decl_tag("one"))) __attribute__((btf_decl_tag("two")));
        enum state s : 3; char *const names[2]; struct { int x; } inner; union { int i; }; } v;`;
    const btf = readBtf(parseElf(readFileSync(compileBpfSource(source, 'members')), 'test'));
    const type = resolveType(btf, btf.findByName('v', 'var') ?? 0) as StructType;
    expect(type.members.map(({ declaration }) => declaration)).toEqual([
      'volatile int a',
      'enum state s : 3',
      'char *const names[2]',
      'struct { int x; } inner',
      'union { int i; }',
    ]);
    expect(type.members.map(({ tags }) => tags)).toEqual([['one', 'two'], [], [], [], []]);
    expect(type.members[1]?.type).toMatchObject({
      constants: [
        { name: 'IDLE', value: 0 },
        { name: 'BUSY', value: 5 },
      ],
    });
  });
});

const resolved = (make: (build: BtfBuilder) => number, littleEndian = true): Type => {
  const build = new BtfBuilder({ littleEndian });
  const id = make(build);
  return resolveType(RawBtf.parse(build.build(), 'test'), id);
};

describe('what clang 14 does not write', () => {
  test.each([true, false])('enum64, little endian: %s', (littleEndian) => {
    const type = resolved((build) => build.enum64('big', { A: 1n << 40n, B: -1n }, true), littleEndian);
    expect(type).toEqual({
      kind: 'enum',
      spelling: 'enum big',
      size: 8,
      signed: true,
      constants: [
        { name: 'A', value: 1n << 40n },
        { name: 'B', value: -1n },
      ],
    });
  });
  test('unsigned enum64', () => {
    expect(resolved((build) => build.enum64('big', { A: (1n << 64n) - 1n }))).toMatchObject({
      signed: false,
      constants: [{ name: 'A', value: (1n << 64n) - 1n }],
    });
  });
  test('signed and unsigned 32-bit enums', () => {
    expect(resolved((build) => build.enum('e', 4, { A: -1 }, true))).toMatchObject({
      signed: true,
      constants: [{ name: 'A', value: -1 }],
    });
    expect(resolved((build) => build.enum('e', 4, { A: -1 }))).toMatchObject({
      signed: false,
      constants: [{ name: 'A', value: 0xffffffff }],
    });
  });
  test('packed enums whose constants give their sign away', () => {
    const source =
      'enum __attribute__((packed)) e { A = -3, B = 5 } v; enum __attribute__((packed)) { C = 200 } w;';
    const btf = readBtf(parseElf(readFileSync(compileBpfSource(source, 'packed-enum')), 'test'));
    const [v, w] = ['v', 'w'].map((name) => resolveType(btf, btf.findByName(name, 'var') ?? 0));
    expect(v).toMatchObject({ size: 1, signed: true, constants: [{ value: -3 }, { value: 5 }] });
    expect(w).toMatchObject({ size: 1, signed: false, constants: [{ value: 200 }] });
  });
  test('bitfields of old BTF, whose int types have fewer bits than bytes', () => {
    const type = resolved((build) => {
      const three = build.int('unsigned int', 4, { bits: 3 });
      const five = build.int('int', 4, { signed: true, bits: 5, offset: 3 });
      return build.struct('old', 8, [
        { name: 'a', type: three, at: 0 },
        { name: 'b', type: five, at: 0 },
        { name: 'c', type: three, at: 37 },
      ]);
    });
    expect(type).toMatchObject({
      members: [
        {
          name: 'a',
          bitOffset: 0,
          bitSize: 3,
          declaration: 'unsigned int a : 3',
          type: { size: 4, signed: false },
        },
        { name: 'b', bitOffset: 3, bitSize: 5, type: { size: 4, signed: true } },
        { name: 'c', bitOffset: 37, bitSize: 3 },
      ],
    });
  });
  test('an anonymous struct has one layout and the name of each typedef', () => {
    const build = new BtfBuilder();
    const struct = build.struct('', 4, [{ name: 'x', type: build.int('int', 4, { signed: true }), at: 0 }]);
    const [first, second] = ['a_t', 'b_t'].map((name) => build.reference('typedef', struct, name));
    const outer = build.reference('typedef', first ?? 0, 'outer_t');
    const btf = RawBtf.parse(build.build(), 'test');
    expect([struct, first, second, outer].map((id) => resolveType(btf, id ?? 0).spelling)).toEqual([
      '',
      'a_t',
      'b_t',
      'a_t',
    ]);
  });
});

describe('what is refused', () => {
  const member = (type: number, at = 0, bits?: number): MemberSpec => ({
    name: 'm',
    type,
    at,
    ...(bits === undefined ? {} : { bits }),
  });
  const CASES: readonly (readonly [string, (build: BtfBuilder) => number, RegExp])[] = [
    ['void', () => 0, /void has no values/],
    ['a function', (b) => b.prototype(0, []), /a func_proto has no values/],
    [
      'a type that is only declared',
      (b) => b.add('fwd', 'sock', 0, false, 0),
      /struct sock is only declared here/,
    ],
    ['a type that is not there', (b) => b.reference('const', 99), /refers to type 99, but there are 2/],
    ['an id past the end', () => 99, /has no type 99/],
    [
      'a struct in itself',
      (b) => b.struct('s', 4, [member(1)]),
      /type 1 \(struct 's'\): contains itself by value/,
    ],
    [
      'a struct in itself, in an array of a typedef',
      (b) => {
        b.reference('typedef', 2, 't');
        b.array(3, 2);
        return b.struct('s', 8, [member(1)]);
      },
      /contains itself by value/,
    ],
    ['an array of itself', (b) => b.array(1, 2), /contains itself by value/],
    [
      'typedefs in a circle',
      (b) => {
        b.reference('typedef', 2, 'a');
        return b.reference('typedef', 1, 'b');
      },
      /endless chain/,
    ],
    [
      '300 arrays in each other',
      (b) => {
        for (let n = 0; n < 300; n++) b.array(n + 2, 1);
        b.int('int', 4);
        return 1;
      },
      /nested in more than 256 types/,
    ],
    [
      'a member past the end',
      (b) => b.struct('s', 4, [member(b.int('int', 4), 8)]),
      /member 'm' ends at bit 40, but the struct has 32/,
    ],
    [
      'a member between bytes',
      (b) => b.struct('s', 8, [member(b.reference('ptr', 0), 3)]),
      /member 'm' starts at bit 3, but is no bitfield/,
    ],
    [
      'a bitfield wider than its type',
      (b) => b.struct('s', 8, [member(b.int('int', 4), 0, 33)]),
      /33 bits, but its type has 32/,
    ],
    [
      'a bitfield of a struct',
      (b) => b.struct('s', 8, [member(b.struct('t', 4, []), 0, 3)]),
      /bitfield of type struct/,
    ],
    ['an int of 3 bytes', (b) => b.int('int', 3), /has 3 bytes; supported are 1, 2, 4, 8, 16/],
    [
      'an int of 7 bits',
      (b) => b.int('int', 4, { bits: 7 }),
      /has 7 bits in 4 bytes, which only bitfields may have/,
    ],
    ['an int without a name', (b) => b.int('', 4), /has no name/],
    ['a float of 5 bytes', (b) => b.add('float', 'f', 0, false, 5), /has 5 bytes/],
    ['an enum of 8 bytes with constants of 4', (b) => b.enum('e', 8, { A: 1 }), /clang before 15/],
    [
      'a constant that does not fit',
      (b) => b.enum('e', 1, { A: 256 }),
      /its constant 'A' does not fit 1 bytes/,
    ],
    [
      'an array beyond all memory',
      (b) => {
        let last = b.int('int', 4);
        for (let n = 0; n < 3; n++) last = b.array(last, 0xffffffff);
        return last;
      },
      /more than any memory/,
    ],
    [
      'four billion nothings',
      (b) => b.array(b.struct('s', 0, []), 0xffffffff),
      /4294967295 elements of no size/,
    ],
    [
      'a union that doubles at each level',
      (b) => {
        let last = b.struct('', 4, [member(b.int('int', 4))], 'union');
        for (let n = 0; n < 40; n++) last = b.struct('', 4, [member(last), member(last)], 'union');
        return last;
      },
      /consists of more than 100000 members/,
    ],
  ];
  test.each(CASES)('%s', (_name, make, message) => {
    expect(() => resolved(make)).toThrow(message);
    expect(() => resolved(make)).toThrow(BtfError);
  });
});
