/** describe(): what a descriptor says of an object, compared with what bpftool says, and the errors for what is none. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe as describeObject } from '../../../lib/descriptor/read/from-object';
import type { Descriptor, VariableDescription } from '../../../lib/descriptor/types';
import { validateDescriptor } from '../../../lib/descriptor/validate/validate';
import { parseElf } from '../../../lib/elf/elf';
import { ArgumentError, BtfError, ElfError } from '../../../lib/errors';
import { BPFTOOL } from '../../support/bpftool';
import { BtfBuilder } from '../../support/btf-builder';
import { compileBpf, compileBpfSource, ROOT } from '../../support/compile';
import { withSection } from '../../support/elf-patch';

const HEADERS = '#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\n';

describe('a library', () => {
  const library = describeObject(compileBpf('descriptor_library'));
  const variable = (name: string): VariableDescription | undefined =>
    library.variables.find((one) => one.name === name);

  test('itself', () => {
    expect(library).toMatchObject({
      version: 1,
      name: 'descriptor_library',
      byteOrder: 'little',
      license: 'Dual BSD/GPL',
    });
    expect(validateDescriptor(JSON.parse(JSON.stringify(library)))).toEqual(library);
    expect(Object.keys(library)).toEqual([
      'version',
      'name',
      'byteOrder',
      'license',
      'maps',
      'programs',
      'variables',
      'functions',
      'ksyms',
      'structOps',
      'types',
    ]);
  });

  test('maps', () => {
    expect(library.maps).toEqual([
      {
        name: 'per_key',
        type: 'hash',
        key: 'struct key',
        value: 'usage_t',
        keySize: 8,
        valueSize: 24,
        maxEntries: 100,
        flags: 1,
        pinned: true,
        tags: ['shared'],
      },
      {
        name: 'outer',
        type: 'hash_of_maps',
        keySize: 4,
        valueSize: 4,
        maxEntries: 2,
        inner: {
          type: 'array',
          key: 'unsigned int',
          value: 'unsigned long long',
          keySize: 4,
          valueSize: 8,
          maxEntries: 4,
        },
      },
      { name: 'events', type: 'ringbuf', maxEntries: 4096 },
      { name: 'jumps', type: 'prog_array', keySize: 4, valueSize: 4, maxEntries: 1 },
      {
        name: 'elsewhere',
        type: 'array',
        key: 'int',
        value: 'int',
        keySize: 4,
        valueSize: 4,
        maxEntries: 1,
        extern: true,
      },
    ]);
  });

  test('programs', () => {
    expect(library.programs).toEqual([
      { name: 'on_enter', section: 'raw_tp/sys_enter', c: 'int on_enter(void *ctx)' },
      { name: 'on_exit', section: 'raw_tp/sys_exit', c: 'int on_exit(void *ctx)' },
      { name: 'on_exit_too', section: 'raw_tp/sys_exit', c: 'int on_exit_too(void *ctx)', weak: true },
      { name: 'filter', section: '?xdp', c: 'int filter(struct xdp_md *ctx)' },
    ]);
  });

  test('functions that are no programs, and what the kernel has', () => {
    expect(library.functions).toEqual([
      { name: 'routine', c: 'int routine(int x)' },
      { name: 'other_function', c: 'int other_function(int, char *)', extern: true },
    ]);
    expect(library.ksyms).toEqual([
      { name: 'bpf_prog_active', kind: 'variable', c: 'const void bpf_prog_active', weak: true },
      { name: 'kernel_function', kind: 'function', c: 'int kernel_function(int)' },
    ]);
  });

  test('variables: by section, and in the order of the source', () => {
    expect(library.variables.map(({ name, section }) => [section, name])).toEqual([
      ...['requests', 'callback', 'anonymous', 'matrices', 'last'].map((name) => ['.bss', name]),
      ...['numbers', 'limit', 'tagged', 'current', 'flexible'].map((name) => ['.data', name]),
      ['.data.custom', 'custom'],
      ...['CONFIG_BPF', 'CONFIG_DEFAULT_HOSTNAME', 'LINUX_KERNEL_VERSION'].map((name) => ['.kconfig', name]),
      ['.rodata', 'sample_rate'],
      ['.rodata.custom', 'custom_constant'],
      ...['other_array', 'other_variable', 'other_weak'].map((name) => [undefined, name]),
    ]);
  });

  test.each([
    ['requests', { section: '.bss', type: 'unsigned long long', size: 8, c: 'volatile __u64 requests' }],
    ['limit', { section: '.data', type: 'int', size: 4, c: 'int limit', weak: true }],
    ['tagged', { section: '.data', type: 'int', size: 4, c: 'int tagged', tags: ['first', 'second'] }],
    ['current', { section: '.data', type: 'enum state', size: 4, c: 'enum state current' }],
    ['last', { section: '.bss', type: 'usage_t', size: 24, c: 'usage_t last' }],
    [
      'LINUX_KERNEL_VERSION',
      { section: '.kconfig', type: 'int', size: 4, c: 'int LINUX_KERNEL_VERSION', extern: true },
    ],
    [
      'CONFIG_BPF',
      {
        section: '.kconfig',
        type: 'enum libbpf_tristate',
        size: 4,
        c: 'enum libbpf_tristate CONFIG_BPF',
        weak: true,
        extern: true,
      },
    ],
    ['other_weak', { type: 'int', size: 4, c: 'int other_weak', weak: true, extern: true }],
    [
      'other_array',
      { type: { kind: 'array', length: 0, element: 'int' }, size: 0, c: 'int other_array[]', extern: true },
    ],
    [
      'callback',
      {
        section: '.bss',
        type: { kind: 'pointer', c: 'int (*)(int, const char *)' },
        size: 8,
        c: 'int (*callback)(int, const char *)',
      },
    ],
  ])('%s', (name, expected) => {
    expect(variable(name)).toEqual({ name, ...expected });
  });

  test('a flexible array is as long as its initialiser', () => {
    expect(variable('flexible')).toMatchObject({ size: 16, type: { size: 4 } });
  });

  test('types stand behind those that they consist of', () => {
    expect(library.types).toMatchObject({
      'struct key': {
        kind: 'struct',
        size: 8,
        members: [
          { name: 'pid', type: 'int', offset: 0, c: 'int pid' },
          { name: 'kind', type: 'unsigned int', bit: 32, bits: 3, c: 'unsigned int kind : 3' },
          { name: 'flags', type: 'unsigned int', bit: 35, bits: 7, c: 'unsigned int flags : 7' },
          { name: 'seen', type: '_Bool', bit: 42, bits: 1, c: '_Bool seen : 1' },
        ],
      },
      usage_t: {
        members: [
          { name: 'total', tags: ['unit:ns'] },
          { type: { kind: 'array', length: 16, element: 'char' } },
        ],
      },
      'enum state': { kind: 'enum', size: 4, constants: { IDLE: 0, RUNNING: 5, DONE: 6 } },
      char: { kind: 'char', signed: true },
    });
    const keys = Object.keys(library.types);
    expect(keys.indexOf('struct key')).toBeGreaterThan(keys.indexOf('_Bool'));
  });

  test('docs/descriptor.md shows it as it is', () => {
    const page = readFileSync(path.join(ROOT, 'docs/descriptor.md'), 'utf8');
    const [, example = ''] = /```json\n([^`]*)```/.exec(page) ?? [];
    expect(JSON.parse(`{${example}}`)).toEqual({ 'struct key': library.types['struct key'] });
    for (const field of Object.keys(library)) expect(page).toContain(`| \`${field}\``);
  });

  test('the same input gives the same bytes', () => {
    const bytes = readFileSync(compileBpf('descriptor_library'));
    const again = describeObject(bytes, { name: 'descriptor_library' });
    expect(JSON.stringify(again)).toBe(JSON.stringify(library));
  });
});

describe('special objects', () => {
  const described = (source: string, name: string, flags: string[] = []): Descriptor =>
    describeObject(compileBpfSource(HEADERS + source, name, flags), { name });

  test('big endian', () => {
    const source = 'enum e { A = 5 }; struct { int a : 3; int b; enum e e; } v = { 1, 2, A };';
    const [little, big] = [
      described(source, 'small-end'),
      described(source, 'big-end', ['-target', 'bpfeb']),
    ];
    expect(big.byteOrder).toBe('big');
    expect({ ...big, byteOrder: 'little', name: 'small-end' }).toEqual(little);
  });

  test('struct_ops', () => {
    const source = `
      struct ops { int (*init)(void); int flags; };
      SEC(".struct_ops") struct ops plain = { .flags = 1 };
      SEC(".struct_ops.link") struct ops linked = { .flags = 2 };`;
    expect(described(source, 'struct-ops').structOps).toEqual([
      { name: 'plain', section: '.struct_ops', type: 'struct ops', size: 16, c: 'struct ops plain' },
      { name: 'linked', section: '.struct_ops.link', type: 'struct ops', size: 16, c: 'struct ops linked' },
    ]);
  });

  test('arena variables, sections with long names, and what is in no data section', () => {
    const source = `
      int arena SEC(".addr_space.1") = 1; int long_name SEC(".data.a.b-c") = 2; int elsewhere SEC(".metadata") = 3;
      int almost SEC(".dataset") = 4; static int hidden_by_static SEC(".data.s") = 5; int *use = &hidden_by_static;`;
    expect(described(source, 'sections').variables.map(({ name, section }) => [name, section])).toEqual([
      ['arena', '.addr_space.1'],
      ['use', '.data'],
      ['long_name', '.data.a.b-c'],
    ]);
  });

  test('two structs of one name, as linking can leave them', () => {
    const source = `
      int a(void) { struct { int x; } v; return sizeof v; }
      struct foo { int x; } first;
      struct foo___2 { char c; } taken;`;
    const object = readFileSync(compileBpfSource(HEADERS + source, 'same-names'));
    const build = new BtfBuilder();
    const int = build.int('int', 4, { signed: true });
    const char = build.int('char', 1, { signed: true });
    const foo = build.struct('foo', 4, [{ name: 'x', type: int, at: 0 }]);
    const other = build.struct('foo', 1, [{ name: 'c', type: char, at: 0 }]);
    const same = build.struct('foo', 4, [{ name: 'x', type: int, at: 0 }]);
    const variables = [build.variable('first', foo), build.variable('taken', other)];
    build.variable('third', same, 2);
    build.add('datasec', '.bss', 2, false, 0, ...variables.flatMap((id) => [id, 0, 0]));
    const descriptor = describeObject(withSection(object, '.BTF', build.build()), { name: 'same' });
    expect(descriptor.variables.map(({ name, type }) => [name, type])).toEqual([
      ['first', 'struct foo'],
      ['taken', 'struct foo___2'],
      ['third', 'struct foo'],
    ]);
    expect(descriptor.types['struct foo___2']).toMatchObject({ c: 'struct foo', size: 1 });
  });

  test('an enumerator called __proto__', () => {
    const { types } = described('enum e { __proto__ = 7, other } v = other;', 'proto');
    expect(JSON.stringify(types['enum e'])).toBe(
      '{"kind":"enum","size":4,"constants":{"__proto__":7,"other":8}}',
    );
  });

  test('the name: from the file, or as given', () => {
    const file = compileBpfSource(`${HEADERS}int v;`, 'some-name.with');
    expect(describeObject(file).name).toMatch(/^some_name_with_[0-9a-f]{12}$/);
    expect(describeObject(file, { name: 'lib' }).name).toBe('lib');
    expect(describeObject(readFileSync(file)).name).toBe('object');
  });

  test('5,000 variables in one section and 1,000 sections', () => {
    const many = Array.from({ length: 5000 }, (_, n) => `int v${String(n)} = 1;`);
    const sections = Array.from(
      { length: 1000 },
      (_, n) => `int s${String(n)} SEC(".data.s${String(n)}") = 1;`,
    );
    const file = compileBpfSource(HEADERS + [...many, ...sections].join('\n'), 'large');
    const start = performance.now();
    expect(describeObject(file).variables).toHaveLength(6000);
    // 60 ms where nothing else runs; a quadratic search takes many seconds.
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('compared with bpftool', () => {
  const SOURCE = `
    struct value { int a; };
    struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1); __type(key, int); __type(value, struct value); } m1 SEC(".maps");
    struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, long); } m2 SEC(".maps");
    int in_bss; static int private_in_bss; int in_data = 1; const volatile int in_rodata = 2; __weak int weak = 3;
    int custom SEC(".data.custom") = 4; const int constant SEC(".rodata.custom") = 5;
    struct value structs[2]; void *pointer; extern int LINUX_KERNEL_VERSION __kconfig; extern int CONFIG_HZ __kconfig __weak;
    __attribute__((noinline)) int routine(int x) { return x + in_bss; }
    static __attribute__((noinline)) int helper(int x) { return x * 3 + private_in_bss++; }
    SEC("raw_tp/sys_enter") int first(void *ctx) { return helper(routine(LINUX_KERNEL_VERSION + CONFIG_HZ)); }
    SEC("raw_tp/sys_enter") int second(void *ctx) { return 0; }
    SEC("?tc") int third(struct __sk_buff *skb) { bpf_printk("text"); return helper(1); }
    char LICENSE[] SEC("license") = "GPL";`;
  test.each([
    ['a library with everything', (): string => compileBpfSource(HEADERS + SOURCE, 'bpftool')],
    ['two functions and a map', (): string => compileBpf('descriptor_provider')],
  ])('%s', (_name, compile) => {
    const file = compile();
    const output = execFileSync(BPFTOOL, ['gen', 'subskeleton', file, 'name', 'lib'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const names = (what: string): string[] =>
      [...output.matchAll(new RegExp(`s->${what}\\[\\d+\\]\\.name = "(.*)";`, 'g'))]
        .map(([, name = '']) => name)
        .sort();
    const descriptor = describeObject(file);
    expect(descriptor.variables.map(({ name }) => name).sort()).toEqual(names('vars'));
    expect(descriptor.programs.map(({ name }) => name).sort()).toEqual(names('progs'));
    // bpftool lists the sections' own maps, too.
    expect(descriptor.maps.map(({ name }) => name).sort()).toEqual(
      names('maps').filter((name) => !name.startsWith('.')),
    );
    expect(names('progs').length).toBeGreaterThan(0);
  });
});

describe('what is refused', () => {
  const native = (): string =>
    compileBpfSource('int value;', 'native', ['-target', process.arch === 'arm64' ? 'aarch64' : 'x86_64']);
  const CASES: readonly (readonly [
    string,
    () => string | Uint8Array,
    RegExp,
    typeof ElfError | typeof BtfError,
  ])[] = [
    [
      'a file that is not there',
      () => '/nonexistent/lib.bpf.o',
      /^\/nonexistent\/lib\.bpf\.o: there is no such file \(ENOENT\)/,
      ElfError,
    ],
    ['a folder', () => '/', /cannot be read \(EISDIR\)/, ElfError],
    ['an empty buffer', () => new Uint8Array(0), /^object: is empty/, ElfError],
    ['an object of this machine', native, /not for BPF/, ElfError],
    [
      'an object without BTF',
      () => compileBpfSource('int value;', 'no-btf', ['-g0']),
      /has no BTF .*clang -g/,
      BtfError,
    ],
    [
      'maps of the old kind',
      () => compileBpfSource(`${HEADERS}struct { int type; } m SEC("maps") = { 1 };`, 'old-maps'),
      /struct bpf_map_def/,
      ElfError,
    ],
    [
      'a static map',
      () =>
        compileBpfSource(
          `${HEADERS}static struct { __uint(type, 1); } m SEC(".maps"); void *use = &m;`,
          'static-map',
        ),
      /'m'\): is a static map, which libbpf refuses/,
      BtfError,
    ],
    [
      'a map that is no struct',
      () => compileBpfSource(`${HEADERS}int m SEC(".maps");`, 'int-map'),
      /is no struct that defines a map/,
      BtfError,
    ],
    [
      'a map with a plain number',
      () => compileBpfSource(`${HEADERS}struct { int type; } m SEC(".maps");`, 'plain-map'),
      /'type' must be written __uint/,
      BtfError,
    ],
    [
      'a key of two sizes',
      () =>
        compileBpfSource(
          `${HEADERS}struct { __uint(key_size, 8); __type(key, int); } m SEC(".maps");`,
          'two-sizes',
        ),
      /'key' says 4 bytes, but another member says 8/,
      BtfError,
    ],
    [
      'BTF of the other byte order',
      () =>
        withSection(
          readFileSync(compileBpfSource('int value;', 'value')),
          '.BTF',
          new BtfBuilder({ littleEndian: false }).build(),
        ),
      /another byte order than the ELF file/,
      BtfError,
    ],
    [
      'BTF that describes another object',
      () => {
        const build = new BtfBuilder();
        const variable = build.variable('nowhere', build.int('int', 4));
        build.add('datasec', '.data', 1, false, 0, variable, 0, 4);
        return withSection(readFileSync(compileBpfSource('int value;', 'value')), '.BTF', build.build());
      },
      /lacks the global variable 'nowhere'/,
      ElfError,
    ],
  ];
  test.each(CASES)('%s', (_name, make, message, errorClass) => {
    expect(() => describeObject(make())).toThrow(message);
    expect(() => describeObject(make())).toThrow(errorClass);
  });

  test.each([
    ['a number', [42]],
    ['nothing', []],
    ['an ArrayBuffer', [new ArrayBuffer(8)]],
    ['a name that is no string', ['x.o', { name: 1 }]],
    ['an option that is none', ['x.o', { title: 'x' }]],
  ])('%s is no argument', (_name, args) => {
    expect(() => Reflect.apply(describeObject, undefined, args)).toThrow(ArgumentError);
  });

  test('a truncated file, wherever it ends', () => {
    const bytes = readFileSync(compileBpf('descriptor_library'));
    const elf = parseElf(bytes, 'whole');
    expect(elf.sections.length).toBeGreaterThan(10);
    for (let length = 0; length < bytes.length; length += 997) {
      expect(() => describeObject(bytes.subarray(0, length))).toThrow(ElfError);
    }
  });
});
