/** Descriptors from outside: what is accepted, and each thing that is refused, by the path of the field. */
import { describe as describeObject } from '../../../lib/descriptor/read/from-object';
import { sectionIdentifiers } from '../../../lib/descriptor/identifiers';
import { mapTypeName, mapTypeNumber } from '../../../lib/uapi/map-types';
import { validateDescriptor } from '../../../lib/descriptor/validate/validate';
import { DescriptorError } from '../../../lib/errors';
import { compileBpf } from '../../support/compile';

type Json = Record<string, unknown>;

/** The smallest descriptor with one of everything. */
const valid = (): Json & {
  variables: Json[];
  maps: Json[];
  programs: Json[];
  types: Record<string, Json>;
} => ({
  version: 1,
  name: 'lib',
  byteOrder: 'little',
  license: 'GPL',
  maps: [{ name: 'm', type: 'hash', key: 'int', value: 'struct s', keySize: 4, valueSize: 8, maxEntries: 1 }],
  programs: [{ name: 'p', section: 'tc', c: 'int p(void)', tags: ['one'] }],
  variables: [{ name: 'v', section: '.data', type: 'struct s', size: 8, c: 'struct s v' }],
  functions: [{ name: 'f', c: 'int f(void)', extern: true }],
  ksyms: [{ name: 'k', kind: 'function', c: 'int k(void)', weak: true }],
  structOps: [],
  types: {
    int: { kind: 'int', size: 4, signed: true },
    'struct s': {
      kind: 'struct',
      size: 8,
      members: [
        { name: 'a', type: 'int', offset: 0, c: 'int a' },
        { name: 'b', type: 'int', bit: 32, bits: 3, c: 'int b : 3' },
        {
          type: {
            kind: 'union',
            size: 2,
            members: [{ name: 'c', type: { kind: 'array', length: 2, element: 'char' }, offset: 0 }],
          },
          offset: 6,
        },
      ],
    },
    char: { kind: 'char' },
    'enum e': { kind: 'enum', size: 8, signed: true, constants: { A: '-1', B: '9223372036854775807' } },
  },
});

test('what describe() makes is valid', () => {
  for (const name of ['descriptor_library', 'descriptor_types']) {
    const descriptor = describeObject(compileBpf(name));
    expect(validateDescriptor(descriptor)).toBe(descriptor);
  }
  expect(() => validateDescriptor(valid())).not.toThrow();
});

const member = (types: Record<string, Json>, index: number): Json =>
  (types['struct s']?.['members'] as Json[])[index] ?? {};

type Valid = ReturnType<typeof valid>;
const CASES: readonly (readonly [string, (d: Valid) => unknown, RegExp])[] = [
  ['nothing', () => undefined, /^descriptor: must be an object, not undefined/],
  ['a text', () => 'lib', /^descriptor: must be an object, not "lib"/],
  ['a list', () => [], /^descriptor: must be an object, not an array/],
  [
    'no version',
    (d) => ({ ...d, version: undefined }),
    /^version: is undefined, but this package reads version 1/,
  ],
  ['a version of the future', (d) => ({ ...d, version: 2 }), /^version: is 2/],
  ['no variables', (d) => ({ ...d, variables: undefined }), /^variables: is missing/],
  [
    'another byte order',
    (d) => ({ ...d, byteOrder: 'middle' }),
    /^byteOrder: must be 'little' or 'big', not "middle"/,
  ],
  [
    'a misspelt field',
    (d) => ({ ...d, variabels: [] }),
    /^variabels: is no field of version 1 \(did you mean 'variables'\?\)/,
  ],
  ['maps that are no list', (d) => ({ ...d, maps: {} }), /^maps: must be an array, not an object/],
  [
    'a variable without a name',
    (d) => {
      d.variables[0] = { ...d.variables[0], name: '' };
      return d;
    },
    /^variables\[0\]\.name: must be a name/,
  ],
  [
    'a variable that is null',
    (d) => ({ ...d, variables: [null] }),
    /^variables\[0\]: must be an object, not null/,
  ],
  [
    'a variable twice',
    (d) => ({ ...d, variables: [d.variables[0], d.variables[0]] }),
    /^variables\[1\]\.name: 'v' is listed twice/,
  ],
  [
    'a type that is not there',
    (d) => {
      d.variables[0] = { ...d.variables[0], type: 'long' };
      return d;
    },
    /^variables\[0\]\.type: refers to "long", which types does not have/,
  ],
  [
    'a type that every object has',
    (d) => {
      d.variables[0] = { ...d.variables[0], type: 'toString' };
      return d;
    },
    /refers to "toString"/,
  ],
  [
    'a size below the type',
    (d) => {
      d.variables[0] = { ...d.variables[0], size: 4 };
      return d;
    },
    /^variables\[0\]\.size: is 4, but the type has 8 bytes/,
  ],
  [
    'a size with a fraction',
    (d) => {
      d.variables[0] = { ...d.variables[0], size: 8.5 };
      return d;
    },
    /^variables\[0\]\.size: must be an integer/,
  ],
  [
    'a variable in no section',
    (d) => {
      d.variables[0] = { ...d.variables[0], section: undefined };
      return d;
    },
    /^variables\[0\]\.section: is missing/,
  ],
  [
    'a flag that is false',
    (d) => {
      d.variables[0] = { ...d.variables[0], weak: false };
      return d;
    },
    /^variables\[0\]\.weak: must be true, or absent/,
  ],
  [
    'a tag that is no text',
    (d) => {
      d.programs[0] = { ...d.programs[0], tags: [1] };
      return d;
    },
    /^programs\[0\]\.tags\[0\]: must be a string, not 1/,
  ],
  [
    'a key of another size',
    (d) => {
      d.maps[0] = { ...d.maps[0], keySize: 8 };
      return d;
    },
    /^maps\[0\]\.keySize: is 8, but the type of the key has 4/,
  ],
  [
    'an inner map with a name',
    (d) => {
      d.maps[0] = { ...d.maps[0], inner: { name: 'x' } };
      return d;
    },
    /^maps\[0\]\.inner\.name: is no field/,
  ],
  ['types that are no object', (d) => ({ ...d, types: [] }), /^types: must be an object/],
  [
    'a kind that is none',
    (d) => {
      d.types['int'] = { kind: 'integer', size: 4 };
      return d;
    },
    /^types\["int"\]\.kind: must be one of/,
  ],
  [
    'an int of 3 bytes',
    (d) => {
      d.types['int'] = { kind: 'int', size: 3 };
      return d;
    },
    /^types\["int"\]\.size: must be one of 1, 2, 4, 8, 16, not 3/,
  ],
  [
    'a pointer among the named types',
    (d) => {
      d.types['p'] = { kind: 'pointer', c: 'void *' };
      return d;
    },
    /^types\["p"\]: is pointer/,
  ],
  [
    'a struct in itself',
    (d) => {
      member(d.types, 0)['type'] = 'struct s';
      return d;
    },
    /^types\["struct s"\]: contains itself by value/,
  ],
  [
    'a member past the end',
    (d) => {
      member(d.types, 0)['offset'] = 5;
      return d;
    },
    /^types\["struct s"\]\.members\[0\]: ends at bit 72, but the struct has 64/,
  ],
  [
    'a negative offset',
    (d) => {
      member(d.types, 0)['offset'] = -1;
      return d;
    },
    /members\[0\]\.offset: must be an integer/,
  ],
  [
    'a bitfield without a width',
    (d) => {
      delete member(d.types, 1)['bits'];
      return d;
    },
    /members\[1\]\.bits: is missing/,
  ],
  [
    'a bitfield with an offset',
    (d) => {
      member(d.types, 1)['offset'] = 4;
      return d;
    },
    /members\[1\]\.offset: must be absent/,
  ],
  [
    'a bitfield wider than its type',
    (d) => {
      member(d.types, 1)['bits'] = 33;
      return d;
    },
    /members\[1\]: is a bitfield of 33 bits, but its type has 32/,
  ],
  [
    'a bitfield of an array',
    (d) => {
      member(d.types, 1)['type'] = { kind: 'array', length: 1, element: 'int' };
      return d;
    },
    /members\[1\]: is a bitfield of type array/,
  ],
  [
    'an int in place',
    (d) => {
      member(d.types, 0)['type'] = { kind: 'int', size: 4 };
      return d;
    },
    /members\[0\]\.type\.kind: must be pointer, array, struct, union or enum/,
  ],
  [
    'a negative length',
    (d) => {
      member(d.types, 0)['type'] = { kind: 'array', length: -1, element: 'int' };
      return d;
    },
    /members\[0\]\.type\.length: must be an integer/,
  ],
  [
    'an array beyond all memory',
    (d) => {
      let type: unknown = 'int';
      for (let n = 0; n < 3; n++) type = { kind: 'array', length: 0xffffffff, element: type };
      member(d.types, 0)['type'] = type;
      return d;
    },
    /more than any memory/,
  ],
  [
    'a constant that is a number where 64 bits need a text',
    (d) => {
      d.types['enum e'] = { kind: 'enum', size: 8, constants: { A: 1 } };
      return d;
    },
    /constants\["A"\]: must be a decimal string, not 1/,
  ],
  [
    'a constant that is no number',
    (d) => {
      d.types['enum e'] = { kind: 'enum', size: 4, constants: { A: '1' } };
      return d;
    },
    /constants\["A"\]: must be an integer, not "1"/,
  ],
  [
    'a constant that does not fit',
    (d) => {
      d.types['enum e'] = { kind: 'enum', size: 1, constants: { A: 256 } };
      return d;
    },
    /constants\["A"\]: is 256, which does not fit 1 bytes/,
  ],
  [
    'types 300 deep',
    (d) => {
      let type: unknown = 'int';
      for (let n = 0; n < 300; n++) type = { kind: 'array', length: 1, element: type };
      member(d.types, 0)['type'] = type;
      return d;
    },
    /nested more than 256 deep/,
  ],
  [
    'types that double at each level',
    (d) => {
      for (let n = 0; n < 40; n++) {
        const inner = n === 0 ? 'int' : `union u${String(n - 1)}`;
        d.types[`union u${String(n)}`] = {
          kind: 'union',
          size: 8,
          members: [
            { name: 'a', type: inner, offset: 0 },
            { name: 'b', type: inner, offset: 0 },
          ],
        };
      }
      return d;
    },
    /consists of more than 100000 members/,
  ],
];

test.each(CASES)('%s', (_name, change, message) => {
  expect(() => validateDescriptor(change(valid()))).toThrow(message);
  expect(() => validateDescriptor(change(valid()))).toThrow(DescriptorError);
});

test('no shape of a field makes anything but a DescriptorError', () => {
  const values: unknown[] = [
    null,
    undefined,
    true,
    0,
    -1,
    NaN,
    'x',
    [],
    {},
    [null],
    { kind: 'x' },
    () => 0,
    Symbol('s'),
    1n,
  ];
  const visit = (target: unknown, root: () => Json, path: (string | number)[]): void => {
    if (typeof target !== 'object' || target === null) return;
    for (const key of Object.keys(target)) {
      for (const value of values) {
        const copy = root();
        let parent: unknown = copy;
        for (const step of path) parent = (parent as Record<string, unknown>)[step];
        (parent as Record<string, unknown>)[key] = value;
        try {
          validateDescriptor(copy);
        } catch (error) {
          expect(error).toBeInstanceOf(DescriptorError);
        }
      }
      visit((target as Record<string, unknown>)[key], root, [...path, key]);
    }
  };
  visit(valid(), valid, []);
});

describe('identifiers of sections', () => {
  test.each([
    [
      ['.data', '.rodata', '.bss', '.kconfig'],
      { '.data': 'data', '.rodata': 'rodata', '.bss': 'bss', '.kconfig': 'kconfig' },
    ],
    [['.data.a_b', '.data.a.b'], { '.data.a.b': 'data_a_b', '.data.a_b': 'data_a_b_2' }],
    [
      ['.data.a_b', '.data.a.b', '.data.a_b_2'],
      { '.data.a.b': 'data_a_b', '.data.a_b': 'data_a_b_3', '.data.a_b_2': 'data_a_b_2' },
    ],
    [['.addr_space.1'], { '.addr_space.1': 'arena' }],
    [['.data.ü-x'], { '.data.ü-x': 'data___x' }],
  ])('%j', (sections, expected) => {
    expect(Object.fromEntries(sectionIdentifiers(sections))).toEqual(expected);
  });
});

test.each([
  [1, 'hash'],
  [27, 'ringbuf'],
  [33, 'arena'],
  [99, 'type_99'],
])('map type %d is %s', (number, name) => {
  expect(mapTypeName(number)).toBe(name);
  expect(mapTypeNumber(name)).toBe(number);
});
