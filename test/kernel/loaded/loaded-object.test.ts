/** Programs and maps that are in the kernel already: found by a program, several, maps or pins, and opened by a library's module. */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import {
  BpfObject,
  ClosedError,
  describe as describeObject,
  LoadedObject,
  openSubskeleton,
  RingBuffer,
} from '../../../lib';
import { compileBpfSource } from '../../support/compile';

const LIBRARY = `
struct point { int x; long long y; };
const volatile int rate = 3;
__u64 requests;
struct point last;
int weight SEC(".data.custom") = 2;
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 16); __type(key, __u32); __type(value, struct point); }
  a_map_with_a_rather_long_name SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 16); __type(key, __u32); __type(value, __u64); }
  a_map_with_a_rather_short_value SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
SEC("syscall") int a_program_with_a_long_name(void *ctx)
{
  __u32 key = 7; __u64 value = 8;
  __sync_fetch_and_add(&requests, weight * rate);
  last.x++; last.y -= 5;
  bpf_map_update_elem(&a_map_with_a_rather_long_name, &key, &last, 0);
  bpf_map_update_elem(&a_map_with_a_rather_short_value, &key, &value, 0);
  bpf_ringbuf_output(&events, &last, sizeof last, 0);
  return last.x;
}`;
const HEAD = '#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\n';
const LICENSE = 'char LICENSE[] SEC("license") = "GPL";\n';
const OWN = `
static volatile int hidden = 4;
__u64 own[3]; int another SEC(".data") = 1;
SEC("raw_tp/sys_enter") int own_program(void *ctx) { own[1]++; another += hidden; return 0; }`;

let object: BpfObject;
let descriptor: ReturnType<typeof describeObject>;
let id: number;

beforeAll(() => {
  descriptor = describeObject(compileBpfSource(HEAD + LIBRARY + LICENSE, 'loaded_library'));
  object = BpfObject.open(compileBpfSource(HEAD + OWN + LIBRARY + LICENSE, 'loaded_agent'));
  object.load();
  id = object.program('own_program').info().id;
});
afterAll(() => {
  object.close();
});

const run = (): number => object.program('a_program_with_a_long_name').testRun().retval;

const ways: Record<string, () => LoadedObject> = {
  'by the id of any of its programs': () => LoadedObject.fromProgram(id),
  'by a BpfProgram': () => LoadedObject.fromProgram(object.program('a_program_with_a_long_name')),
  'by a descriptor': () => LoadedObject.fromProgram({ fd: object.program('own_program').fd }),
  'by several programs': () => LoadedObject.fromPrograms([...object.programs.values()]),
};

test.each(Object.entries(ways))('a library’s module opens on what is loaded: %s', (_, find) => {
  using loaded = find();
  const library = openSubskeleton(loaded, descriptor) as any;
  const before = library.bss.requests.value as bigint;
  const x = run();
  // Live, both ways.
  expect(library.bss.requests.value - before).toBe(6n);
  expect(library.bss.last.value.x).toBe(x);
  library.data_custom.weight.value = 5;
  run();
  expect(library.bss.requests.value - before).toBe(6n + 15n);
  library.data_custom.weight.value = 2;
  expect(library.rodata.rate.value).toBe(3);
  expect(() => (library.rodata.rate.value = 4)).toThrow('read-only');
  expect(library.maps.a_map_with_a_rather_long_name.get(7)).toEqual(library.bss.last.read());
  expect(library.maps.a_map_with_a_rather_short_value.get(7)).toBe(8n);
  expect(library.progs.a_program_with_a_long_name.testRun().retval).toBe(x + 2);
  library.close();
});

test('maps and programs have whole names, sections the object’s', () => {
  using loaded = LoadedObject.fromProgram(id);
  expect([...loaded.maps.keys()].sort()).toEqual([
    '.bss',
    '.data',
    '.data.custom',
    '.rodata',
    'a_map_with_a_rather_long_name',
    'a_map_with_a_rather_short_value',
    'events',
  ]);
  expect([...loaded.programs.keys()].sort()).toEqual(['a_program_with_a_long_name', 'own_program']);
  expect([...loaded.sections.keys()].sort()).toEqual(['.bss', '.data', '.data.custom', '.rodata']);
  expect([...loaded.section('.data').variables.keys()].sort()).toEqual(['another', 'hidden']);
  expect(loaded.btf.find('point', 'struct')?.name).toBe('point');
  expect(() => loaded.map('evnts')).toThrow("did you mean 'events'");
});

test('one program without those that were loaded with it: what it does not use is missing, by name', () => {
  using loaded = LoadedObject.fromProgram(id, { siblings: false });
  expect([...loaded.programs.keys()]).toEqual(['own_program']);
  const open = (): unknown => openSubskeleton(loaded, descriptor);
  expect(open).toThrow(
    /open subskeleton 'loaded_library\w*' on program 'own_program' \(id \d+\): 5 problems/,
  );
  expect(open).toThrow('a_program_with_a_long_name');
});

test('records of its ring buffers are typed by its BTF', () => {
  using loaded = LoadedObject.fromProgram(id);
  using ring = new RingBuffer(loaded.map('events'), { type: 'struct point' });
  ring.consume();
  const x = run();
  expect(ring.consume()).toEqual([
    { x, y: (object.section('.bss').variables.get('last')!.read() as { y: bigint }).y },
  ]);
});

test('from maps alone, by id and as BpfMap', () => {
  using loaded = LoadedObject.fromMaps([object.map('.bss'), object.map('events').info().id]);
  expect([...loaded.maps.keys()]).toEqual(['.bss', 'events']);
  expect(loaded.programs.size).toBe(0);
  expect(loaded.section('.bss').variables.get('requests')!.value).toBeGreaterThan(0n);
});

test('what it opens is its own: closing either leaves the other', () => {
  const loaded = LoadedObject.fromProgram(id);
  const requests = loaded.section('.bss').variables.get('requests')!;
  expect(requests.value).toBeGreaterThan(0n);
  loaded.close();
  loaded.close();
  expect(loaded.closed).toBe(true);
  expect(() => requests.value).toThrow(ClosedError);
  expect(() => loaded.maps).toThrow(ClosedError);
  expect(run()).toBeGreaterThan(0);
});

test('when the loader ends, what is mapped stays', () => {
  const other = BpfObject.open(compileBpfSource(HEAD + OWN + LIBRARY + LICENSE, 'loaded_agent'));
  other.load();
  other.program('a_program_with_a_long_name').testRun();
  using loaded = LoadedObject.fromProgram(other.program('own_program').info().id);
  const requests = loaded.section('.bss').variables.get('requests')!;
  expect(requests.value).toBe(6n);
  other.close();
  expect(requests.value).toBe(6n);
  expect(loaded.map('a_map_with_a_rather_short_value').get(7)).toBe(8n);
});

test('programs of two objects: both have a section of that name, and neither is guessed', () => {
  using other = BpfObject.open(compileBpfSource(HEAD + OWN + LIBRARY + LICENSE, 'loaded_agent'));
  other.load();
  const both = (): unknown => LoadedObject.fromPrograms([id, other.program('own_program')]);
  expect(both).toThrow(
    /maps \d+ and \d+ are both named '\.(bss|data|rodata)': 2 programs .* is of several objects/,
  );
});

test('a layout that changed is refused with its diff', () => {
  const changed = HEAD + LIBRARY.replace('int x; long long y;', 'long long y; int x;') + LICENSE;
  const other = describeObject(compileBpfSource(changed, 'loaded_library_changed'));
  using loaded = LoadedObject.fromProgram(id);
  expect(() => openSubskeleton(loaded, other)).toThrow(/point/);
});

test('attaches by descriptor, and its close() ends that', () => {
  const loaded = LoadedObject.fromProgram(id);
  const own = loaded.section('.bss').variables.get('own')!;
  const count = (): bigint => (own.value as BigUint64Array)[1]!;
  const before = count();
  const link = loaded.program('own_program').attachRawTracepoint('sys_enter');
  closeSync(openSync('/dev/null', 'r'));
  expect(count()).toBeGreaterThan(before);
  loaded.close();
  expect(link.closed).toBe(true);
});

test.each([
  [() => LoadedObject.fromProgram(0xffff_fff0), 'ENOENT'],
  [() => LoadedObject.fromProgram('/nowhere'), 'ENOENT'],
  [
    () => LoadedObject.fromProgram({} as never),
    'program must be a BpfProgram, an id, the path of a pin, or { fd }',
  ],
  [() => LoadedObject.fromProgram(id, { sibling: true } as never), 'options.sibling is not an option'],
  [() => LoadedObject.fromPrograms([]), 'programs must be an array of programs'],
  [() => LoadedObject.fromMaps(17 as never), 'maps must be an array of maps'],
  [() => LoadedObject.fromPins('/dev/null'), 'ENOTDIR'],
  [() => new (LoadedObject as any)(), 'LoadedObject.fromProgram() and its like give one'],
])('refused: %#', (call, message) => {
  expect(call).toThrow(message);
});

test('a thousand of them leave no descriptor', () => {
  const count = (): string => execFileSync('ls', [`/proc/${String(process.pid)}/fd`], { encoding: 'utf8' });
  LoadedObject.fromProgram(id).close();
  const before = count().split('\n').length;
  for (let i = 0; i < 1000; i++) {
    using loaded = LoadedObject.fromProgram(id);
    openSubskeleton(loaded, descriptor);
  }
  // Fewer, where the collector takes what earlier tests have left.
  expect(count().split('\n').length).toBeLessThanOrEqual(before);
});
