/** C made of BTF: definitions with what they need, and values. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Btf, BtfError } from '../../../../lib';
import { BtfBuilder } from '../../../support/btf-builder';
import { compileBpfSource } from '../../../support/compile';
import { corpusNames, corpusObject } from '../../../support/corpus';
import { withFolder } from '../../../support/run-cli';

const ofSource = (source: string): Btf => Btf.fromFile(compileBpfSource(source, 'btf-print'));

describe('definitions', () => {
  const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim();

  test.each([
    [
      'what it needs comes first',
      'struct a { int x; }; struct b { struct a a; } v;',
      'struct b',
      'struct a { int x; }; struct b { struct a a; };',
    ],
    [
      'a pointer needs a declaration only',
      'struct a { int x; }; struct b { struct a *a; } v; struct a w;',
      'struct b',
      'struct a; struct b { struct a *a; };',
    ],
    [
      'its own pointers need nothing',
      'struct b { struct b *next; } v;',
      'struct b',
      'struct b { struct b *next; };',
    ],
    [
      'two that point to each other',
      'struct b; struct a { struct b *b; }; struct b { struct a a; } v;',
      'struct b',
      'struct b; struct a { struct b *b; }; struct b { struct a a; };',
    ],
    [
      'a typedef of itself',
      'typedef struct n n_t; struct n { n_t *next; } v;',
      'struct n',
      'struct n; typedef struct n n_t; struct n { n_t *next; };',
    ],
    [
      'a typedef by value',
      'struct a { int x; }; typedef struct a a_t; struct b { a_t a; } v;',
      'struct b',
      'struct a { int x; }; typedef struct a a_t; struct b { a_t a; };',
    ],
    [
      'functions',
      'struct a; struct b { int (*call)(struct a *, struct b *, int, ...); } v;',
      'struct b',
      'struct a; struct b { int (*call)(struct a *, struct b *, int, ...); };',
    ],
    [
      'arrays of pointers to arrays',
      'struct b { int (*(*p)[3])[4]; int m[2][3]; } v;',
      'struct b',
      'struct b { int (*(*p)[3])[4]; int m[2][3]; };',
    ],
    [
      'an array needs its element, even behind a pointer',
      'struct a { int x; }; struct b { struct a (*p)[4]; } v;',
      'struct b',
      'struct a { int x; }; struct b { struct a (*p)[4]; };',
    ],
    [
      'nothing names them',
      'struct b { struct { int x; union { int y; long z; } u; } s; struct { int t; }; } v;',
      'struct b',
      'struct b { struct { int x; union { int y; long z; } u; } s; struct { int t; }; };',
    ],
    [
      'enums',
      'enum e { A = -1, B = 5 }; struct b { enum e e; enum { C, D } f; } v;',
      'struct b',
      'enum e { A = 4294967295, B = 5, }; struct b { enum e e; enum { C = 0, D = 1, } f; };',
    ],
    [
      'a small enum',
      'enum __attribute__((packed)) e { A, B }; enum e v;',
      'enum e',
      'enum e { A = 0, B = 1, } __attribute__((mode(byte)));',
    ],
    [
      'bitfields',
      'struct b { int a : 3; int : 2; int b : 4; long c; } v;',
      'struct b',
      'struct b { int a: 3; char: 2; int b: 4; long c; };',
    ],
    [
      'padding that does not come by itself',
      'struct b { char a; int b __attribute__((aligned(16))); } v;',
      'struct b',
      'struct b { char a; long: 64; int b; long: 64; };',
    ],
    [
      'packed',
      'struct __attribute__((packed)) b { char a; int b; } v;',
      'struct b',
      'struct b { char a; int b; } __attribute__((packed));',
    ],
    [
      'an aligned union',
      'union u { int a; } __attribute__((aligned(16))); union u v;',
      'union u',
      'union u { int a; } __attribute__((aligned(16)));',
    ],
    ['nothing in it', 'struct b {}; struct b v;', 'struct b', 'struct b {};'],
    [
      'a flexible array',
      'struct b { int n; int a[]; }; struct b v;',
      'struct b',
      'struct b { int n; int a[0]; };',
    ],
    [
      'qualifiers',
      'struct b { const char *const volatile p; const int *restrict q; } v;',
      'struct b',
      'struct b { const char * volatile const p; const int * restrict q; };',
    ],
    [
      'a variable',
      'struct a { int x; } counter;',
      'counter',
      'struct a { int x; }; extern struct a counter;',
    ],
    [
      'a function',
      'struct a; int work(struct a *p) { return p != 0; }',
      'work',
      'struct a; int work(struct a *p);',
    ],
    ['a section', 'int a; long b;', '.bss', 'extern int a; extern long b;'],
  ])('%s', (_, source, name, expected) => {
    // Clang's order of declarators and ours differ in blanks and in which of two words of an int come first.
    const said = squeeze(ofSource(source).definition(name));
    const loose = (text: string): string => text.replace(/ ?\* ?/g, '*').replace(/\blong int\b/g, 'long');
    expect(loose(said)).toBe(loose(expected));
  });

  test('several types share what they need', () => {
    const btf = ofSource('struct a { int x; }; struct b { struct a a; } v; struct c { struct a a; } w;');
    const text = btf.definition('struct b', 'struct c');
    expect(text.match(/struct a \{/g)).toHaveLength(1);
    expect(btf.definition()).toContain('struct c {');
  });

  test('types of one name are numbered, and so are constants', () => {
    const b = new BtfBuilder();
    const int = b.int('int', 4);
    const first = b.struct('s', 4, [{ name: 'a', type: int, at: 0 }]);
    const second = b.struct('s', 4, [{ name: 'b', type: int, at: 0 }]);
    b.struct('both', 8, [
      { name: 'x', type: first, at: 0 },
      { name: 'y', type: second, at: 32 },
    ]);
    b.enum('e', 4, { A: 0 });
    b.enum('', 4, { A: 0 });
    const text = Btf.fromBytes(b.build()).definition();
    expect(text).toContain('struct s___2 y;');
    expect(text).toContain('A___2 = 0,');
  });

  test('whatever leads to a definition counts: an array of structs comes before an enum of the same name', () => {
    const b = new BtfBuilder();
    const int = b.int('int', 4);
    b.array(4, 2);
    b.enum('context', 4, { A: 0 });
    b.struct('context', 4, [{ name: 'x', type: int, at: 0 }]);
    const text = Btf.fromBytes(b.build()).definition();
    expect(squeeze(text)).toBe('struct context { int x; }; enum context___2 { A = 0, };');
  });

  test('types that double at each level are refused before they take long', () => {
    const b = new BtfBuilder();
    let inner = b.int('int', 4);
    for (let level = 0; level < 60; level++) inner = b.prototype(inner, [inner, inner]);
    const last = b.reference('typedef', inner, 't');
    expect(() => Btf.fromBytes(b.build()).definition(last)).toThrow(/double at each level/);
  });

  test.each([
    ['a struct inside itself', (b: BtfBuilder) => void b.struct('s', 4, [{ name: 'a', type: 1, at: 0 }])],
    [
      'members that overlap',
      (b: BtfBuilder) => {
        b.struct('s', 8, [
          { name: 'a', type: 2, at: 0 },
          { name: 'b', type: 2, at: 8 },
        ]);
        b.int('int', 4);
      },
    ],
    ['a typedef of itself', (b: BtfBuilder) => void b.reference('typedef', 1, 's')],
    [
      'a typedef of its own pointer, without a name in between',
      (b: BtfBuilder) => {
        b.reference('typedef', 2, 's');
        b.reference('ptr', 1);
      },
    ],
  ])('what C cannot say: %s', (_, build) => {
    const b = new BtfBuilder();
    build(b);
    expect(() => Btf.fromBytes(b.build()).definition(1)).toThrow(BtfError);
  });

  test('a chain of a hundred thousand typedefs', () => {
    const b = new BtfBuilder();
    for (let id = 1; id <= 100_000; id++)
      b.reference(id % 2 === 0 ? 'typedef' : 'ptr', id + 1, id % 2 === 0 ? 't' : '');
    b.int('int', 4);
    const btf = Btf.fromBytes(b.build());
    expect(() => btf.definition()).toThrow(/is nested in more than/);
    expect(() => btf.type(2).definition()).toThrow(BtfError);
  });

  test('the corpus: what is printed compiles to the same sizes', () => {
    withFolder((folder) => {
      for (const name of corpusNames()) {
        const btf = Btf.fromFile(corpusObject(name));
        const names = new Set<string>();
        const checks = [...btf.types({ kind: 'struct' })].flatMap(({ name, size }) => {
          if (name === '' || names.has(name)) return [];
          names.add(name);
          return [`_Static_assert(sizeof(struct ${name}) == ${size}, "${name}");`];
        });
        writeFileSync(path.join(folder, 'all.c'), `${btf.definition()}\n${checks.join('\n')}\n`);
        execFileSync('clang', ['-target', 'bpf', '-w', '-fsyntax-only', 'all.c'], { cwd: folder });
      }
    });
  }, 60_000);
});

describe('values', () => {
  const source = `
    enum e { ZERO, ONE, MINUS = -1 };
    enum __attribute__((packed)) small { SMALL = 7 };
    typedef unsigned char u8; typedef _Bool flag;
    struct inner { int a; long b; };
    struct bits { unsigned a : 3; int b : 5; long c : 40; };
    union both { int i; char c[4]; };
    struct all { struct inner in; char text[6]; u8 raw[3]; int nums[3]; struct inner list[2]; void *p; enum e e;
      enum small s; flag f; float x; double y; __int128 wide; struct bits bits; union both u; struct { int deep; }; } v;`;
  const btf = ofSource(source);
  const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
  const print = (type: string, data: Uint8Array, options = {}): string =>
    btf.format(type, data, { compact: true, ...options });

  test.each([
    ['int', bytes(255, 255, 255, 255), '(int)-1'],
    ['u8', bytes(200), '(u8)200'],
    ['flag', bytes(1), '(flag)1'],
    ['enum e', bytes(1, 0, 0, 0), '(enum e)ONE'],
    ['enum e', bytes(255, 255, 255, 255), '(enum e)MINUS'],
    ['enum e', bytes(9, 0, 0, 0), '(enum e)9'],
    ['enum small', bytes(7), '(enum small)SMALL'],
    ['struct inner', new Uint8Array(16), '(struct inner){}'],
    ['struct inner', bytes(0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0), '(struct inner){.b = (long)5,}'],
    [
      'struct bits',
      bytes(0b10101_011, 0, 0, 0, 1, 2, 0, 0),
      /\(struct bits\)\{\.a = \(unsigned int\)0x3,\.b = \(int\)0x15,/,
    ],
    ['union both', bytes(65, 66, 0, 0), "(union both){.i = (int)16961,.c = (char[4])['A','B','\\0',],}"],
  ])('%s of %p', (type, data, expected) => {
    const said = print(type, data).replaceAll('long int', 'long');
    if (typeof expected === 'string') expect(said).toBe(expected);
    else expect(said).toMatch(expected);
  });

  const size = btf.type('struct all').size;
  const all = new Uint8Array(size);
  const view = new DataView(all.buffer);
  const at = (name: string): number => btf.type('struct all').member(name)?.offset ?? -1;
  view.setBigInt64(at('in') + 8, 7n, true);
  all.set(Buffer.from('hi\x01'), at('text'));
  all.set([1, 65], at('raw'));
  view.setInt32(at('nums') + 4, 9, true);
  view.setInt32(at('list') + 16, 3, true);
  view.setBigUint64(at('p'), 0xffff888000000000n, true);
  view.setFloat32(at('x'), 1.5, true);
  view.setFloat64(at('y'), -1e22, true);
  view.setBigUint64(at('wide') + 8, 1n, true);
  view.setInt32(at('deep'), 4, true);

  test('a struct with all of it, over several lines', () => {
    expect(btf.format('struct all', all, { indent: '  ', emitStrings: true }).replaceAll('long int', 'long'))
      .toBe(`(struct all){
  .in = (struct inner){
    .b = (long)7,
  },
  .text = (char[6])"hi\\x01",
  .raw = (u8[3])"\\x01A",
  .nums = (int[3])[
    0,
    9,
    0,
  ],
  .list = (struct inner[2])[
    {
      .a = 0,
      .b = 0,
    },
    {
      .a = 3,
      .b = 0,
    },
  ],
  .p = (void *)0xffff888000000000,
  .x = (float)1.500000,
  .y = (double)-10000000000000000000000.000000,
  .wide = (__int128)0x10000000000000000,
  (struct){
    .deep = (int)4,
  },
}`);
  });

  test('options', () => {
    expect(print('struct inner', all, { skipNames: true, emitZeroes: true })).toBe('{0,7,}');
    expect(btf.format('struct inner', all, { indentLevel: 1 }).replaceAll('long int', 'long')).toBe(
      '\t(struct inner){\n\t\t.b = (long)7,\n\t}',
    );
    expect(print('struct all', all, { emitZeroes: true })).toContain(".raw = (u8[3])[1,'A','\\0',],");
  });

  test('fewer bytes than the type has: what is there', () => {
    expect(print('struct inner', bytes(1, 0, 0, 0, 0, 0, 0, 0, 1))).toBe('(struct inner){.a = (int)1,}');
    expect(print('int', bytes(1))).toBe('');
  });

  test.each([
    [Number.NaN, 'nan'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
    [-0, '-0.000000'],
    [0.1, '0.100000'],
  ])('the double %p', (value, text) => {
    const data = new Uint8Array(8);
    new DataView(data.buffer).setFloat64(0, value, true);
    expect(print('double', data)).toBe(`(double)${text}`);
  });

  test('a function has no values', () => {
    expect(() => ofSource('int f(void) { return 0; }').format('f', new Uint8Array(8))).toThrow(BtfError);
  });
});
