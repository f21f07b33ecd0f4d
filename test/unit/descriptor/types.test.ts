/** Types in a descriptor: written and read back, they are the layouts that BTF gives. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { resolveType } from '../../../lib/btf/layout/resolve';
import type { Type } from '../../../lib/btf/layout/layout-model';
import { describe as describeObject, readBtf } from '../../../lib/descriptor/read/from-object';
import { typesOf } from '../../../lib/descriptor/types-table';
import { TypesWriter } from '../../../lib/descriptor/read/types-writer';
import type { Descriptor, TypeRef } from '../../../lib/descriptor/types';
import { parseElf } from '../../../lib/elf/elf';
import { DescriptorError } from '../../../lib/errors';
import { compileBpf } from '../../support/compile';

describe.each(['descriptor_library', 'descriptor_types'])('%s', (name) => {
  const file = compileBpf(name);
  const btf = readBtf(parseElf(readFileSync(file), file));
  const descriptor = JSON.parse(JSON.stringify(describeObject(file))) as Descriptor;
  const types = typesOf(descriptor);
  test.each(descriptor.variables.map((variable) => [variable.c, variable] as const))('%s', (_c, variable) => {
    expect(types.resolve(variable.type)).toEqual(resolveType(btf, btf.findByName(variable.name, 'var') ?? 0));
  });
  test('the same object each time', () => {
    for (const { type } of descriptor.variables) expect(types.resolve(type)).toBe(types.resolve(type));
  });
});

const scalar = fc.constantFrom<Type>(
  { kind: 'int', spelling: 'int', size: 4, signed: true },
  { kind: 'int', spelling: 'unsigned __int128', size: 16, signed: false },
  { kind: 'char', spelling: 'char', size: 1, signed: true },
  { kind: 'bool', spelling: '_Bool', size: 1 },
  { kind: 'float', spelling: 'double', size: 8 },
  { kind: 'pointer', spelling: 'int (*)(struct sock *)', size: 8 },
  {
    kind: 'enum',
    spelling: 'enum __proto__',
    size: 4,
    signed: true,
    constants: [{ name: '__proto__', value: -1 }],
  },
  { kind: 'enum', spelling: '', size: 8, signed: false, constants: [{ name: 'A', value: 1n << 63n }] },
);
/** Few names for many structs: most are taken by another type. */
const spelling = fc.constantFrom('struct foo', 'struct foo___2', 'foo_t', '__proto__', 'constructor', '');
const { type: anyType } = fc.letrec<{ type: Type }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc
      .record({ element: tie('type'), length: fc.integer({ min: 0, max: 3 }) })
      .map(({ element, length }): Type => arrayOf(element, length)),
    fc
      .record({
        kind: fc.constantFrom('struct' as const, 'union' as const),
        spelling,
        members: fc.array(
          fc.record({
            name: fc.constantFrom('a', 'b', ''),
            type: tie('type'),
            tags: fc.array(fc.string(), { maxLength: 1 }),
          }),
          {
            maxLength: 4,
          },
        ),
      })
      .map(({ kind, spelling: own, members }): Type => ({
        kind,
        spelling: own,
        size: 1 << 20,
        members: members.map((member) => ({
          ...member,
          bitOffset: 64,
          bitSize: 0,
          declaration: `x ${member.name}`,
        })),
      })),
  ),
}));

/** The element's own names have no brackets here, except of arrays. */
function arrayOf(element: Type, length: number): Type {
  const writer = new TypesWriter();
  return typesOf({ types: writer.types }).resolve({ kind: 'array', length, element: writer.ref(element) });
}

test('any types survive the way there and back', () => {
  fc.assert(
    fc.property(fc.array(anyType, { maxLength: 6 }), (list) => {
      const writer = new TypesWriter();
      const refs = list.map((type) => writer.ref(type));
      const copy = JSON.parse(JSON.stringify({ types: writer.types, refs })) as Pick<Descriptor, 'types'> & {
        refs: TypeRef[];
      };
      const table = typesOf(copy);
      expect(copy.refs.map((ref) => table.resolve(ref))).toEqual(list);
    }),
    { numRuns: 300 },
  );
});

describe('what is refused', () => {
  const types = {
    'struct a': { kind: 'struct', size: 4, members: [{ name: 'b', type: 'struct a', offset: 0 }] },
  } as const;
  let deep: TypeRef = { kind: 'pointer', c: 'void *' };
  for (let n = 0; n < 300; n++) deep = { kind: 'array', length: 1, element: deep };
  test.each<[string, TypeRef, RegExp]>([
    ['a key that is not there', 'int', /types\["int"\]: there is no such type/],
    ['a key that every object has', 'constructor', /there is no such type/],
    ['a struct in itself', 'struct a', /types\["struct a"\]: contains itself by value/],
    ['types 300 deep', deep, /nested more than 256 deep/],
  ])('%s', (_name, ref, message) => {
    const table = typesOf({ types: types as unknown as Descriptor['types'] });
    expect(() => table.resolve(ref)).toThrow(message);
    expect(() => table.resolve(ref)).toThrow(DescriptorError);
  });
  test('two enumerators of one name, or one that is a number', () => {
    for (const names of [['A', 'A'], ['7'], ['']]) {
      const constants = names.map((name) => ({ name, value: 1 }));
      expect(() =>
        new TypesWriter().ref({ kind: 'enum', spelling: 'enum e', size: 4, signed: false, constants }),
      ).toThrow(DescriptorError);
    }
  });
});
