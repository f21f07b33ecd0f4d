/**
 * Every C type: a declaration, an initialiser and the JavaScript value of it, twice. Clang stores both; we read the one and
 * must get its value, write the value of the other and must get its bytes. In each kind of memory.
 */
import { codecFor } from '../../../lib/btf/codec/codec';
import { toJSON } from '../../../lib/memory/variable/views';
import { newClang } from '../../support/compile';
import { createVariable, globals, MEMORIES, regionOf, type Global } from '../../support/globals';

const PRELUDE = `
#include <stdbool.h>
typedef unsigned char u8; typedef signed char s8; typedef unsigned short u16; typedef short s16;
typedef unsigned int u32; typedef int s32; typedef unsigned long long u64; typedef long long s64;
enum color { RED, GREEN = 7, BLUE = 12 };
enum big { SMALL, HUGE = 0x8000000000ULL };
struct point { s32 x, y; };
struct sock;
typedef u64 __attribute__((btf_type_tag("user"))) tagged;
`;

interface Row {
  /** With NAME where the name goes. */
  c: string;
  a: [init: string, value: unknown];
  b: [init: string, value: unknown];
}
const row = (c: string, a: Row['a'], b: Row['b']): Row => ({ c, a, b });

const ROWS: Row[] = [
  // Integers
  row('u8 NAME', ['200', 200], ['1', 1]),
  row('s8 NAME', ['-100', -100], ['127', 127]),
  row('u16 NAME', ['65535', 65535], ['1', 1]),
  row('s16 NAME', ['-32768', -32768], ['3', 3]),
  row('u32 NAME', ['0xffffffff', 0xffff_ffff], ['1', 1]),
  row('s32 NAME', ['-2147483647 - 1', -0x8000_0000], ['5', 5]),
  row('u64 NAME', ['0xffffffffffffffffULL', 0xffff_ffff_ffff_ffffn], ['1', 1n]),
  row('s64 NAME', ['-5', -5n], ['0x7fffffffffffffffLL', 0x7fff_ffff_ffff_ffffn]),
  row('__int128 NAME', ['-2', -2n], ['((__int128)1 << 100) + 3', (1n << 100n) + 3n]),
  row('unsigned __int128 NAME', ['~(unsigned __int128)0', (1n << 128n) - 1n], ['9', 9n]),
  row('char NAME', ["'A'", 65], ['1', 1]),
  row('volatile u32 NAME', ['7', 7], ['8', 8]),
  row('tagged NAME', ['7', 7n], ['8', 8n]),
  // Bool: any non-zero byte is true (which C cannot write down; memory-view.test.ts does)
  row('bool NAME', ['true', true], ['1', true]),
  // Floats
  row('float NAME', ['1.5f', 1.5], ['-0.25f', -0.25]),
  row('double NAME', ['0.1', 0.1], ['1e300', 1e300]),
  // Enums; values without a name survive
  row('enum color NAME', ['BLUE', 12], ['(enum color)99', 99]),
  // Pointers are addresses
  row('struct sock *NAME', ['(void *)0xffff888012345678', 0xffff_8880_1234_5678n], ['(void *)1', 1n]),
  row('int (*(*NAME))(void)', ['(void *)16', 16n], ['(void *)24', 24n]),
  row('int (*NAME)[4]', ['(void *)16', 16n], ['(void *)24', 24n]),
  // Arrays
  row('u8 NAME[4]', ['{1, 2, 3, 255}', Uint8Array.of(1, 2, 3, 255)], ['{9, 8, 7, 6}', [9, 8, 7, 6]]),
  row('s16 NAME[2]', ['{-1, 2}', Int16Array.of(-1, 2)], ['{3, -4}', [3, -4]]),
  row('u32 NAME[3]', ['{1, 2, 3}', Uint32Array.of(1, 2, 3)], ['{4, 5, 6}', new Set([4, 5, 6])]),
  row('u64 NAME[2]', ['{1, 2}', BigUint64Array.of(1n, 2n)], ['{3, 4}', [3n, 4]]),
  row('s64 NAME[2]', ['{-1, 2}', BigInt64Array.of(-1n, 2n)], ['{3, -4}', [3n, -4n]]),
  row('float NAME[2]', ['{1.5f, 2}', Float32Array.of(1.5, 2)], ['{3, 4}', [3, 4]]),
  row('double NAME[2]', ['{0.1, 2}', Float64Array.of(0.1, 2)], ['{3, 4}', [3, 4]]),
  row('enum color NAME[2]', ['{GREEN, BLUE}', Uint32Array.of(7, 12)], ['{RED, GREEN}', [0, 7]]),
  row('void *NAME[2]', ['{(void *)1, (void *)2}', BigUint64Array.of(1n, 2n)], ['{(void *)3}', [3n, 0n]]),
  row('bool NAME[3]', ['{true, false, true}', [true, false, true]], ['{false, true}', [false, true, false]]),
  row('__int128 NAME[2]', ['{-1, 1}', [-1n, 1n]], ['{2, 3}', [2n, 3n]]),
  row(
    's32 NAME[2][3]',
    ['{{1, 2, 3}, {4, 5, 6}}', [Int32Array.of(1, 2, 3), Int32Array.of(4, 5, 6)]],
    [
      '{{7}, {8}}',
      [
        [7, 0, 0],
        [8, 0, 0],
      ],
    ],
  ),
  row('char NAME[8]', ['"hello"', 'hello'], ['"12345678"', '12345678']),
  row('char NAME[2][4]', ['{"ab", "cd"}', ['ab', 'cd']], ['{"x", ""}', ['x', '']]),
  row(
    'struct point NAME[2]',
    [
      '{{1, 2}, {3, 4}}',
      [
        { x: 1, y: 2 },
        { x: 3, y: 4 },
      ],
    ],
    [
      '{{5}, {6}}',
      [
        { x: 5, y: 0 },
        { x: 6, y: 0 },
      ],
    ],
  ),
  row(
    'struct { u32 n; u16 items[]; } NAME',
    ['{1, {2, 3, 4, 5}}', { n: 1, items: Uint16Array.of(2, 3, 4, 5) }],
    ['{5, {6, 7, 8, 9}}', { n: 5, items: [6, 7, 8, 9] }],
  ),
  row(
    'struct { u32 n; u8 none[0]; } NAME',
    ['{1}', { n: 1, none: new Uint8Array(0) }],
    ['{2}', { n: 2, none: [] }],
  ),
  // Structs
  row('struct point NAME', ['{-1, 2}', { x: -1, y: 2 }], ['{3, -4}', { x: 3, y: -4 }]),
  row(
    'struct { struct point p; u8 tail; } NAME',
    ['{{1, 2}, 3}', { p: { x: 1, y: 2 }, tail: 3 }],
    ['{{4, 5}, 6}', { p: { x: 4, y: 5 }, tail: 6 }],
  ),
  row(
    'struct { u64 a; struct { u32 b; union { u16 c; u8 d; }; }; } NAME',
    ['{1, {2, {0x304}}}', { a: 1n, b: 2, c: 0x304, d: 4 }],
    ['{5, {6, {7}}}', { a: 5n, b: 6, c: 7 }],
  ),
  row(
    'struct node { struct node *next; s32 v; } NAME',
    ['{(void *)8, 1}', { next: 8n, v: 1 }],
    ['{0, 2}', { next: 0n, v: 2 }],
  ),
  row(
    'struct { char comm[16]; bool on; } NAME',
    ['{"init", true}', { comm: 'init', on: true }],
    ['{"x", false}', { comm: 'x', on: false }],
  ),
  row(
    'union { u32 word; u8 bytes[4]; float f; } NAME',
    ['{0x3fc00000}', { word: 0x3fc0_0000, bytes: Uint8Array.of(0, 0, 0xc0, 0x3f), f: 1.5 }],
    ['{.f = 2}', { f: 2 }],
  ),
  // Packed: nothing is aligned
  row(
    'struct __attribute__((packed)) { u8 a; u32 b; u64 c; u16 d[2]; } NAME',
    ['{1, 2, 3, {4, 5}}', { a: 1, b: 2, c: 3n, d: Uint16Array.of(4, 5) }],
    ['{6, 0xffffffff, 8, {9, 10}}', { a: 6, b: 0xffff_ffff, c: 8n, d: [9, 10] }],
  ),
  row(
    'struct __attribute__((packed)) { u8 a; struct point p; u8 b; } NAME[2]',
    [
      '{{1, {2, 3}, 4}, {5, {6, 7}, 8}}',
      [
        { a: 1, p: { x: 2, y: 3 }, b: 4 },
        { a: 5, p: { x: 6, y: 7 }, b: 8 },
      ],
    ],
    [
      '{{9}}',
      [
        { a: 9, p: { x: 0, y: 0 }, b: 0 },
        { a: 0, p: { x: 0, y: 0 }, b: 0 },
      ],
    ],
  ),
  row(
    'struct { u8 a; u32 b __attribute__((aligned(16))); } NAME',
    ['{1, 2}', { a: 1, b: 2 }],
    ['{3, 4}', { a: 3, b: 4 }],
  ),
  // Bitfields
  row(
    'struct { u32 a : 3; s32 b : 5; bool c : 1; enum color d : 4; u32 e : 19; } NAME',
    ['{5, -3, true, BLUE, 0x7ffff}', { a: 5, b: -3, c: true, d: 12, e: 0x7_ffff }],
    ['{2, 15, false, GREEN, 1}', { a: 2, b: 15, c: false, d: 7, e: 1 }],
  ),
  row(
    'struct { u64 a : 40; u64 b : 24; s64 c : 33; u64 d : 5; } NAME',
    ['{0xfffffffff0, 0xffffff, -2, 17}', { a: 0xff_ffff_fff0n, b: 0xff_ffffn, c: -2n, d: 17n }],
    ['{1, 2, 3, 4}', { a: 1n, b: 2n, c: 3n, d: 4n }],
  ),
  row(
    'struct __attribute__((packed)) { u8 x : 7; u32 a : 32; s32 b : 13; u64 c : 50; s8 d : 2; } NAME',
    [
      '{100, 0x89abcdef, -4000, 0x3456789abcdef, -2}',
      { x: 100, a: 0x89ab_cdef, b: -4000, c: 0x3_4567_89ab_cdefn, d: -2 },
    ],
    ['{1, 2, 3, 4, 1}', { x: 1, a: 2, b: 3, c: 4n, d: 1 }],
  ),
  row(
    'struct { u8 a : 1; u8 : 3; u8 b : 4; char c : 4; } NAME',
    ['{1, 9, -8}', { a: 1, b: 9, c: -8 }],
    ['{0, 15, 7}', { a: 0, b: 15, c: 7 }],
  ),
  row(
    'struct { u32 first; struct { u16 lo : 9; u16 hi : 7; }; } NAME',
    ['{1, {300, 100}}', { first: 1, lo: 300, hi: 100 }],
    ['{2, {3, 4}}', { first: 2, lo: 3, hi: 4 }],
  ),
];

const declare = (c: string, name: string, init: string): string => {
  const attribute = '__attribute__((section(".data")))';
  return `${c.replace('NAME', name)} ${attribute} = ${init};`;
};
/** The second of the pair has the type of the first: `struct {…}` written twice would be two types. */
const source =
  PRELUDE +
  ROWS.map(({ c, a, b }, i) => {
    const second = `__typeof__(a${String(i)}) b${String(i)} __attribute__((section(".data"))) = ${b[0]};`;
    return `${declare(c, `a${String(i)}`, a[0])}\n${second}`;
  }).join('\n');

const { section, all } = globals(source, 'memory-types');

/** Plain values with the text of char arrays in place of the arrays. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value.constructor.name.startsWith('CharArray')) return (value as { string: string }).string;
  if (Array.isArray(value)) return value.map(plain);
  if (ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

const cases = ROWS.map((entry, i): [string, Row, number] => [`${entry.c} = ${entry.a[0]}`, entry, i]);
const one = (name: string) => {
  const found = all.get(name);
  if (found === undefined) throw new Error(`no global ${name}`);
  return found;
};

describe.each(MEMORIES)('in %s memory', (memory) => {
  test.each(cases)('%s', (_, { a, b }, i) => {
    const global = one(`a${String(i)}`);
    const { region, bytes } = regionOf(memory, section);
    const variable = createVariable(region, global);
    expect(plain(variable.read())).toEqual(a[1]);

    variable.write(b[1]);
    const { offset, size } = global;
    expect(bytes().slice(offset, offset + size)).toEqual(one(`b${String(i)}`).bytes);
    // Nothing else has changed.
    const expected = section.slice();
    expected.set(one(`b${String(i)}`).bytes, offset);
    expect(bytes()).toEqual(expected);

    // What has been read can be written, and means the same.
    const snapshot = variable.read();
    variable.value = snapshot;
    expect(bytes()).toEqual(expected);
    expect(variable.read()).toEqual(snapshot);
  });
});

describe('the live view says what the snapshot says', () => {
  test.each(cases)('%s', (_, _row, i) => {
    for (const memory of MEMORIES) {
      const { region } = regionOf(memory, section);
      const variable = createVariable(region, one(`a${String(i)}`));
      expect(plain(snapshotOf(variable.value))).toEqual(plain(variable.read()));
    }
  });
  /** By hand, through the members of the views. */
  function snapshotOf(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
    if ('string' in value) return value.string;
    const read = (value as { read(): unknown }).read();
    if (ArrayBuffer.isView(read))
      return Object.getPrototypeOf(read).constructor.from(value as Iterable<never>);
    if (Array.isArray(read)) return Array.from(value as Iterable<unknown>, snapshotOf);
    return Object.fromEntries(
      Object.keys(read as object).map((key) => [key, snapshotOf((value as Record<string, unknown>)[key])]),
    );
  }
});

describe('the codec, as for map values', () => {
  test.each(cases)('%s', (_, { a, b }, i) => {
    const { type, bytes } = one(`a${String(i)}`);
    const codec = codecFor(type);
    const view = new DataView(new ArrayBuffer(type.size + 16));
    new Uint8Array(view.buffer).fill(0xee);
    new Uint8Array(view.buffer, 3, type.size).set(bytes.subarray(0, type.size));
    // Flexible arrays have no room in a map's value.
    if (bytes.length > type.size) return;
    expect(plain(codec.read(view, 3))).toEqual(a[1]);
    codec.write(view, 3, b[1]);
    // Padding is zero, as clang makes it: hash maps compare keys with their padding.
    expect(new Uint8Array(view.buffer, 3, type.size)).toEqual(one(`b${String(i)}`).bytes);
    expect(new Uint8Array(view.buffer, 0, 3)).toEqual(Uint8Array.of(0xee, 0xee, 0xee));
    expect(view.getUint8(3 + type.size)).toBe(0xee);
  });
});

test('JSON has bigints as decimal strings, char arrays as text and TypedArrays as arrays', () => {
  const { region } = regionOf('mapped', section);
  const json = Object.fromEntries(ROWS.map(({ c }, i) => [c, createVariable(region, one(`a${String(i)}`))]));
  expect(JSON.parse(JSON.stringify(json))).toMatchObject({
    'u64 NAME': '18446744073709551615',
    '__int128 NAME': '-2',
    'u64 NAME[2]': ['1', '2'],
    'char NAME[8]': 'hello',
    'struct { char comm[16]; bool on; } NAME': { comm: 'init', on: true },
    's32 NAME[2][3]': [
      [1, 2, 3],
      [4, 5, 6],
    ],
    'struct { u64 a; struct { u32 b; union { u16 c; u8 d; }; }; } NAME': { a: '1', b: 2, c: 0x304, d: 4 },
  });
  expect(toJSON({ big: 1n, text: [2n] })).toEqual({ big: '1', text: ['2'] });
});

// Clang 14 writes down neither.
test.each([
  ['enum small { MINUS = -3 } v', -3, 5],
  ['enum wide { TOP = 0xffffffffffffffffULL } v', 0xffff_ffff_ffff_ffffn, 3],
  ['enum below { BOTTOM = -0x7000000000000000LL } v', -0x7000_0000_0000_0000n, -1n],
])('%s', (declaration, value, other) => {
  const init = /[A-Z]{3,}/.exec(declaration)?.[0] ?? '';
  const source = `${declaration} __attribute__((section(".data"))) = ${init};`;
  const { section: bytes, all: found } = globals(source, 'memory-enums', newClang());
  const { region } = regionOf('mapped', bytes);
  const variable = createVariable(region, found.get('v') as Global);
  expect(variable.value).toBe(value);
  variable.value = other;
  expect(variable.value).toBe(typeof value === 'bigint' ? BigInt(other) : other);
});
