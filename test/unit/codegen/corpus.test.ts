/** Every source of test/bpf/corpus: generated, and compared with what bpftool says of the same object. */
import { describe as describeObject } from '../../../lib/descriptor/read/from-object';
import { generate, type GenerateOptions } from '../../../lib/codegen/generate';
import { moduleModel } from '../../../lib/codegen/model/model';
import { bpftoolSkeleton } from '../../support/bpftool-skeleton';
import { compileBpfSource } from '../../support/compile';
import { corpusBytes, corpusDescriptor, corpusNames, corpusObject } from '../../support/corpus';
import { prettify } from '../../support/prettier';

const names = corpusNames();

test('the corpus has a few dozen sources', () => {
  expect(names.length).toBeGreaterThanOrEqual(36);
});

const FORMS: readonly [string, GenerateOptions][] = [
  ['subskeleton', { kind: 'subskeleton' }],
  [
    'skeleton with its object in a file',
    { kind: 'skeleton', object: './x.bpf.o', check: 'size', module: 'esm' },
  ],
  [
    'JavaScript skeleton',
    { kind: 'skeleton', object: './x.bpf.o', lang: 'js', int64: 'number', check: 'off' },
  ],
  ['JavaScript subskeleton (ESM)', { kind: 'subskeleton', lang: 'js', module: 'esm' }],
];

/** One form of every source, and every form of some. */
const SOME = ['btf_enums', 'kconfig', 'maps_typed', 'names_long', 'names_widths', 'struct_ops', 'unresolved'];

describe.each(FORMS)('%s', (form, options) => {
  test.each(form === 'subskeleton' ? names : SOME)('%s is as prettier leaves it', async (name) => {
    const files = generate(corpusDescriptor(name), options);
    expect(files.map(({ extension }) => extension)).toEqual(options.lang === 'js' ? ['js', 'd.ts'] : ['ts']);
    for (const { text } of files) expect(await prettify(text)).toBe(text);
  });
});

test.each(names)('%s: the same input gives the same bytes', (name) => {
  const object = corpusBytes(name);
  const once = generate(corpusDescriptor(name), { kind: 'skeleton', object });
  const again = generate(describeObject(object, { name }), { kind: 'skeleton', object: object.slice() });
  expect(again).toEqual(once);
});

test.each(names)('%s: no any, and nothing but the library is imported', (name) => {
  for (const { text } of generate(corpusDescriptor(name), { kind: 'skeleton', object: 'x.o' })) {
    expect(text).not.toMatch(/(?:[:<,|] |[<[])any\b(?!_)/);
    expect([...text.matchAll(/^.*\bfrom "(.*)";$/gm)].map((match) => match[1])).toEqual(['libbpf-subskel']);
  }
});

/** bpftool 7.1 knows no arenas, no custom .bss sections and no objects that are yet to be linked. */
const BPFTOOL_REFUSES = ['arena', 'sections_bss', 'unresolved'];

/** Variables that only one of the two shows, and why. */
const DIFFERENCES: Readonly<
  Record<string, { readonly ours: readonly string[]; readonly theirs: readonly string[] }>
> = {
  // Both of .data.a_b and .data.a.b are data_a_b in bpftool, and show the variables of the first.
  sections_many: {
    ours: ['data_a_b.d3', 'data_a_b_2.d4', 'data_a_b_3.d2'],
    theirs: ['data_a_b.d3', 'data_a_b.d3', 'data_a_b_2.d4'],
  },
  // Hidden variables are static for libbpf since 1.2.
  linkage: { ours: [], theirs: ['data.hidden_one'] },
  // bpftool makes '_' of every byte that is not ASCII.
  unicode_names: {
    ours: ['bss.größe', 'bss.счётчик', 'bss.ω'],
    theirs: ['bss.gr____e', 'bss.______________', 'bss.__'],
  },
};

/** What the generated module has, in bpftool's words. */
function ours(name: string): { maps: string[]; programs: string[]; variables: string[] } {
  const model = moduleModel(corpusDescriptor(name));
  const { maps, programs, structOps } = model.descriptor;
  return {
    maps: [...maps, ...structOps].map((map) => map.name).concat([...model.internalMaps.values()]),
    programs: programs.map((program) => program.name),
    variables: model.sections.flatMap(({ identifier, variables }) =>
      variables.map((v) => `${identifier}.${v.name}`),
    ),
  };
}

test.each(names)('%s: maps, programs and variables are those that bpftool sees', (name) => {
  const theirs = bpftoolSkeleton(corpusObject(name));
  const mine = ours(name);
  if (BPFTOOL_REFUSES.includes(name)) {
    expect(theirs).toBeUndefined();
    return;
  }
  if (theirs === undefined) throw new Error('bpftool refuses the object');
  expect(mine.programs.toSorted()).toEqual(theirs.programs.toSorted());
  const { ours: only, theirs: lost } = DIFFERENCES[name] ?? { ours: [], theirs: [] };
  expect(mine.variables.filter((variable) => !only.includes(variable)).sort()).toEqual(
    theirs.variables.filter((variable) => !lost.includes(variable)).sort(),
  );
  for (const variable of only) expect(mine.variables).toContain(variable);
  const renamed = /^(?:data_a_b_\d|(?:bss|rodata)_2)$/;
  expect(mine.maps.filter((map) => !theirs.maps.includes(map) && !renamed.test(map))).toEqual([]);
  // Internal maps without a variable that anybody could reach: of strings, of statics. Ours are not in the module.
  const missing = theirs.maps.filter((map) => !mine.maps.includes(map));
  expect(
    missing.filter((map) => theirs.variables.some((variable) => variable.startsWith(`${map}.`))),
  ).toEqual([]);
  expect(missing.filter((map) => !/^(?:rodata|data|bss)/.test(map))).toEqual([]);
});

const SOURCE = (more: string): string => `
struct pair { int a; long b; };
struct pair first; int second = 2; ${more}
const volatile int third = 3;
char LICENSE[] __attribute__((section("license"))) = "GPL";
`;

test('a new variable adds lines, and changes none but the count of variables', () => {
  const text = (more: string): string[] => {
    const object = compileBpfSource(SOURCE(more), 'small_change');
    return (generate(describeObject(object, { name: 'x' }), { kind: 'subskeleton' })[0]?.text ?? '').split(
      '\n',
    );
  };
  const before = text('');
  const after = text('struct pair added; short fresh = 1;');
  let next = 0;
  const lost = before.filter((line) => {
    const at = after.indexOf(line, next);
    if (at >= 0) next = at + 1;
    return at < 0;
  });
  expect(lost).toEqual([expect.stringContaining('3 variables')]);
});
