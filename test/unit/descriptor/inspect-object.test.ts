/** `inspect`: what it finds in objects, as JSON and as text; and what it makes of files that nobody vouches for. */
import { describe as describeObject } from '../../../lib/descriptor/read/from-object';
import { inspectObject, type ObjectInspection } from '../../../lib/descriptor/read/inspect-object';
import { programOfSection } from '../../../lib/uapi/section-programs';
import { parseElf } from '../../../lib/elf/elf';
import { SubskelError } from '../../../lib/errors';
import { inspectionText } from '../../../lib/cli/commands/inspection-text';
import { compileBpfSource } from '../../support/compile';
import { corpusBytes, corpusNames, corpusObject } from '../../support/corpus';
import { mutate } from '../../support/mutate';
import { cli } from '../../support/run-cli';

const inspect = (name: string): ObjectInspection => inspectObject(parseElf(corpusBytes(name), name), name);

test.each([
  ['xdp', { programType: 'xdp', attachType: 'xdp' }],
  ['xdp.frags/devmap', { programType: 'xdp', attachType: 'xdp_devmap' }],
  ['tp/syscalls/sys_enter_open', { programType: 'tracepoint', target: 'syscalls/sys_enter_open' }],
  ['uprobe.s//bin/sh:main', { programType: 'kprobe', sleepable: true, target: '/bin/sh:main' }],
  ['?fentry/vfs_read', { programType: 'tracing', attachType: 'trace_fentry', target: 'vfs_read' }],
  ['syscall', { programType: 'syscall', sleepable: true }],
  ['kprobe', { programType: 'kprobe' }],
  ['kprobes', undefined],
  ['xdp/nowhere', undefined],
  ['constructor', undefined],
  ['', undefined],
])('SEC(%j)', (section, expected) => {
  expect(programOfSection(section)).toEqual(expected);
});

test.each(corpusNames())('%s: it says what its descriptor says', (name) => {
  const found = inspect(name);
  const described = describeObject(corpusObject(name));
  expect(found.license).toBe(described.license);
  expect(found.maps).toEqual(described.maps);
  expect(found.types).toEqual(described.types);
  expect([...found.externs, ...found.kconfig]).toEqual(
    expect.arrayContaining(described.variables.filter(({ extern }) => extern === true)),
  );
  expect(found.programs).toMatchObject(described.programs);
  const variables = found.sections.flatMap(({ name: section, variables: inside }) =>
    inside
      .filter((one) => one.static !== true)
      .map(({ name: one, size, c }) => ({ section, name: one, size, c })),
  );
  const own = described.variables.filter(({ extern }) => extern !== true);
  expect(variables).toHaveLength(own.length);
  expect(variables).toEqual(
    expect.arrayContaining(own.map(({ section, name: one, size, c }) => ({ section, name: one, size, c }))),
  );
  for (const { size, variables: inside } of found.sections) {
    for (const one of inside) expect(one.offset + one.size).toBeLessThanOrEqual(size);
  }
});

test('JSON: an array with an object a file', async () => {
  const files = [corpusObject('linkage'), corpusObject('kconfig')];
  const { stdout, status } = await cli(['inspect', ...files, '--json']);
  expect(status).toBe(0);
  const [linkage, kconfig] = JSON.parse(stdout) as (ObjectInspection & { file: string })[];
  expect([linkage?.file, kconfig?.file]).toEqual(files);
  expect(linkage?.sections.find(({ name }) => name === '.data')?.variables).toEqual([
    expect.objectContaining({ name: 'hidden_one', static: true }),
    expect.objectContaining({ name: 'weak_one', weak: true, c: 'int weak_one' }),
    expect.objectContaining({ name: 'global_one', offset: 8, size: 4, c: 'int global_one' }),
    expect.objectContaining({ name: 's_one', offset: 12, static: true }),
  ]);
  expect(linkage?.programs).toEqual([
    expect.objectContaining({
      name: 'prog',
      section: 'raw_tp/sys_enter',
      programType: 'raw_tracepoint',
      target: 'sys_enter',
    }),
  ]);
  expect(kconfig?.kconfig.map(({ name }) => name)).toContain('CONFIG_HZ');
  expect(kconfig?.btf).toMatchObject({ ext: true });
});

test('text: a library that only declares things', async () => {
  const { stdout } = await cli(['inspect', corpusObject('unresolved')]);
  expect(stdout.replace(/^.*?: /, '').replace(/\d+( types| bytes\)| instructions)/g, 'N$1'))
    .toBe(`little endian, license GPL, BTF with N types (N bytes)

programs
  lib_prog  SEC("raw_tp/sys_enter")  raw_tracepoint  N instructions

maps
  shared_map    hash   int -> long  8 entries
  declared_map  array  int -> long  8 entries, to be defined by another object

.bss (N bytes)
  0  4 bytes  int own

variables of other objects
  maybe          int maybe                              4 bytes, weak
  shared_level   int shared_level                       4 bytes
  shared_limits  const volatile __u64 shared_limits[4]  32 bytes

functions
  int compute(int)  to be defined by another object
`);
});

test.each([
  ['struct_ops', [], /^struct_ops\n {2}my_ops +struct tcp_congestion_ops my_ops/m],
  ['struct_ops', [], /SEC\("struct_ops\/init"\) +struct_ops +/],
  ['ksyms', [], /^of the kernel\n(?: .*\n)* {2}.*not_there +variable, weak$/m],
  ['kfuncs', [], /bpf_task_release\(struct task_struct \*\) +function, weak$/m],
  ['kconfig', [], /^\.kconfig\n(?: .*\n)*.*CONFIG_HZ +unsigned long CONFIG_HZ +8 bytes, weak$/m],
  ['no_license', [], /license none/],
  ['maps_of_maps', [], /array_of_maps +array \(.*->.*\)/],
  ['btf_structs', [], /^types\n(?: {2}.*\n)* {2}struct \w+ +\d+ bytes$/m],
  [
    'btf_structs',
    ['--types'],
    /^types \(byte offset and size\)\n(?:.*\n)*struct \w+ \{\n {2}.*; +\/\* 0 \d+ \*\/$/m,
  ],
  ['programs_all', [], /SEC\("\?.*"\).*not loaded unless asked for/],
  ['empty', [], /^\S+: little endian/],
] as const)('text: %s %j', async (name, options, expected) => {
  const { stdout, stderr, status } = await cli(['inspect', corpusObject(name), ...options]);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(stdout).toMatch(expected);
});

const PLAIN = `
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct { int (*type)[1]; } table SEC(".maps");
int hits;
SEC("xdp") int on_packet(void *ctx) { hits++; bpf_map_lookup_elem(&table, &hits); return 2; }
char LICENSE[] SEC("license") = "GPL";
`;

test('without BTF: what the ELF file alone says', async () => {
  const file = compileBpfSource(PLAIN, 'no_btf', ['-g0']);
  const { stdout, status } = await cli(['inspect', file]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/without BTF: compile it with clang -g/);
  expect(stdout).toMatch(/on_packet {2}SEC\("xdp"\) {2}xdp {2}\d+ instructions/);
  expect(stdout).toMatch(/^maps\n {2}table$/m);
  expect(stdout).toMatch(/^\.bss \(4 bytes\)\n {2}0 {2}4 bytes {2}hits$/m);
});

test('one bad file of several: the others are shown, and the status says that it is not all', async () => {
  const result = await cli(['inspect', __filename, corpusObject('kconfig'), '--json']);
  expect(result.status).toBe(1);
  expect(result.stderr).toMatch(/is not an ELF file/);
  expect(JSON.parse(result.stdout)).toHaveLength(1);
});

test('names that no compiler writes do not reach the terminal', () => {
  const found = inspect('kconfig');
  const evil = '\x1b[2J\n\u202eevil';
  const text = inspectionText(
    evil,
    { ...found, programs: [{ name: evil, section: evil, instructions: 1 }] },
    true,
  );
  expect(text).toContain('\\u001b[2J\\u000a\\u202eevil');
  for (const char of ['\x1b', '\u202e']) expect(text).not.toContain(char);
});

test.each(['maps_typed', 'kconfig', 'struct_ops'])(
  'damaged files of %s: an error of ours, or an answer',
  (name) => {
    const bytes = corpusBytes(name);
    for (let seed = 0; seed < 200; seed++) {
      try {
        inspectionText('x', inspectObject(parseElf(mutate(bytes, [], seed), 'x'), 'x'), true);
      } catch (error) {
        if (!(error instanceof SubskelError)) throw error;
      }
    }
  },
);
