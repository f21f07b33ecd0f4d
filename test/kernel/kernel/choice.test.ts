/** What can be told before load: held against what load() and attach() then do, whatever this kernel allows. */
import { existsSync } from 'node:fs';
import { ArgumentError, AlreadyLoadedError, BpfObject, kernel, UnsupportedError } from '../../../lib';
import { compileBpf, compileBpfSource } from '../../support/compile';
import { thrownBy } from '../../support/native';

const MISSING = `
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
SEC("fentry/no_such_function") int by_fentry(void *ctx) { return 0; }
SEC("fexit/vfs_read") int by_fexit(void *ctx) { return 0; }
SEC("raw_tp/no_such_event") int by_nothing(void *ctx) { return 0; }
SEC("?raw_tp/sys_enter") int by_raw_tp(void *ctx) { return 0; }
SEC("tp_btf/sys_enter") int by_tp_btf(void *ctx) { return 0; }
char LICENSE[] SEC("license") = "GPL";
`;
const withMissing = (): BpfObject => {
  const object = BpfObject.open(compileBpfSource(MISSING, 'choice_missing'));
  opened.push(object);
  return object;
};

const opened: BpfObject[] = [];
function open(): BpfObject {
  const object = BpfObject.open(compileBpf('attach'));
  opened.push(object);
  for (const program of object.programs.values()) program.autoload = false;
  object.section('.rodata').variables.get('target_pid')!.write(process.pid);
  return object;
}
afterEach(() => {
  for (const object of opened.splice(0)) object.close();
});

/** Whether a program of the object does attach. */
function really(
  name: string,
  configure: (object: BpfObject) => void,
  attach: (object: BpfObject) => void,
): boolean {
  const object = open();
  object.program(name).autoload = true;
  try {
    configure(object);
    object.load();
    attach(object);
    return true;
  } catch {
    return false;
  }
}

// One that exists everywhere, one that does not exist, one of a security module, one that no kernel lets be traced.
test.each([
  'vfs_read',
  'bpf_fentry_test1',
  'no_such_function',
  'bpf_lsm_file_open',
  '__rcu_read_lock',
  'irq_enter_rcu',
])('canAttachFentry(%p) is what fentry does', (name) => {
  const attached = really(
    'on_fentry',
    (object) => object.program('on_fentry').setAttachTarget({ function: name }),
    (object) => object.program('on_fentry').attachTrace(),
  );
  expect(kernel.canAttachFentry(name)).toBe(attached);
  if (name.startsWith('no_')) expect(attached).toBe(false);
});

test.each(['sys_enter', 'sched_switch', 'no_such_event'])('hasRawTracepoint(%p) is what attaches', (name) => {
  const attached = really(
    'on_raw_tp',
    () => undefined,
    (object) => object.program('on_raw_tp').attachRawTracepoint(name),
  );
  expect(kernel.hasRawTracepoint(name)).toBe(attached);
  expect(attached).toBe(!name.startsWith('no_'));
});

test.each(['sys_enter', 'no_such_event'])('hasBtfTracepoint(%p) is what attaches', (name) => {
  const attached = really(
    'on_tp_btf',
    (object) => object.program('on_tp_btf').setAttachTarget({ function: name }),
    (object) => object.program('on_tp_btf').attachTrace(),
  );
  expect(kernel.hasBtfTracepoint(name)).toBe(attached);
  expect(attached).toBe(name === 'sys_enter');
});

test.each(['vfs_read', 'no_such_function'])('hasKprobe(%p) is what attaches', (name) => {
  const attached = really(
    'on_kprobe',
    () => undefined,
    (object) => object.program('on_kprobe').attachKprobe(name, { mode: 'perf' }),
  );
  expect(kernel.hasKprobe(name)).toBe(attached);
});

test('hasTracepoint: by tracefs; without it that is an error, and no answer', () => {
  const mounted = ['/sys/kernel/tracing/events', '/sys/kernel/debug/tracing/events'].some((folder) =>
    existsSync(folder),
  );
  if (!mounted) {
    expect(() => kernel.hasTracepoint('sched', 'sched_switch')).toThrow(UnsupportedError);
    expect(() => kernel.hasTracepoint('sched', 'sched_switch')).toThrow(/tracefs is not mounted/);
    return;
  }
  expect(kernel.hasTracepoint('sched', 'sched_switch')).toBe(true);
  expect(kernel.hasTracepoint('sched', 'no_such_event')).toBe(false);
  expect(kernel.hasTracepoint('..', 'events')).toBe(false);
});

test('hasFunction: whole names, of the kernel or of one module', () => {
  expect(kernel.hasFunction('vfs_read')).toBe(true);
  for (const name of ['vfs_rea', 'fs_read', 'vfs_read ', 'vfs_rea.', 'T vfs_read', 'init_task']) {
    expect([name, kernel.hasFunction(name)]).toEqual([name, false]);
  }
  expect(kernel.hasFunction('vfs_read', 'no_such_module')).toBe(false);
});

test('arguments', () => {
  for (const call of [
    () => kernel.canAttachFentry(1 as never),
    () => kernel.canAttachFentry('x', {} as never),
    () => kernel.hasFunction('a\0b'),
    () => kernel.hasTracepoint('x', undefined as never),
    () => open().prefer([] as never),
    () => open().prefer([[]]),
    () => open().prefer(['on_fentry'] as never),
    () => open().prefer([[1]] as never),
  ])
    expect(call).toThrow(ArgumentError);
});

describe('prefer', () => {
  test('the first alternative that this kernel can run is loaded, and attaches; the others are not', () => {
    const object = withMissing();
    const chosen = object.prefer([['by_fexit', 'by_fentry'], ['by_nothing'], ['by_raw_tp'], ['by_tp_btf']]);
    expect(chosen).toEqual(['by_raw_tp']);
    expect([...object.programs.values()].filter(({ autoload }) => autoload).map(({ name }) => name)).toEqual(
      chosen,
    );
    object.load();
    object.program('by_raw_tp').attach();
    expect(thrownBy(() => object.prefer([['by_tp_btf']]))).toBeInstanceOf(AlreadyLoadedError);
  });

  test('fentry where the kernel allows it', () => {
    const object = open();
    object.program('on_fentry').setAttachTarget({ function: 'vfs_read' });
    const [chosen] = object.prefer([['on_fentry'], ['on_tp_btf']]);
    expect(chosen).toBe(kernel.canAttachFentry('vfs_read') ? 'on_fentry' : 'on_tp_btf');
    object.load();
    object.program(chosen ?? '').attach();
  });

  test('where none can be run, one error says why of each, and nothing has changed', () => {
    const object = withMissing();
    const before = [...object.programs.values()].map(({ autoload }) => autoload);
    const error = thrownBy(() => object.prefer([['by_fentry'], ['by_nothing', 'by_raw_tp']]));
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(error.message.split('\n')).toEqual([
      expect.stringMatching(/^object '.*': this kernel can run none of the alternatives:$/),
      `  program 'by_fentry' (SEC("fentry/no_such_function")): the kernel's BTF has no function 'no_such_function'`,
      `  program 'by_nothing' (SEC("raw_tp/no_such_event")): the kernel has no raw tracepoint 'no_such_event' (ENOENT)`,
    ]);
    expect([...object.programs.values()].map(({ autoload }) => autoload)).toEqual(before);
    expect(() => object.prefer([['by_raw_tp'], ['nothing']])).toThrow(/no program 'nothing'/);
  });
});
