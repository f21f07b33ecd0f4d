/**
 * Where libbpf alone is wrong or silent (DESIGN section 6): each test shows first what it answers, then what we do.
 */
import { once } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  BpfObject,
  describe as describeObject,
  openSubskeleton,
  SubskeletonError,
  type Descriptor,
} from '../../../lib';
import { loadAddon } from '../../../lib/native/load/load';
import { PRIVATE_MOUNTS, runChild } from '../../support/child';
import { compileBpf, compileBpfSource, ROOT } from '../../support/compile';
import { linkBpf } from '../../support/link';

/** Another size has the diff that another layout has. */
const DIFFERENCE = expect.stringMatching(
  /^compile the library and the object from the same sources\n--- expected: .*\n\+\+\+ found: /,
);

const library = (): string => compileBpf('holes_lib');
const out = (name: string): string => path.join(ROOT, 'test/bpf/out', `holes.${name}.linked.o`);

/** Links a final object from a source text and the library, in that order. */
async function final(name: string, text: string): Promise<string> {
  const app = compileBpfSource(
    `#include "holes.h"\n${text}\nchar LICENSE[] SEC("license") = "GPL";\n`,
    `holes_${name}`,
  );
  return linkBpf(out(name), [app, library()]);
}

/** bpf_object__open_subskeleton itself: the offset of each variable in its section, -1 for NULL. */
function libbpfAnswers(file: string, section: string, names: string[]): number[] {
  const object = loadAddon().openFile(file, {});
  try {
    const variables = names.map((name) => ({ name, map: 0 }));
    return [...object.openSubskeleton({ name: 'library', maps: [section], programs: [], variables }).offsets];
  } finally {
    object.close();
  }
}

function problemsOf(file: string, descriptor: Descriptor, options = {}): SubskeletonError {
  const object = BpfObject.open(file);
  try {
    openSubskeleton(object, descriptor, options);
  } catch (error) {
    if (error instanceof SubskeletonError) return error;
    throw error;
  } finally {
    object.close();
  }
  throw new Error('no problem was found');
}

const APP = 'SEC("syscall") int app(void *ctx) { return 0; }';

test('a variable that the final object lacks', () => {
  const file = compileBpfSource(
    `#include "holes.h"\n__u64 countre; __u32 other; ${APP}\nchar LICENSE[] SEC("license") = "GPL";`,
    'holes_lacking',
  );
  expect(libbpfAnswers(file, '.bss', ['other', 'counter', 'last'])).toEqual([expect.any(Number), -1, -1]);

  const error = problemsOf(file, describeObject(library()));
  expect(error.code).toBe('ERR_SUBSKELETON');
  expect(error.problems.map(({ kind, subject, name }) => [kind, subject, name]).sort()).toEqual([
    ['missing', 'map', 'records'],
    ['missing', 'program', 'lib_program'],
    ['missing', 'variable', 'counter'],
    ['missing', 'variable', 'last'],
    ['missing', 'variable', 'moved'],
    ['missing', 'variable', 'sized'],
  ]);
  expect(error.message).toMatch(/6 problems/);
  expect(error.message).toMatch(
    /variable 'counter' \(\.bss\) is not in the object; did you mean 'countre'\?/,
  );
});

test('optional symbols are undefined where they are missing', () => {
  const file = compileBpfSource(
    `#include "holes.h"\n__u64 counter; ${APP}\nchar LICENSE[] SEC("license") = "GPL";`,
    'holes_optional',
  );
  const descriptor = describeObject(library());
  const object = BpfObject.open(file);
  const part = openSubskeleton(object, descriptor, { optional: true }) as any;
  expect(part.bss.counter.value).toBe(0n);
  expect(part.bss).toHaveProperty('last', undefined);
  expect(part.maps).toHaveProperty('records', undefined);
  expect(part.progs).toHaveProperty('lib_program', undefined);
  object.close();

  const listed = problemsOf(file, descriptor, { optional: ['last', 'moved', 'lib_program'] });
  expect(listed.problems.map(({ name }) => name)).toEqual(['sized', 'records']);
});

test('a static of the same name earlier in the section', async () => {
  const file = await final(
    'static',
    `static volatile __u64 counter; __u64 filler; SEC("syscall") int app(void *ctx) { return (int)++counter; }`,
  );
  const [libbpf] = libbpfAnswers(file, '.bss', ['counter']);
  expect(libbpf).toBe(0);

  const object = BpfObject.open(file);
  const part = openSubskeleton(object, describeObject(library())) as any;
  expect(part.bss.counter.offset).toBeGreaterThan(8);
  object.load();
  part.progs.lib_program.testRun();
  expect(part.bss.counter.value).toBe(1n);
  object.close();
});

test('only a static of that name', () => {
  const file = compileBpfSource(
    `#include "holes.h"\nstatic volatile __u64 counter; __u64 keep; SEC("syscall") int app(void *ctx) { return (int)++counter; }\nchar LICENSE[] SEC("license") = "GPL";`,
    'holes_only_static',
  );
  expect(libbpfAnswers(file, '.bss', ['counter'])[0]).toBeGreaterThanOrEqual(0);
  const error = problemsOf(file, describeObject(library()), { optional: true });
  expect(error.problems).toEqual([
    expect.objectContaining({
      kind: 'linkage',
      name: 'counter',
      expected: 'global',
      found: 'static in .bss',
    }),
  ]);
});

describe('a struct that is another one in the final object', () => {
  const finalWith = (flag: string): string => compileBpf('holes_lib', [`-D${flag}`]);

  test('it grew', () => {
    const file = finalWith('RECORD_GREW');
    expect(libbpfAnswers(file, '.bss', ['last'])[0]).toBeGreaterThanOrEqual(0);
    const error = problemsOf(file, describeObject(library()));
    expect(error.problems).toEqual([
      expect.objectContaining({ kind: 'size', subject: 'variable', name: 'last', hint: DIFFERENCE }),
      expect.objectContaining({ kind: 'size', subject: 'map', name: 'records', hint: DIFFERENCE }),
    ]);
    expect(problemsOf(file, describeObject(library()), { check: 'size' }).problems).toHaveLength(2);
  });

  test('same size, other layout: a readable diff', () => {
    const file = finalWith('RECORD_CHANGED');
    expect(libbpfAnswers(file, '.bss', ['last'])[0]).toBeGreaterThanOrEqual(0);
    const error = problemsOf(file, describeObject(library()));
    expect(error.problems.map(({ kind, name }) => [kind, name])).toEqual([
      ['layout', 'last'],
      ['layout', 'records'],
    ]);
    expect(error.message).toMatch(/struct record/);
    expect(error.message).toMatch(/- +16 +4 +__u32 d/);
    expect(error.message).toMatch(/\+ +16 +4 +__s32 d/);

    for (const check of ['size', 'off'] as const) {
      const object = BpfObject.open(file);
      openSubskeleton(object, describeObject(library()), { check });
      object.close();
    }
  });
});

test('a weak variable whose strong definition lies in another section', () => {
  const file = compileBpf('holes_lib', ['-DMOVED']);
  expect(libbpfAnswers(file, '.bss', ['moved'])).toEqual([-1]);

  const object = BpfObject.open(file);
  const part = openSubskeleton(object, describeObject(library())) as any;
  expect(part.bss.moved).toMatchObject({ value: 5, section: '.data.strong' });
  object.close();
});

test('a section that the final object lacks altogether', () => {
  const lib = compileBpfSource(
    '#include "holes.h"\nint here; int there SEC(".data.elsewhere") = 1;\nchar LICENSE[] SEC("license") = "GPL";',
    'holes_sections_lib',
  );
  const app = compileBpfSource(
    '#include "holes.h"\nint here;\nchar LICENSE[] SEC("license") = "GPL";',
    'holes_sections_app',
  );
  expect(() => libbpfAnswers(app, '.data.elsewhere', [])).toThrow(expect.objectContaining({ code: 'ESRCH' }));
  expect(problemsOf(app, describeObject(lib)).problems).toEqual([
    expect.objectContaining({
      kind: 'missing',
      name: 'there',
      section: '.data.elsewhere',
      hint: expect.stringMatching(/no section '.data.elsewhere' at all/),
    }),
  ]);
  const object = BpfObject.open(app);
  expect((openSubskeleton(object, describeObject(lib), { optional: ['there'] }) as any).bss.here.value).toBe(
    0,
  );
  object.close();
});

test('a string section of the library is not required of the final object', () => {
  const lib = compileBpfSource(
    '#include "holes.h"\n__u64 counter; SEC("syscall") int say(void *ctx) { bpf_printk("hello %d", 1); return 0; }\nchar LICENSE[] SEC("license") = "GPL";',
    'holes_strings',
  );
  const descriptor = describeObject(lib);
  expect(descriptor.variables.map(({ name }) => name)).toEqual(['counter']);
});

describe('a data map that is not the object’s own', () => {
  const text =
    '#include "holes.h"\n__u64 counter; SEC("syscall") int count(void *ctx) { return (int)++counter; }\nchar LICENSE[] SEC("license") = "GPL";';

  test('reused by fd: libbpf’s memory is stale, ours is the kernel’s', () => {
    const file = compileBpfSource(text, 'holes_reuse');
    const first = BpfObject.open(file);
    first.load();

    const addon = loadAddon();
    const alone = addon.openFile(file, {});
    const bss = alone.findMap('.bss')!;
    bss.reuseFd(first.section('.bss').map.fd);
    alone.load();
    first.program('count').testRun();
    expect(Buffer.from(bss.initialValue()!).readBigUInt64LE()).toBe(0n);
    alone.close();

    const second = BpfObject.open(file);
    const counter = second.section('.bss').variables.get('counter')!;
    second.section('.bss').map.reuse(first.section('.bss').map.fd);
    second.load();
    expect(counter.value).toBe(1n);
    second.program('count').testRun();
    first.program('count').testRun();
    expect(counter.value).toBe(3n);
    counter.value = 10n;
    expect(first.section('.bss').variables.get('counter')!.value).toBe(10n);
    first.close();
    second.program('count').testRun();
    expect(counter.value).toBe(11n);
    second.close();
  });

  test('pinned, and found there by the next object: libbpf’s memory is stale, ours is the kernel’s', () => {
    const { stdout, stderr } = runChild(
      `
      const { execFileSync } = require('node:child_process');
      execFileSync('mount', ['-t', 'bpf', 'none', '/sys/fs/bpf']);
      const addon = require(args.load).loadAddon();
      const open = () => {
        const object = subskel.BpfObject.open(args.file);
        const { map } = object.section('.bss');
        map.pinPath = '/sys/fs/bpf/counters';
        return object;
      };
      const seen = [];
      const first = open();
      first.load();
      const alone = addon.openFile(args.file, {});
      alone.findMap('.bss').setPinPath('/sys/fs/bpf/counters');
      alone.load();
      const second = open();
      const counter = second.section('.bss').variables.get('counter');
      counter.value = 50n;
      second.load();
      for (const object of [first, second]) object.program('count').testRun();
      alone.findProgram('count').testRun({});
      seen.push(Number(Buffer.from(alone.findMap('.bss').initialValue()).readBigUInt64LE()));
      seen.push(Number(counter.value), Number(first.section('.bss').variables.get('counter').value));
      counter.value = 10n;
      seen.push(first.program('count').testRun().retval);
      for (const object of [first, second, alone]) object.close();
      console.log(JSON.stringify(seen));`,
      { file: compileBpfSource(text, 'holes_reuse'), load: path.join(ROOT, 'dist/native/load/load.js') },
      [],
      PRIVATE_MOUNTS,
    );
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([0, 3, 3, 11]);
  });

  test('one that cannot be mapped: read and written by syscall', () => {
    const other = BpfObject.open(
      compileBpfSource(
        `#include "holes.h"
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __type(key, __u32); __uint(value_size, 8); __uint(max_entries, 1); } plain SEC(".maps");
${APP}\nchar LICENSE[] SEC("license") = "GPL";`,
        'holes_plain',
      ),
    );
    other.load();
    const object = BpfObject.open(compileBpfSource(text, 'holes_reuse'));
    const counter = object.section('.bss').variables.get('counter') as any;
    object.section('.bss').map.reuse(other.map('plain').fd);
    object.load();
    object.program('count').testRun();
    expect(counter.value).toBe(1n);
    counter.value = 5n;
    object.program('count').testRun();
    expect(counter.value).toBe(6n);
    expect(() => counter.atomic.add(1n)).toThrow(expect.objectContaining({ code: 'ERR_UNSUPPORTED' }));
    object.close();
    expect(() => counter.value).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
    other.close();
  });
});

describe('a section with a spin lock', () => {
  const text = `#include "holes.h"
#define private(name) SEC(".data." #name) __hidden __attribute__((aligned(8)))
private(A) struct bpf_spin_lock lock;
private(A) __u64 first = 1;
private(A) struct { __u32 a; __u32 b[63]; } second = { 2, { 3, 4, 5 } };
/** Leaves all numbers equal whenever the lock is free. */
SEC("tc") int change(void *ctx) {
  bpf_spin_lock(&lock);
  first++;
  second.a = (__u32)first;
  for (int i = 0; i < 63; i++) second.b[i] = (__u32)first;
  bpf_spin_unlock(&lock);
  return 0;
}
char LICENSE[] SEC("license") = "GPL";`;
  const loaded = (): { object: BpfObject; first: any; second: any; lock: any } => {
    const object = BpfObject.open(compileBpfSource(text, 'holes_spin_lock'));
    object.load();
    const { first, second, lock } = Object.fromEntries(object.section('.data.A').variables) as any;
    return { object, first, second, lock };
  };

  test('libbpf alone has no memory of it', () => {
    const alone = loadAddon().openFile(compileBpfSource(text, 'holes_spin_lock'), {});
    alone.load();
    alone.findProgram('change')!.testRun({ data: new Uint8Array(14) });
    expect(alone.findMap('.data.A')!.initialValue()).toBeNull();
    alone.close();
  });

  const all = (n: number): unknown => ({ a: n, b: new Uint32Array(63).fill(n) });
  const change = (object: BpfObject): unknown =>
    object.program('change').testRun({ data: new Uint8Array(14) });

  test('values are read and written', () => {
    const { object, first, second } = loaded();
    expect([first.value, second.value.a, second.value.b.at(2)]).toEqual([1n, 2, 5]);
    change(object);
    expect([first.value, second.read()]).toEqual([2n, all(2)]);
    first.value = 40n;
    second.value.b.set(1, 7);
    expect([first.value, [...second.value.b].slice(0, 3)]).toEqual([40n, [2, 7, 2]]);
    change(object);
    expect([first.value, second.read()]).toEqual([41n, all(41)]);
    object.close();
  });

  test('under the lock: no reader sees half of a change that another thread makes', async () => {
    const { object, second } = loaded();
    change(object);
    const worker = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
      const object = require(workerData.package).BpfObject.open(workerData.file);
      object.section('.data.A').map.reuse(workerData.fd);
      object.load();
      parentPort.once('message', () => { object.close(); });
      const more = () => {
        if (object.closed) return;
        object.program('change').testRun({ data: new Uint8Array(14), repeat: 20000 });
        setImmediate(more);
      };
      parentPort.postMessage('running');
      setImmediate(more);`,
      {
        eval: true,
        workerData: {
          package: path.join(ROOT, 'dist/index.js'),
          file: compileBpfSource(text, 'holes_spin_lock'),
          fd: object.section('.data.A').map.fd,
        },
      },
    );
    await once(worker, 'message');
    const seen = new Set<number>();
    let torn = 0;
    const end = Date.now() + 10_000;
    for (let i = 0; (i < 20_000 || seen.size < 100) && Date.now() < end; i++) {
      const { a, b } = second.read() as { a: number; b: Uint32Array };
      seen.add(a);
      if (b.some((n) => n !== a)) torn++;
    }
    worker.postMessage('stop');
    await once(worker, 'exit');
    object.close();
    expect(torn).toBe(0);
    expect(seen.size).toBeGreaterThan(99);
  });

  test('no atomics, and the lock itself is the kernel’s', () => {
    const { object, first, lock } = loaded();
    expect(() => first.atomic.add(1n)).toThrow(expect.objectContaining({ code: 'ERR_UNSUPPORTED' }));
    expect(lock.read()).toEqual({ val: 0 });
    expect(() => lock.write({ val: 1 })).toThrow(expect.objectContaining({ code: 'ERR_READ_ONLY' }));
    expect(() => (lock.value.val = 1)).toThrow(/keeps the struct bpf_spin_lock of map '.*' for itself/);
    object.close();
  });
});

test('resizing a section with several subskeletons open: their variables move along, the last array grows', () => {
  const lib = compileBpfSource(
    '#include "holes.h"\n__u32 head SEC(".bss.x"); __u32 tail[1] SEC(".bss.x"); SEC("syscall") int fill(void *ctx) { head = 3; __builtin_memset(tail, 1, 4); return 0; }\nchar LICENSE[] SEC("license") = "GPL";',
    'holes_resize',
  );
  const descriptor = describeObject(lib);
  const object = BpfObject.open(lib);
  const parts = [openSubskeleton(object, descriptor), openSubskeleton(object, descriptor)] as any[];
  parts[0].bss_x.head.value = 9;
  object.section('.bss.x').resize(4 + 4 * 5000);
  expect(parts.map(({ bss_x }) => [bss_x.head.value, bss_x.tail.value.length])).toEqual([
    [9, 5000],
    [9, 5000],
  ]);
  parts[1].bss_x.tail.value[4999] = 77;
  object.load();
  object.program('fill').testRun();
  parts.push(openSubskeleton(object, descriptor));
  for (const { bss_x } of parts) {
    expect([bss_x.head.value, bss_x.tail.value[0], bss_x.tail.value[4999]]).toEqual([3, 0x01010101, 77]);
  }
  object.close();
});

test('.rodata after prepare() and after load(): values, but no writes and no memory', () => {
  const lib = compileBpfSource(
    '#include "holes.h"\nconst volatile __u32 limit = 3; const volatile __u32 table[4] = {1, 2, 3, 4};\nSEC("syscall") int use(void *ctx) { return (int)(limit + table[1]); }\nchar LICENSE[] SEC("license") = "GPL";',
    'holes_rodata',
  );
  const object = BpfObject.open(lib);
  const { rodata } = openSubskeleton(object, describeObject(lib)) as any;
  rodata.limit.value = 7;
  rodata.table.value[1] = 20;
  for (const step of ['prepare', 'load'] as const) {
    object[step]();
    expect(rodata.limit.value).toBe(7);
    expect([...rodata.table.value]).toEqual([1, 20, 3, 4]);
    expect(() => (rodata.limit.value = 8)).toThrow(expect.objectContaining({ code: 'ERR_READ_ONLY' }));
    expect(() => rodata.table.write([0, 0, 0, 0])).toThrow(
      expect.objectContaining({ code: 'ERR_READ_ONLY' }),
    );
    // A copy: writing into it ends no process and changes nothing.
    rodata.table.value[1] = 99;
    expect([...rodata.table.value]).toEqual([1, 20, 3, 4]);
  }
  expect(object.program('use').testRun().retval).toBe(27);
  object.close();
});
