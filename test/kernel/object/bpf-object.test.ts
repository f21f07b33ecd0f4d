import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  AlreadyLoadedError,
  ArgumentError,
  BpfError,
  BpfObject,
  ClosedError,
  describe as describeObject,
  NotFoundError,
  openSubskeleton,
} from '../../../lib';
import { compileBpf, compileBpfSource } from '../../support/compile';
import { linkBpf } from '../../support/link';

const file = (): string => compileBpf('objects');

function withObject<T>(use: (object: BpfObject) => T, source: string | Uint8Array = file()): T {
  const object = BpfObject.open(source);
  try {
    return use(object);
  } finally {
    object.close();
  }
}

function errorOf(work: () => unknown): Error & { code?: string; log?: string; syscall?: string } {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

describe('what is in an object', () => {
  test('maps, programs and sections by name', () =>
    withObject((object) => {
      expect([...object.maps.keys()].sort()).toEqual(
        ['.bss', '.bss.resizable', '.data', '.rodata', 'counters', 'per_cpu', 'points', 'untyped'].sort(),
      );
      expect([...object.programs.keys()]).toEqual(['add', 'on_enter', 'on_packet']);
      expect([...object.sections.keys()].sort()).toEqual(['.bss', '.bss.resizable', '.data', '.rodata']);
      expect([...object.section('.bss')].map(({ name }) => name)).toEqual(['total']);
      expect(object.program('on_enter').section).toBe('raw_tp/sys_enter');
      expect(object.name).toBe('objects');
      expect(object.variable('total')).toBe(object.section('.bss').variables.get('total'));
    }));

  test('a variable by its name alone: the global one, or the only static one', async () => {
    const statics = compileBpfSource(
      `static volatile int both_static = 1; static volatile int only = 2;
       int shared = 3;
       int use(void) { return both_static + only; }`,
      'variable_a',
    );
    const others = compileBpfSource(
      `static volatile int both_static, shared; __attribute__((section("socket"), used)) int run(void *ctx) { return both_static + shared; }`,
      'variable_b',
    );
    const linked = path.join(path.dirname(statics), 'variable_linked.bpf.o');
    await linkBpf(linked, [statics, others]);
    withObject((object) => {
      expect(object.variable('shared').section).toBe('.data');
      expect(object.variable('only').value).toBe(2);
      const error = errorOf(() => object.variable('both_static'));
      expect(error).toBeInstanceOf(ArgumentError);
      expect(error.message).toMatch(
        /static variable 'both_static' in \.(bss|data) and \.(bss|data): take it/,
      );
    }, linked);
  });

  test.each([
    ['map', (object: BpfObject) => object.map('pionts'), /no map 'pionts' \(did you mean 'points'\?\)/],
    ['program', (object: BpfObject) => object.program('ad'), /no program 'ad' \(did you mean 'add'\?\)/],
    [
      'section',
      (object: BpfObject) => object.section('.rodat'),
      /no section '.rodat' \(did you mean '.rodata'\?\)/,
    ],
    [
      'variable',
      (object: BpfObject) => object.variable('totl'),
      /no variable 'totl' \(did you mean 'total'\?\)/,
    ],
  ])('a %s that is not there', (_, find, message) =>
    withObject((object) => {
      const error = errorOf(() => find(object));
      expect(error).toBeInstanceOf(NotFoundError);
      expect(error.message).toMatch(message);
    }),
  );
});

describe('variables through the object', () => {
  test.each(['file', 'memory'])('from %s: set before load, seen by the BPF side, read after', (from) =>
    withObject(
      (object) => {
        const step = object.section('.rodata').variables.get('step')!;
        const calls = object.section('.data').variables.get('calls')!;
        const total = object.section('.bss').variables.get('total')!;
        expect([step.value, calls.value, total.value]).toEqual([1, 10, 0n]);
        step.value = 7;
        calls.value = 20;
        object.load();
        const context = new Uint8Array(new Uint32Array([5, 0]).buffer);
        const result = object.program('add').testRun({ context });
        expect(result.retval).toBe(7 + 21);
        expect(new Uint32Array(result.context.slice().buffer)[1]).toBe(12);
        expect(new Uint32Array(context.buffer)[1]).toBe(0);
        expect([step.value, calls.value, total.value]).toEqual([7, 21, 7n]);
        expect(step.readonly).toBe(true);
        expect(() => (step.value = 1)).toThrow(/read-only|readonly/i);
      },
      from === 'file' ? file() : readFileSync(file()),
    ),
  );

  test('prepare() makes them the kernel’s as well', () =>
    withObject((object) => {
      const calls = object.section('.data').variables.get('calls')!;
      calls.value = 30;
      object.prepare();
      expect(calls.value).toBe(30);
      calls.value = 40;
      object.load();
      object.program('add').testRun({ context: new Uint8Array(8) });
      expect(calls.value).toBe(41);
    }));

  test('a resized section keeps its contents and its variables', () =>
    withObject((object) => {
      const section = object.section('.bss.resizable');
      const before = section.variables.get('resizable')!;
      (before.value as BigUint64Array)[1] = 3n;
      section.resize(8 * 100);
      const after = section.variables.get('resizable')!;
      expect((after.value as BigUint64Array).length).toBe(100);
      expect((after.value as BigUint64Array)[1]).toBe(3n);
      object.load();
      object.program('add').testRun({ context: new Uint8Array(8) });
      expect((after.value as BigUint64Array)[0]).toBe(1n);
      expect(() => section.resize(8)).toThrow(AlreadyLoadedError);
    }));
});

test.each([
  [44, /after what precedes 'tail' \(8 bytes\), 36 bytes are left, which is no multiple of its elements' 8/],
  [4, /4 bytes end before 'tail' begins/],
])('a section is not resized to %i bytes, which do not fit the array at its end', (bytes, message) => {
  const lib = compileBpfSource(
    `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
__u64 first SEC(".data.r") = 11; __u64 tail[3] SEC(".data.r") = {1}; int other SEC(".data.s");
SEC("syscall") int get(void *ctx) { return first + tail[1] + other; }
char LICENSE[] SEC("license") = "GPL";`,
    'resized_to_no_multiple',
  );
  const object = BpfObject.open(lib);
  expect(() => object.section('.data.r').resize(bytes)).toThrow(expect.objectContaining({ code: 'EINVAL' }));
  expect(() => object.section('.data.r').resize(bytes)).toThrow(message);
  expect(() => object.section('.data.s').resize(8)).toThrow(/'other', is no array/);
  object.section('.data.r').resize(48);
  const part = openSubskeleton(object, describeObject(lib)) as any;
  expect([part.data_r.first.value, part.data_r.tail.value.length]).toEqual([11n, 5]);
  object.close();
});

describe('what cannot be opened', () => {
  const truncated = (): Uint8Array => readFileSync(file()).subarray(0, 1000);
  const bigEndian = (): string => compileBpfSource('int x = 1;', 'big_endian', ['-target', 'bpfeb']);
  const cases: [string, () => string | Uint8Array, string, RegExp][] = [
    ['a file that is not there', () => '/nonexistent/agent.bpf.o', 'ENOENT', /agent\.bpf\.o/],
    ['a directory', () => '/tmp', 'EISDIR|EINVAL|LIBBPF', /\/tmp/],
    ['a file that is not ELF', () => '/etc/passwd', 'LIBBPF_ERRNO__FORMAT|EINVAL', /not.*(ELF|BPF)/i],
    ['an ELF file that is not BPF', () => process.execPath, 'LIBBPF_ERRNO__FORMAT|EINVAL', /not.*BPF/i],
    ['an empty buffer', () => new Uint8Array(0), 'ERR_INVALID_ARG|EINVAL|LIBBPF', /empty|ELF/i],
    ['bytes that are not ELF', () => Buffer.from('hello, world'), 'LIBBPF|EINVAL', /ELF/i],
    ['a truncated object', truncated, 'LIBBPF|EINVAL', /objects|memory|ELF|elf/],
    ['an object for the other byte order', bigEndian, 'ERR_UNSUPPORTED', /endian|byte order/i],
  ];
  test.each(cases)('%s', (_, source, code, message) => {
    const error = errorOf(() => BpfObject.open(source()));
    expect(error.code).toMatch(new RegExp(code));
    expect(error.message).toMatch(message);
  });
});

describe('wrong arguments', () => {
  test.each([
    ['no source', [], /source/],
    ['a number', [42], /source/],
    ['a path with NUL', ['a\0b'], /NUL/],
    ['an unknown option', ['x', { pinPath: '/sys/fs/bpf' }], /options\.pinPath is not an option/],
    ['a name that is no string', ['x', { name: 1 }], /options\.name must be a string, not 1/],
    ['a log level that there is not', ['x', { logLevel: 'loud' }], /options\.logLevel must be one of 'none'/],
    ['options that are no object', ['x', 7], /options must be an object/],
  ])('BpfObject.open: %s', (_, args, message) => {
    const error = errorOf(() => (BpfObject.open as (...args: unknown[]) => unknown)(...args));
    expect(error).toBeInstanceOf(ArgumentError);
    expect(error.message).toMatch(message);
  });
});

describe('load', () => {
  test('a program that the verifier rejects: its log is on the error, the last line in the message', () =>
    withObject((object) => {
      const error = errorOf(() => object.load());
      expect(error).toBeInstanceOf(BpfError);
      expect(error).toMatchObject({ code: 'ERR_VERIFIER', errno: 13, syscall: 'bpf_object__load' });
      expect(error.message).toMatch(/invalid mem access 'map_value_or_null'/);
      expect(error.log).toMatch(/unchecked/);
      expect(error.log).toMatch(/processed \d+ insns/);
      expect(errorOf(() => object.load())).toBeInstanceOf(AlreadyLoadedError);
    }, compileBpf('rejected')));

  test('twice', () =>
    withObject((object) => {
      object.load();
      expect(errorOf(() => object.load())).toBeInstanceOf(AlreadyLoadedError);
      expect(errorOf(() => object.prepare())).toBeInstanceOf(AlreadyLoadedError);
    }));
});

describe('after close()', () => {
  const uses: [string, (parts: Parts) => unknown][] = [
    ['object.load', ({ object }) => object.load()],
    ['object.prepare', ({ object }) => object.prepare()],
    ['object.maps', ({ object }) => object.maps],
    ['object.programs', ({ object }) => object.programs],
    ['object.sections', ({ object }) => object.sections],
    ['object.btf', ({ object }) => object.btf],
    ['map.get', ({ map }) => map.get(1)],
    ['map.set', ({ map }) => map.set(1, { x: 1, y: 2, weight: 3n })],
    ['map.keys', ({ map }) => [...map.keys()]],
    ['map.fd', ({ map }) => map.fd],
    ['program.attach', ({ program }) => program.attach()],
    ['program.testRun', ({ program }) => program.testRun()],
    ['program.autoload', ({ program }) => program.autoload],
    ['variable.value', ({ variable }) => variable.value],
    ['variable.value =', ({ variable }) => (variable.value = 1n)],
    ['variable.read', ({ variable }) => variable.read()],
    ['section.variables', ({ section }) => section.variables],
    ['section.resize', ({ section }) => section.resize(8)],
  ];
  interface Parts {
    object: BpfObject;
    map: ReturnType<BpfObject['map']>;
    program: ReturnType<BpfObject['program']>;
    section: ReturnType<BpfObject['section']>;
    variable: { value: unknown; read(): unknown };
  }
  test.each(uses.flatMap(([name, use]) => [false, true].map((loaded) => [name, loaded, use] as const)))(
    '%s throws ClosedError (loaded: %s)',
    (_, loaded, use) => {
      const object = BpfObject.open(file());
      const section = object.section('.bss');
      const variable = section.variables.get('total')!;
      if (loaded) object.load();
      const parts = {
        object,
        map: object.map('points'),
        program: object.program('on_enter'),
        section,
        variable,
      };
      object.close();
      object.close();
      expect(errorOf(() => use(parts))).toBeInstanceOf(ClosedError);
    },
  );
});
