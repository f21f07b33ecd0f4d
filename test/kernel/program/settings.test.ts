/** What is set of a program before load, and what the kernel says of it afterwards. */
import { readFileSync } from 'node:fs';
import {
  AlreadyLoadedError,
  BpfError,
  BpfObject,
  BpfProgram,
  ClosedError,
  enableStats,
  UnsupportedError,
} from '../../../lib';
import { ArgumentError } from '../../../lib/errors';
import { compileBpf, compileBpfSource } from '../../support/compile';
import { thrownBy } from '../../support/native';

let object: BpfObject;
beforeEach(() => {
  object = BpfObject.open(compileBpf('objects'));
});
afterEach(() => object.close());

const UNTYPED = `
  #include <linux/bpf.h>
  #include <bpf/bpf_helpers.h>
  SEC("nothing_known") int custom(void *ctx) { return 1; }
  char LICENSE[] SEC("license") = "GPL";`;

test('type, expected attach type and flags by the names of the kernel', () => {
  const program = object.program('on_packet');
  expect(program).toMatchObject({
    type: 'xdp',
    expectedAttachType: 'xdp',
    flags: 0,
    kernelLogLevel: 0,
    section: 'xdp',
  });
  program.flags = 4; // BPF_F_TEST_RND_HI32
  expect(program.flags).toBe(4);
  program.type = 'sched_cls';
  program.expectedAttachType = 'tcx_egress';
  expect(program).toMatchObject({ type: 'sched_cls', expectedAttachType: 'tcx_egress' });
  program.type = 'type_1234';
  expect(program.type).toBe('type_1234');
});

test('a program whose section says no type is loaded as the one that is set', () => {
  const other = BpfObject.open(compileBpfSource(UNTYPED, 'untyped'));
  try {
    const program = other.program('custom');
    expect(program.type).toBe('unspec');
    program.type = 'socket_filter';
    other.load();
    expect(program.info().type).toBe('socket_filter');
    expect(thrownBy(() => (program.type = 'xdp'))).toBeInstanceOf(AlreadyLoadedError);
  } finally {
    other.close();
  }
});

test('instructions, before and after load', () => {
  const program = object.program('on_packet');
  expect(program.instructions()).toEqual([
    { code: 0xb7, dst: 0, src: 0, offset: 0, imm: 2 },
    { code: 0x95, dst: 0, src: 0, offset: 0, imm: 0 },
  ]);
  const before = object.program('on_enter').instructions();
  object.load();
  const after = object.program('on_enter').instructions();
  expect(after).toHaveLength(before.length);
  // The address of a variable has become a map and an offset in it: BPF_PSEUDO_MAP_VALUE.
  expect(after.some(({ code, src }) => code === 0x18 && src === 2)).toBe(true);
});

describe('the log buffer', () => {
  test('holds what the verifier says of a program that it takes', () => {
    const program = object.program('on_enter');
    expect(program.log).toBeUndefined();
    program.setLogBuffer(1 << 16);
    program.kernelLogLevel = 2;
    expect(program.log).toBe('');
    object.load();
    expect(program.log).toMatch(/processed \d+ insns/);
    expect(object.program('on_packet').log).toBeUndefined();
  });

  test('stays empty where nothing was to be said', () => {
    const program = object.program('on_enter');
    program.setLogBuffer(4096);
    object.load();
    expect(program.log).toBe('');
  });

  test('holds why one was rejected, and so does the error', () => {
    const rejected = BpfObject.open(compileBpf('rejected'));
    try {
      const plain = BpfObject.open(compileBpf('rejected'));
      const expected = thrownBy(() => plain.load());
      plain.close();
      for (const program of rejected.programs.values()) program.setLogBuffer(1 << 16);
      const error = thrownBy(() => rejected.load());
      // Each time the kernel puts the map elsewhere.
      const [message, before] = [error, expected].map((each) => each.message.replace(/0x[0-9a-f]+/g, '0x…'));
      expect(message).toBe(before);
      expect(error.log).toMatch(/BEGIN PROG LOAD LOG/);
      const logs = [...rejected.programs.values()].map(({ log }) => log);
      expect(logs.some((log) => log !== '' && error.log!.includes(log!))).toBe(true);
    } finally {
      rejected.close();
    }
  });

  test('that is too small, with a log level, is the error that the kernel makes of it', () => {
    const program = object.program('on_enter');
    program.kernelLogLevel = 4 | 2;
    program.setLogBuffer(40);
    const error = thrownBy(() => object.load());
    expect(error).toMatchObject({ code: 'ENOSPC', syscall: 'bpf_object__load' });
    expect(error.message).toMatch(/log did not fit into its buffer; give the program a larger log buffer/);
    expect(program.log!.length).toBeLessThan(40);
  });

  test('can be taken away again', () => {
    const program = object.program('on_enter');
    program.setLogBuffer(64);
    program.setLogBuffer(0);
    program.kernelLogLevel = 2;
    object.load();
    expect(program.log).toBeUndefined();
  });
});

describe('info', () => {
  test('where its functions are, by which the kernel lists them as well', () => {
    object.load();
    const { jitedFunctions, jitedLength, tag } = object.program('on_enter').info();
    const symbols = readFileSync('/proc/kallsyms', 'latin1');
    // Somebody else may have the same program loaded, with the same tag.
    const listed = symbols.matchAll(new RegExp(`^([0-9a-f]+) . bpf_prog_${tag}_on_enter\\b`, 'gm'));
    const visible = Array.from(listed, ([, address]) => BigInt(`0x${address!}`)).filter(Boolean);
    // Hidden by kernel.kptr_restrict, or programs are interpreted.
    expect(jitedFunctions).toHaveLength(visible.length === 0 ? 0 : 1);
    for (const { address, length } of jitedFunctions) {
      expect(visible).toContain(address);
      expect(length).toBeGreaterThan(0);
      expect(length).toBeLessThanOrEqual(jitedLength);
    }
  });

  test('what the kernel says', () => {
    object.load();
    const info = object.program('on_enter').info();
    expect(info).toMatchObject({
      type: 'raw_tracepoint',
      name: 'on_enter',
      tag: expect.stringMatching(/^[0-9a-f]{16}$/),
      createdByUid: 0,
      gplCompatible: true,
      runCount: 0n,
      recursionMisses: 0n,
    });
    expect(info.mapIds).toHaveLength(2);
    for (const number of [info.id, info.btfId, info.xlatedLength, info.verifiedInstructions]) {
      expect(number).toBeGreaterThan(0);
    }
    const uptime =
      BigInt(Math.ceil(Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]))) * 1_000_000_000n;
    expect(info.loadTime).toBeLessThanOrEqual(uptime);
    expect(info.loadTime).toBeGreaterThan(uptime - 600_000_000_000n);
  });

  test('runs are counted while statistics are enabled', () => {
    object.load();
    const program = object.program('on_packet');
    const data = new Uint8Array(64);
    program.testRun({ data });
    const statistics = enableStats();
    // A signal may end repeated runs (EINTR), rarely: then they are made, and counted, again.
    const counted = (): bigint => {
      const before = program.info().runCount;
      try {
        program.testRun({ data, repeat: 100 });
      } catch (error) {
        if (error instanceof BpfError && error.code === 'EINTR') return counted();
        throw error;
      }
      return program.info().runCount - before;
    };
    expect(counted()).toBe(100n);
    const during = program.info();
    expect(during.runTime).toBeGreaterThan(0n);
    expect(statistics.closed).toBe(false);
    statistics.close();
    statistics.close();
    expect(statistics.closed).toBe(true);
  });
});

describe('programs without their object', () => {
  const opened: BpfProgram[] = [];
  const keep = (program: BpfProgram): BpfProgram => (opened.push(program), program);
  afterEach(() => opened.splice(0).forEach((program) => program.close()));

  test.each<[string, (original: BpfProgram) => BpfProgram]>([
    ['fromId', (original) => BpfProgram.fromId(original.info().id)],
    ['fromFd', (original) => BpfProgram.fromFd(original.fd)],
  ])('%s', (_, open) => {
    object.load();
    const original = object.program('on_packet');
    const program = keep(open(original));
    expect(program).toMatchObject({ name: 'on_packet', type: 'xdp', section: '' });
    expect(program.fd).not.toBe(original.fd);
    expect(program.info()).toEqual(original.info());
    object.close();
    expect(program.testRun({ data: new Uint8Array(64) }).retval).toBe(2);
    const calls: (() => unknown)[] = [
      () => program.expectedAttachType,
      () => program.instructions(),
      () => (program.autoload = true),
      () => program.setLogBuffer(1),
      () => program.log,
      () => program.attach(),
      () => program.attachKprobe('f'),
      () => program.testRun({ context: {} }),
    ];
    for (const call of calls) expect(thrownBy(call)).toBeInstanceOf(UnsupportedError);
    program.close();
    program.close();
    expect(program.fd).toBe(-1);
    for (const call of [() => program.info(), () => program.attachXdp(1), ...calls.slice(0, -1)]) {
      expect(thrownBy(call)).toBeInstanceOf(ClosedError);
    }
  });

  test('what is no program is refused', () => {
    object.load();
    const map = object.map('points');
    expect(thrownBy(() => BpfProgram.fromFd(map.fd))).toBeInstanceOf(ArgumentError);
    expect(thrownBy(() => BpfProgram.fromFd(map.fd)).message).toMatch(/is not a BPF program, but a BPF map/);
    expect(thrownBy(() => BpfProgram.fromFd(0)).message).toMatch(/is not a BPF program, but something else/);
    expect(thrownBy(() => BpfProgram.fromFd(1_000_000))).toMatchObject({ code: 'EBADF' });
    expect(thrownBy(() => BpfProgram.fromId(0))).toMatchObject({
      code: 'ENOENT',
      syscall: 'bpf_prog_get_fd_by_id',
    });
    expect(thrownBy(() => BpfProgram.openPinned('/nowhere'))).toMatchObject({
      code: 'ENOENT',
      syscall: 'bpf_obj_get',
    });
  });
});

test('the target of an extension stays its target, when its object is closed before load', () => {
  const extension = BpfObject.open(compileBpf('attach'));
  try {
    object.load();
    for (const program of extension.programs.values()) program.autoload = program.name === 'on_fentry';
    const fentry = extension.program('on_fentry');
    fentry.setAttachTarget({ program: object.program('on_packet'), function: 'on_packet' });
    object.close();
    // Refused by lockdown where it is one; otherwise loaded: in both cases not another descriptor's program.
    try {
      extension.load();
      expect(fentry.info().attachBtfId).toBeGreaterThan(0);
    } catch (error) {
      expect(error).toBeInstanceOf(BpfError);
      expect(error).toMatchObject({ code: 'EPERM' });
    }
  } finally {
    extension.close();
  }
});
