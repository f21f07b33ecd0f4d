/** Names that no compiler writes, but a file may hold: they are data, never code, and never lost. */
import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { CodegenError } from '../../../lib/errors';
import { generate } from '../../../lib/codegen/generate';
import { describe as describeObject } from '../../../lib/descriptor/read/from-object';
import type { Descriptor } from '../../../lib/descriptor/types';
import { SubskelError } from '../../../lib/errors';
import { parseElf } from '../../../lib/elf/elf';
import { corpusObject } from '../../support/corpus';
import { mutate } from '../../support/mutate';
import { typeErrors } from '../../support/type-check';

const EMPTY: Descriptor = {
  version: 1,
  name: 'hostile',
  byteOrder: 'little',
  maps: [],
  programs: [],
  variables: [],
  functions: [],
  ksyms: [],
  structOps: [],
  types: { int: { kind: 'int', size: 4, signed: true } },
};

const NAMES = [
  '*/ executed(); /*',
  '`${executed()}`',
  '"; executed(); "',
  "'",
  '\\',
  '\n',
  '\u2028',
  '\u202eevil',
  '__proto__',
  'constructor',
  '',
  ' ',
  'a-b',
  '[Symbol.iterator]',
  '}',
  '-->',
  '</script>',
  '\ud800',
  '漢字',
  'class',
];

/** A descriptor in which every name is this one. */
const everywhere = (name: string): Descriptor => ({
  ...EMPTY,
  license: name,
  maps: [{ name, type: 'hash', key: 'int', value: `struct ${name}`, tags: [name] }],
  programs: [{ name, section: name, c: name, tags: [name] }],
  variables: [
    { name, section: `.data.${name}`, type: `struct ${name}`, size: 4, c: name, tags: [name] },
    { name, type: `enum ${name}`, size: 4, c: name, extern: true },
  ],
  functions: [{ name, c: name }],
  ksyms: [{ name, kind: 'variable', c: name }],
  structOps: [{ name, section: '.struct_ops', type: { kind: 'pointer', c: name }, size: 8, c: name }],
  types: {
    ...EMPTY.types,
    [`struct ${name}`]: {
      kind: 'struct',
      size: 4,
      members: [{ name, type: 'int', offset: 0, c: name, tags: [name] }],
    },
    [`enum ${name}`]: { kind: 'enum', size: 4, constants: Object.fromEntries([[name, 1]]) },
  },
});

/** The descriptor that the JavaScript module has embedded. */
function embedded(js: string): unknown {
  const exports: Record<string, unknown> = {};
  const define = (descriptor: unknown): unknown => descriptor;
  const require = (): unknown => ({ defineSubskeleton: define, defineSkeleton: define });
  vm.runInThisContext(`(function (exports, require) {${js}\n})`)(exports, require);
  return exports['Hostile'];
}

test.each(NAMES)('everything named %j', (name) => {
  const descriptor = everywhere(name);
  const [js] = generate(descriptor, { kind: 'subskeleton', lang: 'js' });
  expect(embedded(js?.text ?? '')).toEqual(descriptor);
  expect(js?.text).not.toMatch(/[\u2028\u202e]/);
});

test('with any of them the module compiles', () => {
  const texts = NAMES.map((name, i): [string, string] => {
    const [ts] = generate(everywhere(name), { kind: 'skeleton', object: './x.o' });
    return [`hostile-${String(i)}.ts`, ts?.text ?? ''];
  });
  expect(typeErrors(new Map(texts))).toEqual([]);
}, 60_000);

const variable = (name: string, section = '.data') => ({
  name,
  section,
  type: 'int',
  size: 4,
  c: `int ${name}`,
});

test.each<[string, Partial<Descriptor>, string[]]>([
  [
    'two of one name, each told',
    {
      maps: [{ name: 'm' }, { name: 'm' }],
      programs: [
        { name: 'p', section: 'xdp' },
        { name: 'p', section: 'tc' },
      ],
      variables: [variable('v'), variable('v'), variable('v', '.bss')],
    },
    ["two maps named 'm'", "two programs named 'p'", "two variables in .data named 'v'"],
  ],
  [
    'a struct with two members of one name',
    {
      types: {
        'struct s': {
          kind: 'struct',
          size: 8,
          members: [
            { name: 'a', type: 'int', offset: 0 },
            { type: { kind: 'union', size: 4, members: [{ name: 'a', type: 'int', offset: 0 }] }, offset: 4 },
          ],
        },
        ...EMPTY.types,
      },
    },
    ["struct s has two members 'a'"],
  ],
  [
    'a type that is not there',
    { variables: [{ ...variable('v'), type: 'struct gone' }] },
    ["the descriptor has no type 'struct gone'"],
  ],
])('%s: refused', (_, part, problems) => {
  const attempt = (): unknown => generate({ ...EMPTY, ...part }, { kind: 'subskeleton' });
  expect(attempt).toThrow(CodegenError);
  expect(attempt).toThrow(problems.join('\n'));
});

/** FUZZ_CASES=20000 is `npm run fuzz:codegen`. */
const cases = Number(process.env['FUZZ_CASES'] ?? 400);

test(`${String(cases)} damaged objects: a module, or one of our errors, in bounded time`, () => {
  const objects = [
    'btf_structs',
    'maps_typed',
    'struct_ops',
    'unresolved',
    'names_typescript',
    'btf_tags',
    'programs_all',
  ];
  const inputs = objects.map((name) => {
    const bytes = readFileSync(corpusObject(name));
    const btf = parseElf(bytes, name).section('.BTF')?.data ?? bytes;
    return { bytes, regions: [{ offset: btf.byteOffset - bytes.byteOffset, size: btf.length }] };
  });
  let generated = 0;
  for (let seed = 1; seed <= cases; seed++) {
    const { bytes, regions } = inputs[seed % inputs.length]!;
    const damaged = mutate(bytes, regions, seed);
    const start = performance.now();
    try {
      const descriptor = describeObject(damaged, { name: 'hostile' });
      for (const { text } of generate(descriptor, { kind: 'subskeleton', lang: 'js' }))
        expect(text).not.toBe('');
      generated++;
    } catch (error) {
      if (!(error instanceof SubskelError))
        throw new Error(`seed ${String(seed)}: ${String(error)}`, { cause: error });
    }
    if (performance.now() - start > 5000) throw new Error(`seed ${String(seed)} took too long`);
  }
  // Damage that always, or never, is noticed would test nothing.
  expect(generated).toBeGreaterThan(cases / 20);
  expect(generated).toBeLessThan(cases);
}, 900_000);
