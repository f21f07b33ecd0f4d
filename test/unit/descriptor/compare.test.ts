/** Layouts compared: what counts as a change, and how it is shown. */
import { readFileSync } from 'node:fs';
import { resolveType } from '../../../lib/btf/layout/resolve';
import type { Type } from '../../../lib/btf/layout/layout-model';
import { compareTypes } from '../../../lib/descriptor/compare';
import { formatLayoutDiff } from '../../../lib/descriptor/layout-diff';
import { readBtf } from '../../../lib/descriptor/read/from-object';
import { parseElf } from '../../../lib/elf/elf';
import { compileBpfSource } from '../../support/compile';

const PRELUDE = 'typedef unsigned int u32; typedef unsigned long long u64; enum e { A, B = 5 };\n';

/** The type of `v`. */
function compiled(declaration: string): Type {
  const file = compileBpfSource(`${PRELUDE}${declaration};`, 'compare');
  const btf = readBtf(parseElf(readFileSync(file), file));
  return resolveType(btf, btf.findByName('v', 'var') ?? 0);
}

test.each([
  ['int v', 'int v'],
  ['int v', 'const volatile int v'],
  ['u32 v', 'unsigned int v'],
  ['long v', 'long long v'],
  ['char v[4]', 'signed char v[4]'],
  ['void *v', 'int (*v)(void)'],
  ['struct a { int x; } v', 'struct b { const int x; } v'],
  ['struct { int x; } v', 'typedef struct { int x; } t; t v'],
  ['struct { int x; long y; } v', 'struct { int x; struct { long y; }; } v'],
  [
    'struct { int x; union { int a; struct { int b; }; }; } v',
    'struct { int x; struct { union { int a; int b; }; }; } v',
  ],
])('%s is %s', (expected, found) => {
  expect(compareTypes(compiled(expected), compiled(found))).toEqual([]);
});

const CHANGES: readonly (readonly [
  string,
  string,
  readonly (readonly [string, string, string, string])[],
])[] = [
  ['int v', 'long v', [['', 'size', '4 bytes', '8 bytes']]],
  ['int v', 'unsigned v', [['', 'sign', 'signed', 'unsigned']]],
  ['int v', 'float v', [['', 'kind', 'int', 'float']]],
  ['int v', '_Bool v', [['', 'kind', 'int', '_Bool']]],
  ['int v[2]', 'int v[3]', [['', 'length', '2', '3']]],
  ['int v[2]', 'long v[2]', [['[]', 'size', '4 bytes', '8 bytes']]],
  [
    'struct { int x, y; } v',
    'struct { int y, x; } v',
    [
      ['x', 'offset', 'byte 0', 'byte 4'],
      ['y', 'offset', 'byte 4', 'byte 0'],
    ],
  ],
  [
    'struct { int x; } v',
    'struct { int y; } v',
    [
      ['x', 'missing', 'int x', 'no such member'],
      ['y', 'added', 'no such member', 'int y'],
    ],
  ],
  [
    'struct { int x; } v',
    'struct { int x; int z; } v',
    [
      ['', 'size', '4 bytes', '8 bytes'],
      ['z', 'added', 'no such member', 'int z'],
    ],
  ],
  ['struct { int x : 3; } v', 'struct { int x : 4; } v', [['x', 'bits', '3 bits', '4 bits']]],
  [
    'struct { int a : 3, b : 2; } v',
    'struct { int a : 3; int : 1; int b : 2; } v',
    [['b', 'offset', 'byte 0, bit 3', 'byte 0, bit 4']],
  ],
  ['struct { int x : 32; } v', 'struct { int x; } v', [['x', 'bits', '32 bits', '4 bytes']]],
  [
    'struct { struct { int x; } in[2]; } v',
    'struct { struct { unsigned x; } in[2]; } v',
    [['in[].x', 'sign', 'signed', 'unsigned']],
  ],
  [
    'enum e v',
    'enum { A_, B = 6 } v',
    [
      ['A', 'constant', '0', 'no such constant'],
      ['B', 'constant', '5', '6'],
    ],
  ],
  ['struct { int x; } v', 'union { int x; } v', [['', 'kind', 'struct', 'union']]],
];

test.each(CHANGES)('%s is not %s', (expected, found, differences) => {
  const other = found.replace('enum { A_, B = 6 }', 'enum changed { A_, BB = 6 }');
  const theirs = found === other ? compiled(found) : renamed(compiled(other), 'BB', 'B');
  expect(compareTypes(compiled(expected), theirs)).toEqual(
    differences.map(([path, kind, ours, others]) => ({ path, kind, expected: ours, found: others })),
  );
});

/** C has one scope for all enumerators: two enums cannot share one in a source. */
function renamed(type: Type, from: string, to: string): Type {
  if (type.kind !== 'enum') return type;
  return {
    ...type,
    constants: type.constants.map((one) => (one.name === from ? { ...one, name: to } : one)),
  };
}

test('a layout diff', () => {
  const expected = compiled(
    'struct request { u64 id; int status; unsigned kind : 3, flags : 5; struct { char c; } in; char name[8]; void *p; long last; } v',
  );
  const found = compiled(
    'struct request { u64 id; long status; unsigned kind : 3, flags : 5; struct { char c; } in; char name[8]; void *p; long last; } v',
  );
  expect(`\n${formatLayoutDiff(expected, found)}\n`).toBe(`
--- expected: struct request (40 bytes)
+++ found:    struct request (48 bytes)
      0      8  u64 id
-     8      4  int status
-    12:0    3  unsigned int kind : 3
-    12:3    5  unsigned int flags : 5
-    13      1  struct {
-    13      1    char c
+     8      8  long status
+    16:0    3  unsigned int kind : 3
+    16:3    5  unsigned int flags : 5
+    17      1  struct {
+    17      1    char c
                } in
-    14      8  char name[8]
-    24      8  void *p
-    32      8  long last
+    18      8  char name[8]
+    32      8  void *p
+    40      8  long last
`);
});

test('long layouts show what is around the changes', () => {
  const members = (type: string): string =>
    Array.from({ length: 40 }, (_, n) => `${n === 20 ? type : 'int'} m${String(n)};`).join(' ');
  const text = formatLayoutDiff(
    compiled(`struct { ${members('int')} } v`),
    compiled(`struct { ${members('unsigned')} } v`),
  );
  expect(`\n${text}\n`).toBe(`
--- expected: struct without a name (160 bytes)
+++ found:    struct without a name (160 bytes)
  …
     68      4  int m17
     72      4  int m18
     76      4  int m19
-    80      4  int m20
+    80      4  unsigned int m20
     84      4  int m21
     88      4  int m22
     92      4  int m23
  …
`);
});

test('scalars and enums', () => {
  expect(formatLayoutDiff(compiled('int v'), compiled('unsigned long v'))).toBe(
    '--- expected: int (signed, 4 bytes)\n+++ found:    unsigned long (unsigned, 8 bytes)',
  );
  const other = renamed(compiled('enum f { C, D = 6 } v'), 'C', 'A');
  expect(formatLayoutDiff(compiled('enum e v'), renamed(other, 'D', 'B'))).toBe(
    '--- expected: enum e (4 bytes)\n+++ found:    enum f (4 bytes)\n  A = 0\n- B = 5\n+ B = 6',
  );
});

test('types that are the same cost nothing the second time', () => {
  const members = Array.from({ length: 200 }, (_, n) => `struct { int a, b; } m${String(n)};`).join(' ');
  const [one, two] = [compiled(`struct { ${members} } v`), compiled(`struct { ${members} } v `)];
  expect(compareTypes(one, two)).toEqual([]);
  const start = performance.now();
  for (let n = 0; n < 10_000; n++) compareTypes(one, two);
  // Under a millisecond where nothing else runs; a full comparison each time takes seconds.
  expect(performance.now() - start).toBeLessThan(500);
});
