/** Links: what the kernel says, updates, by id and descriptor, iterators. What is attached counts this process only. */
import { readdirSync, readFileSync } from 'node:fs';
import {
  ArgumentError,
  BpfError,
  BpfLink,
  BpfObject,
  ClosedError,
  UnsupportedError,
  type Type,
} from '../../../lib';
import { compileBpf, compileBpfSource } from '../../support/compile';
import { testMapIterator } from '../../support/map-iterator';
import { thrownBy } from '../../support/native';

let object: BpfObject;
function load(...names: string[]): void {
  object = BpfObject.open(compileBpf('attach'));
  for (const program of object.programs.values()) program.autoload = names.includes(program.name);
  object.section('.rodata').variables.get('target_pid')!.write(process.pid);
  object.load();
}
afterEach(() => object.close());

const hits = (): bigint => object.section('.bss').variables.get('hits')!.value as bigint;
const runs = (): boolean => {
  const before = hits();
  for (let i = 0; i < 5; i++) readFileSync('/dev/null');
  return hits() > before;
};

describe('a link of its own', () => {
  test.each<[string, (link: BpfLink) => BpfLink]>([
    ['fromId', (link) => BpfLink.fromId(link.info().id)],
    ['fromFd', (link) => BpfLink.fromFd(link.fd)],
  ])('%s keeps the attachment beyond the first, and beyond the object', (_, open) => {
    load('on_raw_tp_by_section');
    const program = object.program('on_raw_tp_by_section');
    const first = program.attach();
    const info = first.info();
    const second = open(first);
    expect(second.target).toBeUndefined();
    expect(first.target).toBe(program);
    expect(second.info()).toEqual(info);
    expect(object.links).toEqual([first]);
    first.close();
    expect([first.closed, second.closed, runs()]).toEqual([true, false, true]);
    object.close();
    expect(second.info()).toEqual(info);
    second.close();
    second.close();
    expect([second.closed, second.fd]).toEqual([true, -1]);
    expect(() => second.info()).toThrow(ClosedError);
    expect(thrownBy(() => BpfLink.fromId(info.id))).toMatchObject({
      code: 'ENOENT',
      syscall: 'bpf_link_get_fd_by_id',
    });
  });

  test('what is no link is refused', () => {
    load('on_raw_tp');
    expect(thrownBy(() => BpfLink.fromFd(object.map('walked').fd))).toBeInstanceOf(ArgumentError);
    expect(thrownBy(() => BpfLink.fromFd(object.program('on_raw_tp').fd)).message).toMatch(
      /is not a BPF link, but a BPF program/,
    );
    expect(thrownBy(() => BpfLink.openPinned('/nowhere'))).toMatchObject({ code: 'ENOENT' });
    expect(thrownBy(() => BpfLink.openPinned('a\0b'))).toBeInstanceOf(ArgumentError);
  });
});

test('disposing detaches', () => {
  load('on_raw_tp');
  const link = object.program('on_raw_tp').attachRawTracepoint('sys_enter');
  expect(runs()).toBe(true);
  link[Symbol.dispose]();
  expect([runs(), link.closed, object.links]).toEqual([false, true, []]);
});

test('links end with their object, whichever way they are asked', () => {
  load('on_raw_tp');
  const link = object.program('on_raw_tp').attachRawTracepoint('sys_enter');
  object.close();
  expect([link.closed, link.fd]).toEqual([true, -1]);
  for (const call of [
    () => link.info(),
    () => link.iterate(),
    () => link.detach(),
    () => link.pin('/nowhere'),
    () => link.unpin(),
  ]) {
    expect(call).toThrow(ClosedError);
  }
  expect(() => link.close()).not.toThrow();
});

describe('update', () => {
  test('of a link that cannot be', () => {
    load('on_raw_tp', 'on_raw_tp_by_section');
    const link = object.program('on_raw_tp').attachRawTracepoint('sys_enter');
    const error = thrownBy(() => link.update(object.program('on_raw_tp_by_section')));
    expect(error).toMatchObject({ code: 'EINVAL', syscall: 'bpf_link_update' });
    expect(error.message).toMatch(/cannot be updated/);
    expect(link.target).toBe(object.program('on_raw_tp'));
  });

  test.each([
    ['nothing', undefined],
    ['a descriptor', 5],
    ['a program that is not loaded', 'on_xdp'],
  ])('with %s', (_, target) => {
    load('on_raw_tp');
    const link = object.program('on_raw_tp').attachRawTracepoint('sys_enter');
    const given = typeof target === 'string' ? object.program(target) : target;
    expect(thrownBy(() => link.update(given as never))).toBeInstanceOf(ArgumentError);
  });
});

test('an attachment without a link in the kernel says so', () => {
  load('on_perf_event', 'on_uprobe');
  const link = object.program('on_uprobe').attachUprobe('/bin/sh', { offset: 64, pid: 0, mode: 'perf' });
  expect([link.fd, link.closed]).toEqual([-1, false]);
  for (const call of [
    () => link.info(),
    () => link.pin('/sys/fs/bpf/x'),
    () => link.detach(),
    () => link.iterate(),
  ]) {
    expect(thrownBy(call)).toBeInstanceOf(UnsupportedError);
  }
  link.close();
  expect(link.closed).toBe(true);
});

describe('iterators', () => {
  /** The threads of this process, a line each. */
  const taskIterator = (): BpfLink => {
    load('iter_task');
    return object.program('iter_task').attachIter({ pid: process.pid });
  };
  const expected = (): string[] =>
    readdirSync('/proc/self/task')
      .map((tid) => `${process.pid} ${tid}`)
      .sort();

  test('text at once, again and again', () => {
    const link = taskIterator();
    expect(link.info()).toMatchObject({ type: 'iter', target: 'task', pid: process.pid });
    for (let i = 0; i < 2; i++) {
      const iterator = link.iterate();
      expect(iterator.text().trim().split('\n').sort()).toEqual(expected());
      expect(iterator.closed).toBe(true);
      expect(() => iterator.read()).toThrow(ClosedError);
    }
    expect(hits()).toBe(BigInt(2 * expected().length));
  });

  test('lines and bytes, as they come', async () => {
    const link = taskIterator();
    const lines: string[] = [];
    for await (const line of link.iterate().lines()) lines.push(line);
    expect(lines.sort()).toEqual(expected());
    let length = 0;
    for await (const bytes of link.iterate().bytes()) length += bytes.length;
    expect(length).toBe(`${expected().join('\n')}\n`.length);
  });

  test('structs, as records', async () => {
    const source = compileBpfSource(
      `#include <linux/bpf.h>
       #include <bpf/bpf_helpers.h>
       struct seq_file;
       struct bpf_iter_meta { struct seq_file *seq; } __attribute__((preserve_access_index));
       struct task_struct { int pid; int tgid; } __attribute__((preserve_access_index));
       struct bpf_iter__task { struct bpf_iter_meta *meta; struct task_struct *task; } __attribute__((preserve_access_index));
       struct task_info { int pid; __u64 twice; } __attribute__((packed));
       SEC("iter/task") int tasks(struct bpf_iter__task *ctx) {
         struct task_info info = {};
         struct task_struct *task = ctx->task;
         if (!task) return 0;
         info.pid = task->tgid;
         info.twice = 2 * info.pid;
         bpf_seq_write(ctx->meta->seq, &info, sizeof(info));
         return 0;
       }
       const struct task_info *unused __attribute__((unused));
       char LICENSE[] SEC("license") = "GPL";`,
      'iter_structs',
    );
    object = BpfObject.open(source);
    object.load();
    const link = object.program('tasks').attachIter({ pid: process.pid });
    const found: unknown[] = [];
    for await (const info of link.iterate().records<{ pid: number; twice: bigint }>('struct task_info'))
      found.push(info);
    expect(found.length).toBe(expected().length);
    expect(found[0]).toEqual({ pid: process.pid, twice: BigInt(2 * process.pid) });
    const numbers = link.iterate().records(object.btf.type('struct task_info').layout, { int64: 'number' });
    expect((await numbers.next()).value).toEqual({ pid: process.pid, twice: 2 * process.pid });
    await numbers.return();
    expect(() => link.iterate().records('struct typo')).toThrow(/has no type .struct typo./);
    const whole = link.iterate().read().length;
    const wrong = BpfLink.fromFd(link.fd).iterate();
    expect(() => wrong.records('struct task_info')).toThrow(UnsupportedError);
    // A struct of another size does not fit at the end.
    const odd: Type = { kind: 'struct', spelling: 'struct odd', size: whole - 1, members: [] };
    const all = async (): Promise<void> => {
      for await (const record of wrong.records(odd)) expect(record).toEqual({});
    };
    await expect(all()).rejects.toThrow(/ends with 1 bytes that are too few for struct odd/);
  });

  testMapIterator('the elements of a map', () => {
    load('iter_map');
    const map = object.map('walked');
    map.set(1, 10n);
    map.set(2, 20n);
    const link = object.program('iter_map').attachIter({ map });
    expect(link.info()).toMatchObject({ type: 'iter', target: 'bpf_map_elem', mapId: map.info().id });
    expect(link.iterate().text().trim().split('\n').sort()).toEqual(['1=10', '2=20']);
  });

  test('a loop that is left closes it', async () => {
    const iterator = taskIterator().iterate();
    for await (const line of iterator.lines()) {
      expect(line).toMatch(/^\d+ \d+$/);
      break;
    }
    expect(iterator.closed).toBe(true);
  });

  test('closed in the middle of a read', async () => {
    const iterator = taskIterator().iterate();
    const pending = iterator.bytes().next();
    iterator.close();
    expect((await pending).value).toBeInstanceOf(Uint8Array);
    await expect(iterator.bytes().next()).rejects.toThrow(ClosedError);
  });

  test('the link may be closed meanwhile', () => {
    const link = taskIterator();
    const iterator = link.iterate();
    link.close();
    expect(iterator.text()).toContain(`${process.pid} ${process.pid}\n`);
  });

  test('attach() by section walks all', () => {
    load('iter_task');
    const text = object.program('iter_task').attach().iterate().text();
    expect(text).toMatch(new RegExp(`^${process.pid} ${process.pid}$`, 'm'));
  });

  test('the threads of one process', () => {
    load('iter_task');
    const link = object.program('iter_task').attachIter({ pid: process.pid });
    const processes = link
      .iterate()
      .text()
      .trim()
      .split('\n')
      .map((line) => Number(line.split(' ')[0]));
    expect(new Set(processes)).toEqual(new Set([process.pid]));
    expect(link.info()).toMatchObject({ target: 'task', pid: process.pid });
  });

  test('one thread', () => {
    load('iter_task');
    const text = object.program('iter_task').attachIter({ tid: process.pid }).iterate().text();
    expect(text).toBe(`${process.pid} ${process.pid}\n`);
  });

  test('cgroups: only the one', () => {
    load('iter_cgroup');
    const mounts = readFileSync('/proc/mounts', 'utf8');
    const root = /^\S+ (\S+) cgroup2/m.exec(mounts)?.[1];
    if (root === undefined) {
      console.log('no cgroup2 is mounted here');
      return;
    }
    const link = object.program('iter_cgroup').attachIter({ cgroup: root, order: 'self' });
    expect(link.iterate().text()).toBe('cgroup\n');
    const { cgroupId } = link.info() as { cgroupId: bigint };
    expect(
      object.program('iter_cgroup').attachIter({ cgroup: cgroupId, order: 'self' }).iterate().text(),
    ).toBe('cgroup\n');
  });

  test('a link of something else', () => {
    load('on_raw_tp');
    const link = object.program('on_raw_tp').attachRawTracepoint('sys_enter');
    const error = thrownBy(() => link.iterate());
    expect(error).toBeInstanceOf(BpfError);
    expect(error.message).toMatch(/no link of an iterator/);
  });
});
