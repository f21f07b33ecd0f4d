/** C declarations: what is compiled comes back as it was written. */
import { readFileSync } from 'node:fs';
import { RawBtf } from '../../../../lib/btf/records/record-table';
import { formatDefinition } from '../../../../lib/btf/layout/definition';
import { formatDeclaration } from '../../../../lib/btf/spell/spell';
import { resolveType } from '../../../../lib/btf/layout/resolve';
import { readBtf } from '../../../../lib/descriptor/read/from-object';
import { parseElf } from '../../../../lib/elf/elf';
import { BtfBuilder } from '../../../support/btf-builder';
import { compileBpfSource } from '../../../support/compile';

const PRELUDE = `
typedef unsigned long long u64;
typedef int (*callback_t)(int, const char *);
typedef int grid_t[2][3];
typedef struct { int x; } point_t;
struct sock; struct request { int id; }; union number { int i; float f; }; enum state { IDLE, BUSY };
#define __kptr __attribute__((btf_type_tag("kptr")))
#define __note __attribute__((btf_type_tag("two words")))
`;

/** Each declares a variable \`v\`. */
const DECLARATIONS = [
  'char v',
  'signed char v',
  'unsigned char v',
  'short v',
  'unsigned int v',
  'long v',
  'unsigned long long v',
  '__int128 v',
  'unsigned __int128 v',
  '_Bool v',
  'float v',
  'double v',
  'u64 v',
  'volatile u64 v',
  'const volatile int v',
  'struct request v',
  'union number v',
  'enum state v',
  'point_t v',
  'int v[3]',
  'int v[2][3][4]',
  'grid_t v',
  'const char v[16]',
  'volatile struct request v[2]',
  'int *v',
  'int **v',
  'const char *v',
  'char *const v',
  'const char *const v',
  'int *volatile *const v',
  'void *v',
  'const void *v',
  'struct sock *v',
  'const char *const v[4]',
  'int (*v)[3]',
  'int (*v[4])[3]',
  'int *(*v)[3]',
  'int (*const v)[2][3]',
  'void (*v)(void)',
  'int (*v)(int, const char *)',
  'int (*v)(const char *, ...)',
  'int *(*v)(struct sock *)',
  'int (*v[4])(void)',
  'int (**v)(void)',
  'int (*(*v)(int))(void)',
  'int (*(*v)(void))[3]',
  'void (*(*v[2])(int (*)(int)))(char *)',
  'callback_t v',
  'callback_t v[2]',
  'const callback_t v',
  'struct { int a; long b; } v',
  'volatile struct { int a; } v',
  'struct { int a; } v[3]',
  'union { int a; struct { char b; }; } v',
  'struct { unsigned int a : 3; int b : 5; } v',
  'struct {} v',
  'enum { A, B, C } v',
  'enum { D = 3, E, F = 9 } v',
  'struct request __kptr *v',
  'struct request __kptr *__kptr *v',
  'int __attribute__((btf_type_tag("two words"))) *v',
];

const TYPE_TAG = /__kptr|__attribute__/;

function declare(declaration: string, name: string): string {
  return declaration.replace(/\bv\b/, name);
}

describe('formatDeclaration', () => {
  let btf: RawBtf;
  beforeAll(() => {
    // Constants of anonymous enums share one scope: each variable has its own.
    const lines = DECLARATIONS.map((text, index) => {
      const own = text.replace(/\b([A-F])\b(?=[ ,}])/g, `$1${String(index)}`);
      return `${declare(own, `v${String(index)}`)};`;
    });
    btf = readBtf(
      parseElf(readFileSync(compileBpfSource(PRELUDE + lines.join('\n'), 'declarations')), 'test'),
    );
  });

  test.each(DECLARATIONS.map((text, index) => [text, index] as const))('%s', (text, index) => {
    const name = `v${String(index)}`;
    const id = btf.findByName(name, 'var');
    expect(id).toBeDefined();
    const formatted = formatDeclaration(btf, id ?? 0, name).replace(
      new RegExp(`\\b([A-F])${String(index)}\\b`, 'g'),
      '$1',
    );
    expect(formatted).toBe(declare(text, name));
  });

  test.each([
    ['int (*v)(int)', 'int (*)(int)'],
    ['int v[2][3][4]', 'int[2][3][4]'],
    ['const char *const v[4]', 'const char *const[4]'],
    ['int (*v[4])[3]', 'int (*[4])[3]'],
    ['struct request v', 'struct request'],
  ])('the name of the type of %s is %s', (declaration, expected) => {
    const source = PRELUDE + `${declaration};`.replace('int (*v)(int)', 'int (*v)(int)');
    const one = readBtf(parseElf(readFileSync(compileBpfSource(source, 'type-name')), 'test'));
    expect(formatDeclaration(one, one.findByName('v', 'var') ?? 0, '')).toBe(expected);
  });

  test('functions have the names of their parameters', () => {
    const source = 'int f(int first, const char *second) { return first; }';
    const one = readBtf(parseElf(readFileSync(compileBpfSource(source, 'function')), 'test'));
    expect(formatDeclaration(one, one.findByName('f', 'func') ?? 0, 'f')).toBe(
      'int f(int first, const char *second)',
    );
  });

  test('what would be too long is abbreviated', () => {
    const build = new BtfBuilder();
    const int = build.int('int', 4, { signed: true });
    const members = Array.from({ length: 500 }, (_, at) => ({
      name: `member_${String(at)}`,
      type: int,
      at: at * 32,
    }));
    const struct = build.struct('', 2000, members);
    const prototype = build.prototype(0, new Array<number>(500).fill(build.reference('ptr', struct)));
    const pointer = build.reference('ptr', prototype);
    const one = RawBtf.parse(build.build(), 'test');
    expect(formatDeclaration(one, struct, 'v')).toBe('struct { /* 500 members */ } v');
    expect(formatDeclaration(one, pointer, 'v')).toBe('void (*v)(/* 500 parameters */)');
  });

  test('attributes of Linux 6.15 and forward declarations', () => {
    const build = new BtfBuilder();
    const forward = build.add('fwd', 'thing', 0, true, 0);
    const tag = build.reference('type_tag', forward, 'address_space(1)', true);
    const pointer = build.reference('restrict', build.reference('ptr', tag));
    const one = RawBtf.parse(build.build(), 'test');
    expect(formatDeclaration(one, pointer, 'v')).toBe(
      'union thing __attribute__((address_space(1))) *restrict v',
    );
  });

  test.each([
    ['a pointer to itself', (build: BtfBuilder) => build.reference('ptr', 1), /refers to itself/],
    ['a const of a const of …', (build: BtfBuilder) => build.reference('const', 1), /refers to itself/],
    ['a function that returns itself', (build: BtfBuilder) => build.prototype(1, []), /refers to itself/],
    [
      'pointers 300 deep',
      (build: BtfBuilder) => {
        for (let n = 0; n < 300; n++) build.reference('ptr', n + 2);
        build.reference('ptr', 0);
        return 1;
      },
      /nested in more than 256 types/,
    ],
    [
      'a type that doubles at each level',
      (build: BtfBuilder) => {
        let last = build.int('int', 4);
        for (let n = 0; n < 100; n++)
          last = build.prototype(0, [build.reference('ptr', last), build.reference('ptr', last)]);
        return last;
      },
      undefined,
    ],
    [
      'a section',
      (build: BtfBuilder) => build.add('datasec', '.data', 0, false, 0),
      /no type that a declaration/,
    ],
  ])('hostile: %s', (_name, make, error) => {
    const build = new BtfBuilder();
    const id = make(build);
    const one = RawBtf.parse(build.build(), 'test');
    if (error === undefined) expect(formatDeclaration(one, id, 'v').length).toBeLessThan(16_384);
    else expect(() => formatDeclaration(one, id, 'v')).toThrow(error);
  });
});

describe('formatDefinition', () => {
  const SOURCE = `
struct inner { int a; };
struct request {
  unsigned long long id;
  unsigned int kind : 3, flags : 7;
  struct { char name[16]; union { int i; float f; }; } who[2];
  struct inner inner;
} request;
typedef struct { int x; } point_t; point_t point;
enum state { IDLE, BUSY = 5 } state;
struct empty {} empty;
`;
  const definition = (name: string, offsets = false): string => {
    const btf = readBtf(parseElf(readFileSync(compileBpfSource(SOURCE, 'definitions')), 'test'));
    const type = resolveType(btf, btf.findByName(name, 'var') ?? 0);
    if (type.kind !== 'struct' && type.kind !== 'enum') throw new Error(type.kind);
    return formatDefinition(type, { offsets });
  };

  test('struct', () => {
    expect(definition('request')).toBe(`struct request {
  unsigned long long id;
  unsigned int kind : 3;
  unsigned int flags : 7;
  struct {
    char name[16];
    union {
      int i;
      float f;
    };
  } who[2];
  struct inner inner;
};`);
  });

  test('with offsets and sizes', () => {
    expect(definition('request', true)).toBe(`struct request {
  unsigned long long id;  /* 0 8 */
  unsigned int kind : 3;  /* 8:0 3 */
  unsigned int flags : 7; /* 8:3 7 */
  struct {                /* 12 40 */
    char name[16];        /* 12 16 */
    union {               /* 28 4 */
      int i;              /* 28 4 */
      float f;            /* 28 4 */
    };
  } who[2];
  struct inner inner;     /* 52 4 */
};`);
  });

  test.each([
    ['point', 'typedef struct {\n  int x;\n} point_t;'],
    ['state', 'enum state {\n  IDLE = 0,\n  BUSY = 5,\n};'],
    ['empty', 'struct empty {};'],
  ])('%s', (name, expected) => {
    expect(definition(name)).toBe(expected);
  });
});

test('the table has type tags', () => {
  expect(DECLARATIONS.filter((text) => TYPE_TAG.test(text))).toHaveLength(3);
});
