/** Kinds of attachment that a kernel may refuse: the error, and what it says would help; and wrong arguments of each. */
import {
  ArgumentError,
  BpfError,
  BpfObject,
  ClosedError,
  NotLoadedError,
  UnsupportedError,
  type BpfLink,
  type BpfProgram,
} from '../../../lib';
import { configOption } from '../../../lib/native/failure/kernel';
import { lockdownLevel } from '../../../lib/native/failure/privileges';
import { compileBpf, compileBpfSource } from '../../support/compile';
import { thrownBy } from '../../support/native';

/** The object with one program of it, which is loaded unless told otherwise. */
function withProgram<T>(name: string, use: (program: BpfProgram, object: BpfObject) => T, load = true): T {
  const object = BpfObject.open(compileBpf('attach'));
  try {
    for (const program of object.programs.values()) program.autoload = program.name === name;
    if (load) object.load();
    return use(object.program(name), object);
  } finally {
    object.close();
  }
}

describe('what this kernel is built without', () => {
  type Case = readonly [
    name: string,
    config: string,
    program: string,
    (program: BpfProgram) => BpfLink,
    object,
  ];
  const cases: readonly Case[] = [
    [
      'attachKprobe',
      'CONFIG_KPROBE_EVENTS',
      'on_kprobe',
      (program) => program.attachKprobe('do_unlinkat', { retprobe: true, cookie: 1n }),
      { syscall: 'bpf_program__attach_kprobe_opts', code: 'ENOENT' },
    ],
    [
      'attachKprobe in the old way',
      'CONFIG_KPROBE_EVENTS',
      'on_kprobe',
      (program) => program.attachKprobe('do_unlinkat', { mode: 'legacy', offset: 0 }),
      { syscall: 'bpf_program__attach_kprobe_opts', code: 'ENOENT' },
    ],
    [
      'attachKsyscall',
      'CONFIG_KPROBE_EVENTS',
      'on_ksyscall',
      (program) => program.attachKsyscall('unlink'),
      { syscall: 'bpf_program__attach_ksyscall', code: 'ENOENT' },
    ],
    [
      'attachKprobeMulti',
      'CONFIG_FPROBE',
      'on_kprobe_multi',
      (program) => program.attachKprobeMulti({ functions: ['do_unlinkat', 'vfs_read'], cookies: [1, 2] }),
      { syscall: 'bpf_program__attach_kprobe_multi_opts', code: 'EOPNOTSUPP' },
    ],
    [
      'attachNetkit',
      'CONFIG_NETKIT',
      'on_netkit',
      (program) => program.attachNetkit(1, { attachType: 'netkit_peer', after: 'all' }),
      { syscall: 'bpf_link_create', code: 'EINVAL' },
    ],
  ];
  test.each(cases)('%s', (_, config, name, attach, expected) => {
    const has = configOption(config);
    if (has !== 'n') {
      console.log(`not refused here: this kernel has ${config}=${has ?? '?'}`);
      return;
    }
    withProgram(name, (program, object) => {
      const error = thrownBy(() => attach(program));
      expect(error).toBeInstanceOf(BpfError);
      expect(error).toMatchObject(expected);
      expect(error.message).toMatch(new RegExp(`attach program '${name}'.*${config}`));
      expect(object.links).toEqual([]);
    });
  });
});

describe('what lockdown refuses to load', () => {
  const EXTENSION = `
    #include <linux/bpf.h>
    #include <bpf/bpf_helpers.h>
    SEC("freplace") int extension(void *ctx) { return 2; }
    char LICENSE[] SEC("license") = "GPL";`;
  const refused = lockdownLevel() !== undefined;

  test.each(['on_fentry', 'on_fexit', 'on_fmod_ret', 'on_lsm'])('%s', (name) => {
    if (!refused) {
      console.log('not refused here: this kernel is not locked down');
      return;
    }
    const error = thrownBy(() => withProgram(name, () => undefined));
    expect(error).toMatchObject({ code: 'EPERM', syscall: 'bpf_object__load' });
    expect(error.message).toMatch(/locked down/);
  });

  test('freplace, of a function of another program', () => {
    if (!refused) {
      console.log('not refused here: this kernel is not locked down');
      return;
    }
    withProgram('replaceable', (target) => {
      const object = BpfObject.open(compileBpfSource(EXTENSION, 'extension'));
      try {
        const extension = object.program('extension');
        const missing = thrownBy(() => extension.setAttachTarget({ program: target, function: 'nowhere' }));
        expect(missing).toMatchObject({ syscall: 'bpf_program__set_attach_target', code: 'ENOENT' });
        extension.setAttachTarget({ program: target, function: 'replaced' });
        const error = thrownBy(() => object.load());
        expect(error).toMatchObject({ code: 'EPERM', syscall: 'bpf_object__load' });
        expect(error.message).toMatch(/locked down/);
      } finally {
        object.close();
      }
    });
  });
});

/** A row for each way: `call` is right but for its moment. */
const WAYS: readonly (readonly [string, (program: BpfProgram) => unknown])[] = [
  ['attach', (program) => program.attach()],
  ['attachKprobe', (program) => program.attachKprobe('f')],
  ['attachKprobeMulti', (program) => program.attachKprobeMulti({ pattern: 'f*' })],
  ['attachKsyscall', (program) => program.attachKsyscall('open')],
  ['attachUprobe', (program) => program.attachUprobe('/bin/sh', { offset: 0 })],
  ['attachUprobeMulti', (program) => program.attachUprobeMulti('/bin/sh', { functions: ['main'] })],
  ['attachUsdt', (program) => program.attachUsdt('/bin/sh', 'p', 'n')],
  ['attachTracepoint', (program) => program.attachTracepoint('a', 'b')],
  ['attachRawTracepoint', (program) => program.attachRawTracepoint('a')],
  ['attachPerfEvent', (program) => program.attachPerfEvent(0)],
  ['attachTrace', (program) => program.attachTrace()],
  ['attachLsm', (program) => program.attachLsm()],
  ['attachFreplace', (program) => program.attachFreplace()],
  ['attachCgroup', (program) => program.attachCgroup('/')],
  ['attachNetns', (program) => program.attachNetns()],
  ['attachXdp', (program) => program.attachXdp(1)],
  ['attachTcx', (program) => program.attachTcx(1)],
  ['attachNetkit', (program) => program.attachNetkit(1)],
  [
    'attachNetfilter',
    (program) => program.attachNetfilter({ protocolFamily: 'ipv6', hook: 'input', priority: 0 }),
  ],
  ['attachSockmap', (program) => program.attachSockmap(0)],
  ['attachIter', (program) => program.attachIter()],
  ['testRun', (program) => program.testRun()],
  ['info', (program) => program.info()],
  ['pin', (program) => program.pin('/nowhere')],
];

describe('each way at the wrong moment', () => {
  test.each(WAYS)('%s before load', (_, call) => {
    withProgram('with_no_type', (program) => expect(() => call(program)).toThrow(NotLoadedError), false);
  });
  test.each(WAYS)('%s of a program that is not loaded with its object', (_, call) => {
    withProgram('with_no_type', (__, object) => {
      expect(() => call(object.program('on_raw_tp'))).toThrow(NotLoadedError);
    });
  });
  test.each(WAYS)('%s after close', (_, call) => {
    const program = withProgram('with_no_type', (it) => it);
    expect(() => call(program)).toThrow(ClosedError);
  });
  // It can be attached to nothing, so that each is the kernel's error, or ours.
  test.each(WAYS.filter(([name]) => !['testRun', 'info'].includes(name)))(
    '%s of a syscall program',
    (_, call) => {
      withProgram('with_no_type', (program, object) => {
        const error = thrownBy(() => call(program));
        expect(error).toBeInstanceOf(BpfError);
        expect(object.links).toEqual([]);
      });
    },
  );
});

describe('wrong arguments', () => {
  type Case = readonly [string, (program: any, object: BpfObject) => unknown, RegExp];
  const cases: readonly Case[] = [
    [
      'an unknown option',
      (p) => p.attachKprobe('f', { retProbe: true }),
      /options\.retProbe is not an option/,
    ],
    ['no function', (p) => p.attachKprobe(), /function name must be a string/],
    ['a mode that is none', (p) => p.attachKprobe('f', { mode: 'fast' }), /options\.mode must be one of/],
    ['a negative cookie', (p) => p.attachTrace({ cookie: -1n }), /options\.cookie must be from 0n/],
    [
      'a cookie that is too large',
      (p) => p.attachTrace({ cookie: 2n ** 64n }),
      /options\.cookie must be from 0n/,
    ],
    [
      'a cookie that is no number',
      (p) => p.attachTrace({ cookie: '7' }),
      /options\.cookie must be an integer/,
    ],
    [
      'nothing to attach to',
      (p) => p.attachKprobeMulti({}),
      /exactly one of pattern, functions and addresses/,
    ],
    ['an empty list', (p) => p.attachUprobeMulti('/bin/sh', { functions: [] }), /exactly one of/],
    [
      'two lists',
      (p) => p.attachUprobeMulti('/bin/sh', { functions: ['a'], offsets: [1] }),
      /exactly one of pattern, functions and offsets/,
    ],
    [
      'cookies that are too many',
      (p) => p.attachUprobeMulti('/bin/sh', { functions: ['a'], cookies: [1, 2] }),
      /as many as functions or offsets/,
    ],
    [
      'cookies with a pattern',
      (p) => p.attachKprobeMulti({ pattern: 'a*', cookies: [1] }),
      /as many as functions or addresses/,
    ],
    [
      'entry and return at once',
      (p) => p.attachKprobeMulti({ functions: ['a'], retprobe: true, session: true }),
      /retprobe and session exclude each other/,
    ],
    [
      'a function that is no string',
      (p) => p.attachKprobeMulti({ functions: [1] }),
      /functions\[0\] must be a string/,
    ],
    [
      'neither function nor offset',
      (p) => p.attachUprobe('/bin/sh', {}),
      /options must be with a function or an offset/,
    ],
    [
      'a negative pid',
      (p) => p.attachUsdt('/bin/sh', 'p', 'n', { pid: -1 }),
      /options\.pid must be an integer/,
    ],
    ['no event', (p) => p.attachPerfEvent({}), /event \(a PerfEvent or a file descriptor\) must be/],
    ['a program that is none', (p) => p.attachFreplace({ fd: 5 }, 'f'), /target must be a BpfProgram/],
    [
      'an attach type that is none',
      (p) => p.attachCgroup('/', { attachType: 'cgroup_inet_igress' }),
      /did you mean/,
    ],
    ['before and after', (p) => p.attachTcx(1, { before: 'all', after: 'all' }), /exclude each other/],
    ['a neighbour that is none', (p) => p.attachTcx(1, { before: 3 }), /options\.before must be a BpfLink/],
    ['interface 0', (p) => p.attachXdp(0), /interface \(a name or an index\) must be an integer from 1/],
    ['an XDP mode that is none', (p) => p.attachXdp(1, { mode: 'native' }), /options\.mode must be one of/],
    [
      'no hook',
      (p) => p.attachNetfilter({ protocolFamily: 'ipv4', priority: 1 }),
      /options\.hook must be a hook/,
    ],
    [
      'a priority that does not fit',
      (p) => p.attachNetfilter({ protocolFamily: 'ipv4', hook: 'input', priority: 2 ** 31 }),
      /options\.priority/,
    ],
    ['a map that is none', (p) => p.attachSockmap({}), /map \(a BpfMap of a loaded object/],
    [
      'a map and a task',
      (p, object) => p.attachIter({ map: object.map('walked'), pid: 1 }),
      /a map, a cgroup or a task, not several/,
    ],
    ['an order that is none', (p) => p.attachIter({ order: 'sideways' }), /options\.order must be one of/],
    ['a type that is none', (p) => (p.type = 'xpd'), /one of the kernel's names; there are: .*'xdp'/],
    ['an expected attach type that is none', (p) => (p.expectedAttachType = 3), /must be a string/],
    ['no target', (p) => p.setAttachTarget({}), /needs a program, a function, or both/],
    ['a log buffer that is too large', (p) => p.setLogBuffer(2 ** 40), /size must be an integer/],
  ];
  test.each(cases)('%s', (_, call, message) => {
    withProgram('with_no_type', (program, object) => {
      const error = thrownBy(() => call(program, object));
      expect(error).toBeInstanceOf(ArgumentError);
      expect(error.message).toMatch(message);
    });
  });
});

test.each([
  ['an interface', (p: BpfProgram) => p.attachXdp('nowhere0'), { code: 'ENODEV', syscall: 'if_nametoindex' }],
  ['a cgroup', (p: BpfProgram) => p.attachCgroup('/nowhere'), { code: 'ENOENT', syscall: 'open' }],
  [
    'a tracepoint',
    (p: BpfProgram) => p.attachRawTracepoint('nowhere'),
    { code: 'EINVAL', syscall: 'bpf_program__attach_raw_tracepoint_opts' },
  ],
  [
    'a function',
    (p: BpfProgram) => p.attachUprobe('/bin/sh', { function: 'nowhere' }),
    { code: 'ENOENT', syscall: 'bpf_program__attach_uprobe_opts' },
  ],
  [
    'a file',
    (p: BpfProgram) => p.attachUsdt('/nowhere', 'a', 'b'),
    { code: 'ENOENT', syscall: 'bpf_program__attach_usdt' },
  ],
])('%s that is not there', (_, attach, expected) => {
  withProgram('on_uprobe', (program) => expect(thrownBy(() => attach(program))).toMatchObject(expected));
});

test('getters of options may close the object: the call then finds it closed', () => {
  withProgram('on_uprobe', (program, object) => {
    const options = {
      offset: 0,
      get retprobe() {
        object.close();
        return false;
      },
    };
    expect(() => program.attachUprobe('/bin/sh', options)).toThrow(ClosedError);
  });
});

test('a program of an object is closed with its object only', () => {
  withProgram('on_uprobe', (program) => expect(() => program.close()).toThrow(UnsupportedError));
});
