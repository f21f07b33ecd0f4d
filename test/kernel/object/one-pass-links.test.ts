/**
 * Objects that libbpf's linker made in one pass, as `bpftool gen object` does: where a strong definition took the place
 * of a weak one, BTF has the weak one's offset, which libbpf believes. The symbols are right.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  BpfObject,
  describe as describeObject,
  ElfError,
  openSubskeleton,
  type Descriptor,
} from '../../../lib';
import { parseElf } from '../../../lib/elf/elf';
import { staleOffsets } from '../../../lib/linker/offsets';
import { loadAddon } from '../../../lib/native/load/load';
import { compileBpf, compileBpfSource, ROOT } from '../../support/compile';

const PRELUDE = '#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\n';
const LICENSE = '\nchar LICENSE[] SEC("license") = "GPL";';

/** bpf_linker once, as bpftool calls it. */
function linkOnce(name: string, inputs: readonly string[]): string {
  const output = path.join(ROOT, 'test/bpf/out', `one-pass.${name}.${String(process.pid)}.o`);
  loadAddon().link(output, inputs);
  return output;
}

const sources = (name: string, texts: readonly string[]): string[] =>
  texts.map((text, i) => compileBpfSource(PRELUDE + text + LICENSE, `one_pass_${name}_${String(i)}`));

const stale = (file: string): string[] => staleOffsets(parseElf(readFileSync(file), file));

/** Opened from the file, and from its bytes. */
const DOORS = [
  ['a file', (file: string): BpfObject => BpfObject.open(file)],
  ['memory', (file: string): BpfObject => BpfObject.open(readFileSync(file), { name: 'linked' })],
] as const;

describe.each(DOORS)('from %s', (_, open) => {
  test('a weak variable that was overridden', () => {
    const library = compileBpf('scenario_lib');
    const file = linkOnce('scenario', [compileBpf('scenario_lib2'), library, compileBpf('scenario_app')]);
    expect(stale(file)).toEqual(["'var5' in .data: BTF has it at 8, the symbol table at 12"]);

    const object = open(file);
    const { data } = openSubskeleton(object, describeObject(library)) as any;
    expect(data.var5).toMatchObject({ value: 5, offset: 12 });
    expect(object.section('.data').variables.get('var5')!.value).toBe(5);
    data.var5.value = 50;
    object.load();
    expect(data.var5.value).toBe(50);
    object.close();
  });

  test('each variable is where its symbol is', () => {
    const file = linkOnce(
      'many',
      sources('many', [
        'static volatile int same = 1; __weak int a = 2; __weak __hidden int h = 3; __weak int b[4] = { 4 }; SEC("raw_tp/a") int pa(void *c) { return same + a + h + b[1]; }',
        'static volatile int same = 5; int filler[3] = { 6 }; int a = 7; int h = 8; int b[4] = { 9 }; __weak long z; SEC("raw_tp/b") int pb(void *c) { return same + a + h + b[1] + z + filler[1]; }',
      ]),
    );
    expect(stale(file)).toHaveLength(3);
    const symbols = parseElf(readFileSync(file), file).symbols;
    const object = open(file);
    for (const section of ['.data', '.bss']) {
      for (const variable of object.section(section)) {
        if (variable.name === 'same') continue;
        const symbol = symbols.find(({ name }) => name === variable.name)!;
        expect([variable.name, variable.offset, variable.size]).toEqual([
          variable.name,
          symbol.value,
          symbol.size,
        ]);
      }
    }
    const { a, h, b } = Object.fromEntries(object.section('.data').variables) as any;
    expect([a.value, h.value, b.value[0]]).toEqual([7, 8, 9]);
    object.close();
  });

  test('an array at the end of a struct, longer than the weak one’s', () => {
    const [weak, strong] = sources('flexible', [
      'struct list { int n; int items[]; }; __weak struct list list = { 1 }; SEC("raw_tp/a") int pa(void *c) { return list.n; }',
      'struct list { int n; int items[]; }; int before = 1; struct list list = { 3, { 7, 8, 9 } }; SEC("raw_tp/b") int pb(void *c) { return list.n + before; }',
    ]) as [string, string];
    const descriptor = describeObject(strong);
    const object = open(linkOnce('flexible', [weak, strong]));
    const { list } = (openSubskeleton(object, descriptor) as any).data;
    expect([list.size, [...list.value.items]]).toEqual([16, [7, 8, 9]]);
    object.close();
  });

  test('a map that took the place of a weak one', () => {
    const map = (weak: string, entries: number): string =>
      `struct { __uint(type, BPF_MAP_TYPE_ARRAY); __type(key, int); __type(value, int); __uint(max_entries, ${String(entries)}); } table SEC(".maps")${weak};`;
    const use = (name: string): string =>
      `SEC("syscall") int ${name}(void *c) { int k = 1, *v = bpf_map_lookup_elem(&table, &k); return v ? ++*v : -1; }`;
    const other =
      'struct { __uint(type, BPF_MAP_TYPE_HASH); __type(key, int); __type(value, int); __uint(max_entries, 1); } other SEC(".maps");';
    const file = linkOnce(
      'map',
      sources('map', [
        `${map(' __attribute__((weak))', 2)} ${use('first')}`,
        `${other} ${map('', 2)} ${use('second')}`,
      ]),
    );
    expect(stale(file)).toEqual([expect.stringMatching(/^'table' in \.maps: BTF has it at 0/)]);
    const object = open(file);
    object.load();
    expect(object.program('first').testRun().retval).toBe(1);
    expect(object.program('second').testRun().retval).toBe(2);
    expect(object.map('table').get(1)).toBe(2);
    object.close();
  });

  test('a definition in another section than the weak one’s is refused by name', () => {
    const file = linkOnce(
      'moved',
      sources('moved', [
        '__weak int moved; int pad = 7; SEC("raw_tp/a") int pa(void *c) { return moved + pad; }',
        'int other = 3; int moved = 5; SEC("raw_tp/b") int pb(void *c) { return moved + other; }',
      ]),
    );
    expect(() => open(file)).toThrow(ElfError);
    expect(() => open(file)).toThrow(
      /^(file '.*'|object 'linked'): 'moved' is in \.data, but BTF has it in \.bss: link the object anew \(libbpf-subskel gen object\)$/,
    );
  });
});

test('what is cut off, or is no object, is refused as before', () => {
  const bytes = readFileSync(linkOnce('cut', [compileBpf('scenario_lib2')]));
  for (let length = 0; length < bytes.length; length += 8) {
    let object: BpfObject | undefined;
    try {
      object = BpfObject.open(bytes.subarray(0, length), { name: 'cut' });
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^(E[A-Z]+|LIBBPF_ERRNO__[A-Z]+)$/) });
    }
    object?.close();
  }
});

test('a descriptor that was made of such an object', () => {
  const file = linkOnce('scenario', [
    compileBpf('scenario_lib2'),
    compileBpf('scenario_lib'),
    compileBpf('scenario_app'),
  ]);
  const descriptor: Descriptor = describeObject(file);
  const object = BpfObject.open(file);
  expect((openSubskeleton(object, descriptor) as any).data.var5.value).toBe(5);
  object.close();
});
