/** Linking with libbpf: what comes out is right whatever the order, and what cannot be linked is told. */
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe as describeObject } from '../../../lib/descriptor/read/from-object';
import type { Descriptor } from '../../../lib/descriptor/types';
import { parseElf } from '../../../lib/elf/elf';
import { staleOffsets } from '../../../lib/linker/offsets';
import { builtPackage, cliScript } from '../../support/built-package';
import { BPFTOOL } from '../../support/bpftool';
import { compileBpfSource, ROOT } from '../../support/compile';
import { corpusNames, corpusObject } from '../../support/corpus';
import { mutate } from '../../support/mutate';
import { withFolder } from '../../support/run-cli';

const ENV = {
  ...process.env,
  LIBBPF_SUBSKEL_ADDON:
    process.env['LIBBPF_SUBSKEL_ADDON'] ?? path.join(ROOT, 'build/Release/libbpf_subskel.node'),
};

const node = (args: readonly string[], cwd: string): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, args, { encoding: 'utf8', env: ENV, cwd });

const link = (inputs: readonly string[], cwd: string, output = 'out.bpf.o'): SpawnSyncReturns<string> =>
  node([cliScript(), 'gen', 'object', output, ...inputs], cwd);

const compile = (text: string, name: string): string => compileBpfSource(text, `link_${name}`);

/** The initial value of a 4-byte variable, read where the symbol table says, and where BTF says. */
function initial(file: string, name: string): number {
  const elf = parseElf(readFileSync(file), file);
  expect(staleOffsets(elf)).toEqual([]);
  const symbol = elf.symbols.find((one) => one.name === name);
  const data = elf.sections[symbol?.sectionIndex ?? 0]?.data;
  if (symbol === undefined || data === undefined) throw new Error(`no ${name}`);
  return new DataView(data.buffer, data.byteOffset).getInt32(symbol.value, true);
}

const WEAK = 'int before = 1; __attribute__((weak)) int knob = 7; int after = 3;';
const STRONG = 'long padding = 5; int knob = 9; int last = 4;';

test.each([
  ['weak first', [WEAK, STRONG]],
  ['strong first', [STRONG, WEAK]],
  ['weak twice, strong last', [WEAK, WEAK.replaceAll(/before|after/g, '$&_2'), STRONG]],
])('a strong definition wins, and BTF knows where it is: %s', (_, sources) => {
  withFolder((folder) => {
    const inputs = sources.map((source) => compile(source, 'weak'));
    expect(link(inputs, folder)).toMatchObject({ status: 0, stderr: '', stdout: '' });
    const output = path.join(folder, 'out.bpf.o');
    expect(initial(output, 'knob')).toBe(9);
    expect([initial(output, 'before'), initial(output, 'after'), initial(output, 'last')]).toEqual([1, 3, 4]);
    expect(describeObject(output).variables.filter(({ name }) => name === 'knob')).toHaveLength(1);
  });
});

test('one pass of libbpf alone leaves the stale offset that we correct', () => {
  withFolder((folder) => {
    const output = path.join(folder, 'once.o');
    spawnSync(BPFTOOL, ['gen', 'object', output, compile(WEAK, 'weak'), compile(STRONG, 'weak')]);
    expect(staleOffsets(parseElf(readFileSync(output), 'once.o'))).toEqual([
      expect.stringMatching(/^'knob' in \.data: BTF has it at 4, the symbol table at \d+$/),
    ]);
  });
});

test.each<[string, [string, string], string[]]>([
  [
    'two strong definitions',
    ['int x = 1;', 'int x = 2;'],
    ["symbol 'x' is defined twice", '(.data)', 'make one of them weak'],
  ],
  [
    'two strong definitions in different sections',
    ['int x = 1;', 'int x;'],
    ["symbol 'x' is defined twice", '(.data)', '(.bss)'],
  ],
  // libbpf's linker crashes on this one.
  [
    'weak in .bss, strong in .data',
    ['__attribute__((weak)) int x;', 'int x = 1;'],
    ["symbol 'x' is defined in different sections", 'weak in', '(.bss)', 'strong in', '(.data)'],
  ],
  // And it would corrupt the entry of another variable here.
  [
    'weak in .data, strong in .bss',
    ['__attribute__((weak)) int x = 1;', 'long other; int x;'],
    ["symbol 'x' is defined in different sections", 'weak in', 'strong in'],
  ],
  [
    'two functions',
    ['int f(void) { return 1; }', 'int f(void) { return 2; }'],
    ["symbol 'f' is defined twice", '(.text)'],
  ],
  [
    'kconfig here, a variable there',
    ['extern int x __attribute__((section(".kconfig"))); int user(void) { return x; }', 'int x = 1;'],
    ["symbol 'x' is in different sections", '(.kconfig)', '(.data)'],
  ],
  ['types that differ', ['extern int x; int user(void) { return x; }', 'long x = 1;'], ['linking ', 'x']],
  [
    'licenses that differ',
    [
      'char L[] __attribute__((section("license"))) = "GPL";',
      'char L[] __attribute__((section("license"))) = "BSD";',
    ],
    ['linking '],
  ],
])('%s: refused, with the symbol, the files and the sections', (_, sources, words) => {
  for (const order of [sources, sources.toReversed()]) {
    withFolder((folder) => {
      const inputs = order.map((source, i) => {
        const file = path.join(folder, `in${String(i)}.bpf.o`);
        copyFileSync(compile(source, 'conflict'), file);
        return `in${String(i)}.bpf.o`;
      });
      writeFileSync(path.join(folder, 'out.bpf.o'), 'old');
      const { status, stderr } = link(inputs, folder);
      expect(status).toBe(1);
      for (const word of [...words, 'in0.bpf.o', 'in1.bpf.o']) expect(stderr).toContain(word);
      // What was there stays, and nothing is left lying about.
      expect(readFileSync(path.join(folder, 'out.bpf.o'), 'utf8')).toBe('old');
      expect(readdirSync(folder).sort()).toEqual(['in0.bpf.o', 'in1.bpf.o', 'out.bpf.o']);
    });
  }
});

test('weak functions in different sections are no conflict', () => {
  withFolder((folder) => {
    const program = (attributes: string, section: string): string =>
      compile(
        `__attribute__((section("${section}")${attributes})) int prog(void *ctx) { return 1; } char L[] __attribute__((section("license"))) = "GPL";`,
        'functions',
      );
    expect(link([program(', weak', 'xdp'), program('', 'tc')], folder)).toMatchObject({
      status: 0,
      stderr: '',
    });
    const { programs } = describeObject(path.join(folder, 'out.bpf.o'));
    expect(programs.map(({ name, section }) => `${section} ${name}`)).toContain('tc prog');
  });
});

const names = (descriptor: Descriptor): string[] =>
  [...descriptor.maps, ...descriptor.programs, ...descriptor.variables].map(({ name }) => name).sort();

test('every object of the corpus is the same after linking', () => {
  withFolder((folder) => {
    for (const name of corpusNames()) {
      const input = corpusObject(name);
      const { status, stderr } = link([input], folder);
      if (status !== 0) {
        // What libbpf's linker cannot do is its own word, not a crash.
        expect(stderr).toMatch(/^libbpf-subskel: linking /);
        continue;
      }
      expect(names(describeObject(path.join(folder, 'out.bpf.o')))).toEqual(names(describeObject(input)));
    }
  });
}, 60_000);

test('a library whose map nobody defines yet can be linked by itself, and with its definition later', () => {
  withFolder((folder) => {
    expect(link([corpusObject('unresolved')], folder, 'library.bpf.o')).toMatchObject({
      status: 0,
      stderr: '',
    });
    const library = describeObject(path.join(folder, 'library.bpf.o'));
    expect(library.maps.map(({ name, extern }) => [name, extern])).toEqual([
      ['shared_map', undefined],
      ['declared_map', true],
    ]);
    const definitions = compile(
      `#include <linux/bpf.h>
      #include <bpf/bpf_helpers.h>
      int shared_level = 3; const volatile __u64 shared_limits[4]; int compute(int x) { return x; }
      struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 8); __type(key, int); __type(value, long); } declared_map SEC(".maps");`,
      'definitions',
    );
    for (const order of [
      ['library.bpf.o', definitions],
      [definitions, 'library.bpf.o'],
    ]) {
      expect(link(order, folder)).toMatchObject({ status: 0, stderr: '' });
      const final = describeObject(path.join(folder, 'out.bpf.o'));
      expect(final.maps.map(({ name, extern }) => [name, extern]).sort()).toEqual([
        ['declared_map', undefined],
        ['shared_map', undefined],
      ]);
      expect(initial(path.join(folder, 'out.bpf.o'), 'shared_level')).toBe(3);
    }
  });
});

test('the output may be one of the inputs', () => {
  withFolder((folder) => {
    copyFileSync(compile(WEAK, 'weak'), path.join(folder, 'a.o'));
    expect(link(['a.o', compile(STRONG, 'weak')], folder, 'a.o')).toMatchObject({ status: 0, stderr: '' });
    expect(initial(path.join(folder, 'a.o'), 'knob')).toBe(9);
    expect(readdirSync(folder)).toEqual(['a.o']);
  });
});

test('damaged inputs: an object that is right, or an error; never a crash of ours', () => {
  withFolder((folder) => {
    const [one, two] = [readFileSync(compile(WEAK, 'weak')), compile(STRONG, 'weak')];
    for (let seed = 1; seed <= 12; seed++) {
      writeFileSync(path.join(folder, 'bad.o'), mutate(one, [], seed));
      const { status, stderr, signal } = link(['bad.o', two], folder);
      expect(signal).toBeNull();
      expect([0, 1]).toContain(status);
      if (status === 1) expect(stderr).toMatch(/^libbpf-subskel: .*(?:bad\.o|linking)/);
      else expect(staleOffsets(parseElf(readFileSync(path.join(folder, 'out.bpf.o')), 'out'))).toEqual([]);
    }
  });
}, 60_000);

describe('linkObjects()', () => {
  /** What it throws, as JSON. */
  const call = (options: string, cwd: string): unknown => {
    const script = `require(${JSON.stringify(builtPackage())}).linkObjects(${options}).then(() => 'done', (e) => ({ name: e.name, code: e.code, message: e.message, log: e.log })).then((r) => console.log(JSON.stringify(r)))`;
    const { stdout, stderr } = node(['-e', script], cwd);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout);
  };

  test.each<[string, string, unknown]>([
    [
      'two objects',
      `{ output: 'o.o', inputs: ${JSON.stringify([compile(WEAK, 'weak'), compile(STRONG, 'weak')])} }`,
      'done',
    ],
    ['nothing', `{ output: 'o.o', inputs: [] }`, { code: 'ERR_INVALID_ARG' }],
    ['no array', `{ output: 'o.o', inputs: 'x.o' }`, { code: 'ERR_INVALID_ARG' }],
    ['no path', `{ output: 'o.o', inputs: [1] }`, { code: 'ERR_INVALID_ARG' }],
    ['no output', `{ inputs: ['x'] }`, { code: 'ERR_INVALID_ARG' }],
    ['an unknown option', `{ output: 'o.o', inputs: ['x'], force: true }`, { code: 'ERR_INVALID_ARG' }],
    [
      'a file that is not there',
      `{ output: 'o.o', inputs: ['gone.o'] }`,
      { code: 'ERR_LINK', name: 'LinkError' },
    ],
    ['a file that is no object', `{ output: 'o.o', inputs: [process.execPath] }`, { code: 'ERR_ELF' }],
    [
      'what libbpf refuses, with its log',
      `{ output: 'o.o', inputs: ${JSON.stringify([compile('extern int x; int user(void) { return x; }', 'conflict'), compile('long x = 1;', 'conflict')])} }`,
      { code: 'ERR_LINK', log: expect.stringContaining("'x'") },
    ],
  ])('%s', (_, options, expected) => {
    withFolder((folder) => {
      const result = call(options, folder);
      if (typeof expected === 'object') expect(result).toMatchObject(expected as object);
      else expect(result).toBe(expected);
      expect(existsSync(path.join(folder, 'o.o'))).toBe(expected === 'done');
    });
  });
});

test('build links several sources', () => {
  withFolder((folder) => {
    writeFileSync(
      path.join(folder, 'app.bpf.c'),
      'extern int shared; __attribute__((section("xdp"))) int prog(void *ctx) { return shared; }\nchar L[] __attribute__((section("license"))) = "GPL";',
    );
    writeFileSync(path.join(folder, 'lib.bpf.c'), 'int shared = 5;');
    const build = (): SpawnSyncReturns<string> =>
      node([cliScript(), 'build', 'app.bpf.c', 'lib.bpf.c', '-n', 'all', '-o', '.'], folder);
    expect(build().stderr).toBe('libbpf-subskel build: all: wrote all.bpf.o, all.skel.ts\n');
    expect(initial(path.join(folder, 'all.bpf.o'), 'shared')).toBe(5);
    expect(build().stderr).toBe('libbpf-subskel build: all: up to date\n');
    writeFileSync(path.join(folder, 'lib.bpf.c'), 'int shared = 66;');
    expect(build().stderr).toBe('libbpf-subskel build: all: wrote all.bpf.o, all.skel.ts\n');
    expect(initial(path.join(folder, 'all.bpf.o'), 'shared')).toBe(66);
  });
});
