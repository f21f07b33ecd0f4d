/** What the kernel runs of a program: instructions, jited code, and the lines of source behind them. */
import { ArgumentError, BpfObject, BpfProgram, NotLoadedError } from '../../../lib';
import { compileBpfSource } from '../../support/compile';
import { thrownBy } from '../../support/native';

const SOURCE = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, __u32); __type(value, __u64); } seen SEC(".maps");
__u64 total;
static __attribute__((noinline)) int twice(int x)
{
	__u64 *value;
	__u32 key = x;

	value = bpf_map_lookup_elem(&seen, &key);
	if (value)
		total += *value;
	return x * 2;
}
SEC("syscall") int run(void *ctx)
{
	__u32 pid = bpf_get_current_pid_tgid() >> 32;

	return twice(pid & 0xff) + twice(3);
}
char LICENSE[] SEC("license") = "GPL";
`;
const LINES = SOURCE.split('\n');

let object: BpfObject;
beforeEach(() => {
  object = BpfObject.open(compileBpfSource(SOURCE, 'program_code'));
});
afterEach(() => object.close());

test('without the object, by its id: instructions and jited code are as long as info() says', () => {
  object.load();
  const program = object.program('run');
  const found = BpfProgram.fromId(program.info().id);
  for (const each of [program, found]) {
    const { xlated, jited, functions } = each.code();
    const { xlatedLength, jitedLength } = each.info();
    expect([xlated.length * 8, jited.length]).toEqual([xlatedLength, jitedLength]);
    expect(jitedLength).toBeGreaterThan(0);
    // The program and the function that it calls; exit is the last instruction.
    expect(functions).toHaveLength(2);
    expect(functions.reduce((sum, { length }) => sum + length, 0)).toBe(jited.length);
    expect(xlated.at(-1)?.code).toBe(0x95);
  }
  expect(found.code().jited).toEqual(program.code().jited);
  found.close();
});

test('lines are those of the source', () => {
  object.load();
  const code = object.program('run').code();
  expect(code.lines.length).toBeGreaterThan(5);
  for (const { file, line, column, text, instruction } of code.lines) {
    expect(file).toMatch(/program_code.*\.bpf\.c$/);
    expect(text).toBe(line === 0 ? '' : LINES[line - 1]?.trim());
    expect(column).toBeLessThanOrEqual((LINES[line - 1] ?? '').length);
    expect(instruction).toBeLessThan(code.xlated.length);
  }
  expect(code.lines.map(({ instruction }) => instruction)).toEqual(
    code.lines.map(({ instruction }) => instruction).sort((a, b) => a - b),
  );
});

test('the line of an instruction, and of an address', () => {
  object.load();
  const code = object.program('run').code();
  const [main, twice] = code.functions;
  expect(code.lineAt(0)?.text).toMatch(/bpf_get_current_pid_tgid|int run/);
  expect(code.lineAt(code.xlated.length - 1)?.text).toBe('return x * 2;');
  for (const line of code.lines) {
    expect(code.lineAt(line.instruction)?.instruction).toBe(line.instruction);
    if (line.address !== undefined) expect(code.lineAt(line.address)?.address).toBe(line.address);
  }
  expect(code.lineAt(code.xlated.length)).toBeUndefined();
  expect(code.lineAt((main?.address ?? 0n) - 1n)).toBeUndefined();
  expect(code.lineAt(main?.address ?? 0n)?.text).toMatch(/bpf_get_current_pid_tgid|int run/);
  // The last byte is the return's.
  expect(code.lineAt((twice?.address ?? 0n) + BigInt((twice?.length ?? 0) - 1))).toBeDefined();
  expect(thrownBy(() => code.lineAt(-1))).toBeInstanceOf(ArgumentError);
  expect(thrownBy(() => code.lineAt('0' as never))).toBeInstanceOf(ArgumentError);
});

test('before load there is none', () => {
  expect(thrownBy(() => object.program('run').code())).toBeInstanceOf(NotLoadedError);
});

test('a program without BTF has no lines', () => {
  const bare = BpfObject.open(
    compileBpfSource(
      SOURCE.replace(/struct \{ __uint.*/, '').replace(/value = bpf.*/, 'value = 0;'),
      'program_bare',
      ['-g0'],
    ),
  );
  bare.load();
  const { lines, xlated } = bare.program('run').code();
  expect(lines).toEqual([]);
  expect(xlated.length).toBeGreaterThan(0);
  bare.close();
});
