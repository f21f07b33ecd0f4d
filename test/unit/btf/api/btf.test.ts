/** The public Btf class over hand-made BTF and compiled objects: no kernel, no addon. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { ArgumentError, Btf, BtfError, ElfError, NotFoundError, UnsupportedError } from '../../../../lib';
import { BtfBuilder } from '../../../support/btf-builder';
import { compileBpf, compileBpfSource } from '../../../support/compile';
import { withFolder } from '../../../support/run-cli';

function sample(): BtfBuilder {
  const b = new BtfBuilder();
  const int = b.int('int', 4, { signed: true });
  const char = b.int('char', 1);
  const u64 = b.int('unsigned long', 8);
  const pointer = b.reference('ptr', 0);
  const inner = b.struct('', 8, [
    { name: 'x', type: int, at: 0 },
    { name: 'y', type: int, at: 32 },
  ]);
  const text = b.array(char, 8);
  b.struct('sample', 40, [
    { name: 'id', type: u64, at: 0 },
    { name: '', type: inner, at: 64 },
    { name: 'name', type: text, at: 128 },
    { name: 'next', type: pointer, at: 192 },
    { name: 'low', type: int, at: 256, bits: 3 },
    { name: 'high', type: int, at: 259, bits: 5 },
  ]);
  b.reference('typedef', 7, 'sample_t');
  b.enum('colour', 4, { RED: 1, GREEN: 2 });
  b.enum64('wide', { BIG: 1n << 40n });
  const prototype = b.add('func_proto', '', 3, false, int, b.name('a'), int, b.name('b'), 8, 0, 0);
  b.add('func', 'work', 1, false, prototype);
  b.variable('counter', u64);
  b.add('fwd', 'opaque', 0, true, 0);
  b.add('float', 'double', 0, false, 8);
  b.add('decl_tag', 'user', 0, false, 7, 0);
  b.add('datasec', '.bss', 1, false, 8, 13, 0, 8);
  b.reference('const', int);
  return b;
}
const btf = Btf.fromBytes(sample().build(), { name: 'sample.btf' });

test.each([
  ['struct sample', 'struct', 7],
  ['struct  sample', 'struct', 7],
  ['sample_t', 'typedef', 8],
  ['enum colour', 'enum', 9],
  ['enum wide', 'enum64', 10],
  ['work', 'func', 12],
  ['counter', 'var', 13],
  ['double', 'float', 15],
  ['unsigned long', 'int', 3],
  ['.bss', 'datasec', 17],
  ['void', 'void', 0],
])('%s is a %s', (name, kind, id) => {
  expect(btf.find(name)).toMatchObject({ kind, id });
  expect(btf.type(name)).toBe(btf.type(id));
});

test('what is not there', () => {
  expect(btf.find('sample')).toBeUndefined();
  expect(btf.find('struct colour')).toBeUndefined();
  expect(btf.find('work', 'struct')).toBeUndefined();
  expect(() => btf.type('struct simple')).toThrow(NotFoundError);
  expect(() => btf.type('struct sampel')).toThrow(
    "sample.btf: no type 'struct sampel' (did you mean 'struct sample'?)",
  );
  expect(() => btf.type('sample')).toThrow(/did you mean 'struct sample'/);
  expect(() => btf.type('wide')).toThrow(/did you mean 'enum wide'/);
  expect(() => btf.type('nothing like it')).toThrow(/no type 'nothing like it'$/);
});

test('a struct and its members', () => {
  const struct = btf.type('struct sample');
  expect(struct).toMatchObject({ kind: 'struct', name: 'sample', size: 40, id: 7 });
  expect(
    struct.members.map(({ name, offset, bitOffset, bitSize }) => [name, offset, bitOffset, bitSize]),
  ).toEqual([
    ['id', 0, 0, 0],
    ['', 8, 64, 0],
    ['name', 16, 128, 0],
    ['next', 24, 192, 0],
    ['low', 32, 256, 3],
    ['high', 32, 259, 5],
  ]);
  expect(struct.member('y')).toMatchObject({ name: 'y', offset: 12 });
  expect(struct.member('id')?.tags).toEqual(['user']);
  expect(struct.member('z')).toBeUndefined();
  expect(struct.member('low')?.declaration).toBe('int low : 3');
  expect(struct.member('name')?.type).toMatchObject({ kind: 'array', length: 8, size: 8 });
  expect(struct.members).toBe(struct.members);
  expect(struct.layout.size).toBe(40);
});

test('the other kinds', () => {
  expect(btf.type('sample_t').size).toBe(40);
  expect(btf.type('sample_t').resolve()).toBe(btf.type('struct sample'));
  expect(btf.type('enum colour')).toMatchObject({
    signed: false,
    size: 4,
    constants: [{ name: 'RED' }, { name: 'GREEN' }],
  });
  expect(btf.type('enum wide').constant('BIG')).toBe(1n << 40n);
  expect(btf.type('enum wide').constant('SMALL')).toBeUndefined();
  expect([btf.type('enum wide').nameOf(1n << 40n), btf.type('enum wide').nameOf(7n)]).toEqual([
    'BIG',
    undefined,
  ]);
  const work = btf.find('work', 'func');
  const prototype = work?.prototype;
  if (prototype?.kind !== 'func_proto') throw new Error('no prototype');
  expect(prototype.variadic).toBe(true);
  expect(prototype.parameters.map(({ name, type }) => [name, type.toString()])).toEqual([
    ['a', 'int'],
    ['b', 'sample_t'],
  ]);
  expect(prototype.returns.toString()).toBe('int');
  expect([work?.size, work?.linkage, work?.declaration()]).toEqual([
    undefined,
    'global',
    'int work(int a, sample_t b, ...)',
  ]);
  expect(btf.find('counter', 'var')).toMatchObject({ size: 8, linkage: 'global' });
  expect(btf.find('.bss', 'datasec')?.entries[0]?.variable.name).toBe('counter');
  expect(btf.find('opaque', 'fwd')).toMatchObject({ isUnion: true, size: undefined });
  expect(btf.type(16)).toMatchObject({ kind: 'decl_tag', component: 0, name: 'user' });
  expect(btf.type(4)).toMatchObject({ kind: 'ptr', size: 8 });
  expect(btf.type(18)).toMatchObject({ kind: 'const', size: 4 });
  expect([...btf.types({ kind: 'int' })].map(({ name }) => name)).toEqual(['int', 'char', 'unsigned long']);
  expect([...btf.types()]).toHaveLength(btf.length - 1);
});

test('as text', () => {
  expect(String(btf)).toBe('sample.btf');
  expect(inspect(btf)).toBe("Btf { name: 'sample.btf', types: 18 }");
  expect(inspect(btf.type('struct sample'))).toBe("BtfStruct { id: 7, declaration: 'struct sample' }");
  expect(JSON.parse(JSON.stringify(btf.type('enum colour')))).toEqual({
    kind: 'enum',
    id: 9,
    name: 'colour',
  });
});

describe('values', () => {
  const value = { id: 5n, x: 1, y: -1, name: 'abc', next: 0n, low: 3, high: -2 };
  test('there and back', () => {
    const bytes = btf.encode('struct sample', value);
    expect(bytes).toHaveLength(40);
    const decoded = btf.decode('struct sample', bytes) as Record<string, unknown>;
    expect(decoded).toMatchObject({ id: 5n, x: 1, y: -1, next: 0n, low: 3, high: -2 });
    expect(String(decoded['name'])).toBe('abc');
    expect(btf.decode('sample_t', bytes, { int64: 'number' })).toMatchObject({ id: 5 });
    expect(btf.type('sample_t').decode(bytes)).toEqual(decoded);
    expect(btf.encode('struct sample', { x: 7 }, { partial: true })[8]).toBe(7);
  });
  test.each([
    [
      'too few bytes',
      () => btf.decode('struct sample', new Uint8Array(39)),
      /has 40 bytes, and 39 are given/,
    ],
    ['a missing member', () => btf.encode('struct sample', { id: 1n }), ArgumentError],
    ['a number that does not fit', () => btf.encode('struct sample', { ...value, low: 9 }), /low/],
    ['no bytes', () => btf.decode('struct sample', 'text' as any), ArgumentError],
    ['what has no values', () => btf.decode('work', new Uint8Array(8)), BtfError],
    ['void', () => btf.decode('void', new Uint8Array(8)), BtfError],
    [
      'an option that is none',
      () => btf.decode('int', new Uint8Array(4), { int46: 'number' } as any),
      ArgumentError,
    ],
    ['a wrong option', () => btf.decode('int', new Uint8Array(4), { int64: 5 } as any), ArgumentError],
    ['an option of encode', () => btf.encode('int', 4, { partail: true } as any), ArgumentError],
    [
      'an option of format',
      () => btf.format('int', new Uint8Array(4), { compcat: true } as any),
      ArgumentError,
    ],
    ['a negative level', () => btf.format('int', new Uint8Array(4), { indentLevel: -1 }), ArgumentError],
    ['format of no bytes', () => btf.format('int', null as any), ArgumentError],
  ])('%s', (_, work, expected) => {
    expect(work).toThrow(expected);
  });
});

test.each([
  ['a name', () => btf.find(5 as any)],
  ['NUL in a name', () => btf.find('a\0b')],
  ['a kind', () => btf.find('x', 'structure' as any)],
  ['an id', () => btf.type(-1)],
  ['an id beyond', () => btf.type(1000)],
  ['a fraction', () => btf.type(1.5)],
  ['null', () => btf.type(null as any)],
  ['a type of another', () => btf.type(Btf.fromBytes(sample().build()).type('int'))],
  ['an option', () => [...btf.types({ kidn: 'int' } as any)]],
  ['bytes', () => Btf.fromBytes('text' as any)],
  ['a base', () => Btf.fromBytes(sample().build(), { base: {} as any })],
  ['a path', () => Btf.fromFile(5 as any)],
  ['a module name', () => Btf.module('../vmlinux')],
  ['an id of the kernel', () => Btf.fromId(0)],
  ['a declared name', () => btf.type('int').declaration('a;b')],
])('a wrong argument: %s', (_, work) => {
  expect(work).toThrow(ArgumentError);
});

describe('what a caller changes later', () => {
  test('of the bytes that it gave changes nothing that is read', () => {
    const bytes = sample().build();
    const ours = Btf.fromBytes(bytes);
    bytes.fill(0xff, 24);
    expect(ours.type('struct sample').definition()).toBe(btf.type('struct sample').definition());
    expect(ours.definition()).toBe(btf.definition());
  });

  test('of what a type has said is refused', () => {
    const ours = Btf.fromBytes(sample().build());
    const constants = ours.type('enum colour').constants as { name: string; value: number }[];
    const tags = ours.type('struct sample').member('id')?.tags as string[];
    expect(tags).toEqual(['user']);
    expect(() => constants.push({ name: 'BLUE', value: 1 })).toThrow(TypeError);
    expect(() => ((constants[0] as { value: number }).value = 7)).toThrow(TypeError);
    expect(() => tags.push('more')).toThrow(TypeError);
    expect(ours.type('enum colour').definition()).toBe(btf.type('enum colour').definition());
    expect(ours.type('struct sample').layout).toEqual(btf.type('struct sample').layout);
  });
});

describe('split', () => {
  test('over its base: names and ids go on', () => {
    const base = Btf.fromBytes(sample().build(), { name: 'vmlinux' });
    const more = new BtfBuilder({ firstId: 19, firstName: namesOf(sample().build()) });
    const struct = more.struct('added', 40, [{ name: 'inner', type: 7, at: 0 }]);
    const split = Btf.fromBytes(more.build(), { base, name: 'module' });
    expect(split.base).toBe(base);
    expect(split.type('struct added')).toMatchObject({ id: struct, size: 40 });
    expect(split.type('struct sample').size).toBe(40);
    expect(split.type('struct added').definition()).toMatch(
      /struct sample \{[^]*struct added \{\n\tstruct sample inner;\n\};/,
    );
    expect(() => Btf.fromBytes(more.build()).type(19)).toThrow(ArgumentError);
  });
});

function namesOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer).getUint32(20, true);
}

describe('files', () => {
  test('a BPF object', () => {
    expect(Btf.fromFile(compileBpf('addon')).find('run', 'func')).toBeDefined();
  });

  test('raw, in an ELF file of another machine, over a base that it brings, and none at all', () => {
    withFolder((folder) => {
      const file = (name: string): string => path.join(folder, name);
      const run = (command: string, ...args: string[]): unknown =>
        execFileSync(command, args, { cwd: folder });
      writeFileSync(file('raw.btf'), sample().build());
      expect(Btf.fromFile(file('raw.btf')).type('struct sample').size).toBe(40);
      writeFileSync(file('a.c'), 'int a;\n');
      run('gcc', '-c', 'a.c', '-o', 'plain.o');
      expect(() => Btf.fromFile(file('plain.o'))).toThrow(/plain.o: has no BTF/);
      run('objcopy', '--add-section', '.BTF=raw.btf', 'plain.o', 'image.o');
      expect(Btf.fromFile(file('image.o')).type('struct sample').size).toBe(40);
      const more = new BtfBuilder({ firstId: 19, firstName: namesOf(sample().build()) });
      more.struct('added', 40, [{ name: 'inner', type: 7, at: 0 }]);
      writeFileSync(file('more.btf'), more.build());
      run(
        'objcopy',
        '--add-section',
        '.BTF=more.btf',
        '--add-section',
        '.BTF.base=raw.btf',
        'plain.o',
        'module.o',
      );
      const module = Btf.fromFile(file('module.o'));
      expect(module.type('struct added').size).toBe(40);
      expect(module.base?.type('struct sample').size).toBe(40);
      expect(() => Btf.fromFile(file('module.o'), { base: btf })).toThrow(UnsupportedError);
      const image = readFileSync(file('image.o'));
      for (const end of [10, 63, 64, 200, image.length - 40]) {
        writeFileSync(file('cut.o'), image.subarray(0, end));
        expect(() => Btf.fromFile(file('cut.o'))).toThrow(ElfError);
      }
      writeFileSync(file('empty'), '');
      expect(() => Btf.fromFile(file('empty'))).toThrow(BtfError);
      expect(() => Btf.fromFile(file('gone'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
      expect(() => Btf.fromFile(folder)).toThrow(expect.objectContaining({ code: 'EISDIR' }));
    });
  });

  test('big-endian objects', () => {
    const object = compileBpfSource('struct s { int a; } x;', 'btf-class-be', ['-target', 'bpfeb']);
    const big = Btf.fromFile(object);
    expect(big.littleEndian).toBe(false);
    expect(big.decode('struct s', Uint8Array.of(0, 0, 1, 2))).toEqual({ a: 258 });
    expect(big.format('struct s', Uint8Array.of(0, 0, 1, 2), { compact: true })).toBe(
      '(struct s){.a = (int)258,}',
    );
  });
});
