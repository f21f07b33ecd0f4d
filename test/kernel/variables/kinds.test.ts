/**
 * A global of every kind: filled by the BPF side, read here; written here, checked by the BPF side. One row a kind: the
 * C declaration, what BPF stores, what `read()` gives, what is written, what BPF then finds.
 */
import { BpfObject } from '../../../lib';
import { compileBpfSource, newClang } from '../../support/compile';

interface Row {
  name: string;
  /** The declaration, without ';'. */
  c: string;
  /** C that stores. */
  fill: string;
  /** What read() gives then, as JSON would show it (bigints as 'n'). */
  read: unknown;
  write: unknown;
  /** A C condition. */
  check: string;
}

const row = (c: string, name: string, fill: string, read: unknown, write: unknown, check: string): Row => ({
  c,
  name,
  fill,
  read,
  write,
  check,
});

const MIN_I128 = -(2n ** 127n);
const rows: Row[] = [
  row('__u8 u8', 'u8', 'u8 = 200', 200, 255, 'u8 == 255'),
  row('__s8 s8', 's8', 's8 = -100', -100, -128, 's8 == -128'),
  row('__u16 u16', 'u16', 'u16 = 60000', 60000, 65535, 'u16 == 65535'),
  row('__s16 s16', 's16', 's16 = -30000', -30000, -32768, 's16 == -32768'),
  row('__u32 u32', 'u32', 'u32 = 0xdeadbeef', 0xdeadbeef, 0xffffffff, 'u32 == 0xffffffff'),
  row('__s32 s32', 's32', 's32 = -2000000000', -2000000000, -(2 ** 31), 's32 == (-2147483647 - 1)'),
  row('__u64 u64', 'u64', 'u64 = 0xdeadbeefcafef00dULL', 0xdeadbeefcafef00dn, 2n ** 64n - 1n, 'u64 == ~0ULL'),
  row('__s64 s64', 's64', 's64 = -5', -5n, -(2n ** 63n), 's64 == (-9223372036854775807LL - 1)'),
  row(
    'unsigned __int128 u128',
    'u128',
    'u128 = ((unsigned __int128)3 << 64) | 4',
    (3n << 64n) | 4n,
    2n ** 128n - 1n,
    '(__u64)u128 == ~0ULL && (__u64)(u128 >> 64) == ~0ULL',
  ),
  row(
    '__int128 s128',
    's128',
    's128 = -1',
    -1n,
    MIN_I128,
    '(__u64)s128 == 0 && (__u64)(s128 >> 64) == 0x8000000000000000ULL',
  ),
  row('char letter', 'letter', "letter = 'x'", 120, 65, "letter == 'A'"),
  row(
    'char text[8]',
    'text',
    '__builtin_memcpy(text, "hello", 6)',
    'hello',
    'bye',
    "text[2] == 'e' && !text[3]",
  ),
  row('bool flag', 'flag', 'flag = true', true, false, '*(__u8 *)&flag == 0'),
  row(
    'float f32',
    'f32',
    '*(volatile __u32 *)&f32 = 0x3fc00000',
    1.5,
    -2,
    '*(volatile __u32 *)&f32 == 0xc0000000',
  ),
  row(
    'double f64',
    'f64',
    '*(volatile __u64 *)&f64 = 0x3ff8000000000000ULL',
    1.5,
    -2,
    '*(volatile __u64 *)&f64 == 0xc000000000000000ULL',
  ),
  row('enum state state', 'state', 'state = BUSY', 5, -1, 'state == NEVER'),
  row('enum state odd', 'odd', 'odd = 77', 77, 1234, 'odd == 1234'),
  row('enum wide wide', 'wide', 'wide = FAR', 1n << 40n, 7n, 'wide == 7'),
  row('enum swide swide', 'swide', 'swide = DEEP', -(1n << 40n), -1n, 'swide == -1'),
  row(
    'struct point *pointer',
    'pointer',
    'pointer = (void *)0x1234',
    0x1234n,
    2n ** 64n - 1n,
    '(__u64)pointer == ~0ULL',
  ),
  row(
    'int (*array_pointer)[4]',
    'array_pointer',
    'array_pointer = (void *)1',
    1n,
    2n,
    '(__u64)array_pointer == 2',
  ),
  row('int (**function)(int, char *)', 'function', 'function = (void *)3', 3n, 4n, '(__u64)function == 4'),
  row(
    'struct point point',
    'point',
    'point.x = 1; point.y = -2',
    { x: 1, y: -2 },
    { x: 3, y: 4 },
    'point.x == 3 && point.y == 4',
  ),
  row(
    'struct point part',
    'part',
    'part.x = 1; part.y = 2',
    { x: 1, y: 2 },
    { y: 9 },
    'part.x == 1 && part.y == 9',
  ),
  row(
    'struct { int a; struct { __u64 b; union { __u32 c; __u8 d[4]; }; }; } nested',
    'nested',
    'nested.a = 1; nested.b = 2; nested.c = 0x01020304',
    { a: 1, b: 2n, c: 0x01020304, d: [4, 3, 2, 1] },
    { a: 5, b: 6n, d: [1, 0, 0, 0] },
    'nested.a == 5 && nested.b == 6 && nested.c == 1',
  ),
  row(
    'struct { struct { struct { __s16 deep; } c; } b; } levels',
    'levels',
    'levels.b.c.deep = -3',
    { b: { c: { deep: -3 } } },
    { b: { c: { deep: 300 } } },
    'levels.b.c.deep == 300',
  ),
  row(
    'struct bits bits',
    'bits',
    'bits.a = 5; bits.b = -3; bits.c = 1; bits.e = BUSY; bits.cross = 0x1ffff; bits.wide = 0xabcdef012345ULL',
    { a: 5, b: -3, c: true, e: 5, cross: 0x1ffffn, wide: 0xabcdef012345n },
    { a: 7, b: 3, c: false, e: 1, cross: 1n, wide: 1n },
    'bits.a == 7 && bits.b == 3 && !bits.c && bits.e == IDLE && bits.cross == 1 && bits.wide == 1',
  ),
  row(
    'struct packed packed',
    'packed',
    'packed.a = 1; packed.b = 0x0102030405060708ULL; packed.c = -1',
    { a: 1, b: 0x0102030405060708n, c: -1 },
    { a: 2, b: 3n, c: 4 },
    'packed.a == 2 && packed.b == 3 && packed.c == 4',
  ),
  row(
    'struct aligned aligned',
    'aligned',
    'aligned.a = 1; aligned.b = 2',
    { a: 1, b: 2 },
    { a: 3, b: 4 },
    'aligned.a == 3 && aligned.b == 4',
  ),
  row(
    'union either either',
    'either',
    'either.number = 0x01020304',
    { number: 0x01020304, bytes: [4, 3, 2, 1] },
    { bytes: [1, 0, 0, 0] },
    'either.number == 1',
  ),
  row(
    'int ints[3]',
    'ints',
    'ints[0] = 1; ints[1] = -2; ints[2] = 3',
    [1, -2, 3],
    [4, 5, 6],
    'ints[0] == 4 && ints[1] == 5 && ints[2] == 6',
  ),
  row(
    '__u64 longs[2]',
    'longs',
    'longs[0] = 1; longs[1] = ~0ULL',
    [1n, 2n ** 64n - 1n],
    [3n, 4n],
    'longs[0] == 3 && longs[1] == 4',
  ),
  row(
    'bool flags[3]',
    'flags',
    'flags[1] = true',
    [false, true, false],
    [true, false, true],
    'flags[0] && !flags[1] && flags[2]',
  ),
  row(
    '__u16 matrix[2][3]',
    'matrix',
    'matrix[0][1] = 1; matrix[1][2] = 2',
    [
      [0, 1, 0],
      [0, 0, 2],
    ],
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    'matrix[0][0] == 1 && matrix[1][2] == 6',
  ),
  row(
    'struct point points[2]',
    'points',
    'points[1].x = 7',
    [
      { x: 0, y: 0 },
      { x: 7, y: 0 },
    ],
    [
      { x: 1, y: 2 },
      { x: 3, y: 4 },
    ],
    'points[0].y == 2 && points[1].x == 3',
  ),
  row(
    'void *pointers[2]',
    'pointers',
    'pointers[1] = (void *)5',
    [0n, 5n],
    [1n, 2n],
    '(__u64)pointers[0] == 1 && (__u64)pointers[1] == 2',
  ),
  row(
    'char names[2][4]',
    'names',
    '__builtin_memcpy(names[1], "abc", 4)',
    ['', 'abc'],
    ['xy', 'z'],
    "names[0][1] == 'y' && names[1][0] == 'z' && !names[1][1]",
  ),
  row('const volatile chain_t chain', 'chain', '*(volatile int *)&chain = 8', 8, 9, 'chain == 9'),
  row('__u32 __tagged *tagged', 'tagged', 'tagged = (void *)6', 6n, 7n, '(__u64)tagged == 7'),
  row(
    'struct node node',
    'node',
    'node.next = (void *)1; node.value = 2',
    { next: 1n, value: 2 },
    { next: 0n, value: 3 },
    'node.next == 0 && node.value == 3',
  ),
  row(
    'struct { int count; int none[0]; } zero_length',
    'zero_length',
    'zero_length.count = 3',
    { count: 3, none: [] },
    { count: 4 },
    'zero_length.count == 4',
  ),
];

const SOURCE = `
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#define __tagged __attribute__((btf_type_tag("tag")))
enum state { NEVER = -1, IDLE = 1, BUSY = 5 };
enum wide { NEAR = 1, FAR = 1ULL << 40 };
enum swide { DEEP = -(1LL << 40), HIGH = 1LL << 40 };
typedef int inner_t;
typedef const inner_t chain_t;
struct point { int x; int y; };
struct bits { __u32 a : 3; __s32 b : 4; bool c : 1; enum state e : 6; __u32 : 0; __u32 pad : 20; __u64 cross : 17 __attribute__((packed)); __u64 wide : 48; };
struct packed { __u8 a; __u64 b; __s16 c; } __attribute__((packed));
struct aligned { __u8 a; __u32 b __attribute__((aligned(32))); };
union either { __u32 number; __u8 bytes[4]; };
struct node { struct node *next; int value; };
${rows.map(({ c }) => `${c.startsWith('const') ? '__attribute__((section(".data"))) ' : ''}${c};`.replace('const volatile', 'volatile')).join('\n')}

SEC("syscall") int fill(void *ctx)
{
${rows.map(({ fill }) => `\t${fill};`).join('\n')}
	return 0;
}

/* The number of the first row that is not what was written; 0: all are. */
SEC("syscall") int check(void *ctx)
{
${rows.map(({ check }, index) => `\tif (!(${check}))\n\t\treturn ${index + 1};`).join('\n')}
	return 0;
}
char LICENSE[] SEC("license") = "GPL";
`;

/** Structs, arrays and text as plain JavaScript, with the members that the expected value names. */
function plain(value: unknown, like: unknown): unknown {
  if (typeof like === 'string') return (value as { string: string }).string;
  if (Array.isArray(like))
    return Array.from(value as ArrayLike<unknown>, (item, i) => plain(item, like[i] ?? item));
  if (typeof like === 'object' && like !== null) {
    const members = value as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(like).map(([name, member]) => [name, plain(members[name], member)]),
    );
  }
  return value;
}

let object: BpfObject;
const variables = (): Map<string, { value: any; read(): unknown; write(value: unknown): void }> =>
  new Map([...object.sections.values()].flatMap((section) => [...section.variables]));

beforeAll(() => {
  object = BpfObject.open(compileBpfSource(SOURCE, 'kinds', ['-mcpu=v3'], newClang()));
  object.load();
  expect(object.program('fill').testRun().retval).toBe(0);
});
afterAll(() => object.close());

test.each(rows.map((entry) => [entry.c, entry] as const))(
  '%s: what BPF stored is read',
  (_, { name, read }) => {
    const variable = variables().get(name)!;
    expect(plain(variable.read(), read)).toEqual(read);
    expect(plain(variable.value, read)).toEqual(read);
  },
);

test('what is written is what BPF finds', () => {
  for (const { name, write } of rows) variables().get(name)!.write(write);
  const failed = object.program('check').testRun().retval;
  expect(rows[failed - 1]?.c).toBeUndefined();
});

test('the check can fail', () => {
  variables().get('u8')!.write(254);
  expect(object.program('check').testRun().retval).toBe(1);
});

test.each([
  ['u8', 256],
  ['u8', -1],
  ['u8', 1.5],
  ['s8', 128],
  ['u16', 65536],
  ['s32', 2 ** 31],
  ['u32', -1],
  ['u64', 2n ** 64n],
  ['u64', -1n],
  ['s64', 2n ** 63n],
  ['u128', -1n],
  ['s128', 2n ** 127n],
  ['text', 'too long a text'],
  ['bits', { a: 8 }],
  ['bits', { b: 8 }],
  ['bits', { cross: 2n ** 17n }],
  ['bits', { a: 1, wide: 2n ** 48n }],
  ['point', { x: 1, y: 2 ** 31 }],
  ['ints', [1, 2, 2 ** 40]],
  ['ints', [1, 2]],
  [
    'matrix',
    [
      [1, 2, 3],
      [1, 2, 70000],
    ],
  ],
] as const)('%s = %p does not fit: RangeError, and nothing changes', (name, value) => {
  const variable = variables().get(name)!;
  const before = variable.read();
  expect(() => variable.write(value)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
  expect(variable.read()).toEqual(before);
});
