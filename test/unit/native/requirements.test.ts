/** What a kernel must be: the tables, and the errors that are made of them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BpfError, ClosedError } from '../../../lib/errors';
import { failure } from '../../../lib/native/failure/failure';
import { configOption, isOlder, unmet, type Kernel } from '../../../lib/native/failure/kernel';
import { explainLoad, explainRefusal, missingFor, needing } from '../../../lib/native/failure/needing';
import { OPERATIONS } from '../../../lib/native/failure/operations';
import { EVENTS } from '../../../lib/native/failure/operations/events';
import { KERNEL } from '../../../lib/native/failure/operations/kernel';
import { MAPS } from '../../../lib/native/failure/operations/maps';
import { OBJECTS } from '../../../lib/native/failure/operations/objects';
import { PROGRAMS } from '../../../lib/native/failure/operations/programs';
import { SYSTEM } from '../../../lib/native/failure/operations/system';
import { lockdownLevel, securityModules } from '../../../lib/native/failure/privileges';
import { since } from '../../../lib/uapi/requirement';
import { attachKinds, programKinds } from '../../../lib/runtime/program/program-kinds';

const kernel = (release: string, config?: string): Kernel => ({ release, config: () => config });
const refused = (errno: number, log = '', syscall = 'bpf_object__load'): Error =>
  failure({ kind: 'bpf', syscall, errno, subject: "object 'agent'", log });

describe('operations', () => {
  const ofCalls = Object.values(OPERATIONS).flatMap(({ needs }) => (needs === undefined ? [] : [needs]));
  test.each(ofCalls)('well-formed: %j', ({ kernel: version, config }) => {
    expect(version).toMatch(/^[3-7]\.\d{1,2}$/);
    for (const option of config) expect(option).toMatch(/^CONFIG_[A-Z0-9_]+$/);
  });

  test('no function is in two of the tables', () => {
    const tables = [OBJECTS, MAPS, PROGRAMS, KERNEL, EVENTS, SYSTEM];
    const rows = tables.flatMap((table) => Object.keys(table));
    expect(rows.filter((row, i) => rows.indexOf(row) !== i)).toEqual([]);
    expect(rows.sort()).toEqual(Object.keys(OPERATIONS).sort());
  });

  const headers = path.join(__dirname, '../../../deps/libbpf/src/src');
  const there = existsSync(headers);
  const name = there ? 'each operation is a function of libbpf' : "skipped: libbpf's sources are not fetched";
  (there ? test : test.skip)(name, () => {
    const declared = readdirSync(headers)
      .filter((file) => file.endsWith('.h'))
      .map((file) => readFileSync(path.join(headers, file), 'utf8'))
      .join('');
    const ofLibbpf = Object.keys(OPERATIONS).filter((name) => !Object.hasOwn(SYSTEM, name));
    const unknown = ofLibbpf.filter((name) => !new RegExp(`\\b${name}\\(`).test(declared));
    expect(unknown).toEqual([]);
  });
});

test.each([
  ['5.4.0-42-generic', '5.8', true],
  ['5.8.0', '5.8', false],
  ['5.10.0', '5.8', false],
  ['5.8.0', '5.10', true],
  ['4.19.0', '5.1', true],
  ['6.0', '5.19', false],
  ['10.0', '6.9', false],
  ['unknown', '5.8', false],
])('%s is older than %s: %s', (release, version, older) => {
  expect(isOlder(release, version)).toBe(older);
});

describe('what is unmet', () => {
  const requirement = since('5.9', 'CONFIG_A', 'CONFIG_B');
  test.each([
    ['an old kernel', kernel('5.4.1', 'CONFIG_A=y'), 'it needs kernel 5.9; this is 5.4.1'],
    [
      'built without both',
      kernel('6.1', '# CONFIG_A is not set\nCONFIG_AB=y'),
      'it needs a kernel with CONFIG_A and CONFIG_B; this one was built without',
    ],
    [
      'built without one',
      kernel('6.1', 'CONFIG_A=m\n'),
      'it needs a kernel with CONFIG_B; this one was built without',
    ],
    ['built with them', kernel('6.1', 'CONFIG_A=y\nCONFIG_B=m\n'), undefined],
    ['nobody knows', kernel('6.1'), undefined],
  ])('%s', (_, on, expected) => {
    expect(unmet('it needs', requirement, on)).toBe(expected);
  });

  test('of this kernel', () => {
    expect(unmet('it needs', since('99.0'))).toMatch(/^it needs kernel 99.0; this is /);
    expect(configOption('CONFIG_X', kernel('1.0', 'CONFIG_X="text"'))).toBe('"text"');
  });
});

describe('a refused kind', () => {
  test.each([
    [{ mapType: 'arena' }, '5.10.0', undefined, "maps of type 'arena' need kernel 6.9; this is 5.10.0"],
    [
      { programType: 'netfilter' },
      '6.1',
      undefined,
      "programs of type 'netfilter' need kernel 6.4; this is 6.1",
    ],
    [
      { attachType: 'tcx_ingress' },
      '6.1',
      undefined,
      "attachments of type 'tcx_ingress' need kernel 6.6; this is 6.1",
    ],
    [{ linkType: 'xdp' }, '5.4', undefined, "links of type 'xdp' need kernel 5.9; this is 5.4"],
    [
      {
        programType: 'kprobe',
        call: 'bpf_program__attach_kprobe_opts',
        needs: since('4.1', 'CONFIG_KPROBE_EVENTS'),
      },
      '6.1',
      'CONFIG_BPF_EVENTS=y\n',
      'bpf_program__attach_kprobe_opts needs a kernel with CONFIG_KPROBE_EVENTS; this one was built without',
    ],
    [{ mapType: 'arena', programType: 'xdp' }, '6.9', undefined, undefined],
    [{ mapType: 'type_99', call: 'nothing' }, '3.1', undefined, undefined],
    [{ mapType: 'constructor' }, '3.1', undefined, undefined],
    [{}, '3.1', undefined, undefined],
  ])('%j on %s', (kinds, release, config, expected) => {
    expect(missingFor(kinds, kernel(release, config))).toBe(expected);
    const error = refused(22);
    const explained = explainRefusal(error, kinds, kernel(release, config)) as BpfError;
    if (expected === undefined) expect(explained).toBe(error);
    else {
      expect(explained).toMatchObject({ code: 'EINVAL', syscall: 'bpf_object__load', remedy: expected });
      expect(explained.message).toMatch(/^load object 'agent': EINVAL/);
      expect(explained.message.endsWith(`; ${expected}`)).toBe(true);
    }
  });

  test.each([
    ['another errno', refused(1)],
    ['another error', new ClosedError('closed')],
  ])('something else is meant: %s', (_, error) => {
    expect(explainRefusal(error, { mapType: 'arena' }, kernel('5.4'))).toBe(error);
  });

  test('needing() passes results and explains errors', () => {
    expect(needing({ mapType: 'arena' }, () => 5)).toBe(5);
    expect(() =>
      needing({ mapType: 'hash' }, () => {
        throw new ClosedError('closed');
      }),
    ).toThrow(ClosedError);
  });

  test('a function that this kernel lacks', () => {
    const error = refused(22, '', 'bpf_map_lookup_batch') as BpfError;
    // This kernel has it: the errno decides.
    expect(error.remedy).toMatch(/does not have this operation/);
  });
});

describe('an object that was not loaded', () => {
  const parts = [
    { name: 'events', mapType: 'ringbuf' },
    { name: 'pages', mapType: 'arena' },
    { name: 'filter', programType: 'netfilter' },
    { name: 'many', section: 'kprobe.multi', programType: 'kprobe', attachType: 'trace_kprobe_multi' },
  ];
  const on = kernel('5.10.0');
  test.each([
    [
      'the map that libbpf names',
      "libbpf: map 'pages': failed to create: -EINVAL\n",
      /maps of type 'arena' need kernel 6.9/,
    ],
    [
      'the program',
      "libbpf: prog 'filter': BPF program load failed: Invalid argument\n",
      /programs of type 'netfilter' need/,
    ],
    ['named and known', "libbpf: map 'events': failed to create: -EINVAL\n", undefined],
    ['nothing named, so that no part of it is to blame', '', undefined],
    [
      'no token on an old kernel',
      "libbpf: object 'agent': failed (-22) to create BPF token from '/sys/fs/bpf'\n",
      /a BPF token needs kernel 6.9; this is 5.10.0/,
    ],
    [
      'the verifier has spoken',
      "-- BEGIN PROG LOAD LOG --\n0: exit\nR0 !read_ok\n-- END PROG LOAD LOG --\nprog 'filter': BPF program load failed",
      undefined,
    ],
    [
      "another's reason of libbpf's own",
      "libbpf: prog 'traced': failed to find kernel BTF type ID of 'f': -ESRCH\nprog 'traced': failed to load: -ESRCH\n",
      /^the BTF of this kernel .* has no 'f'/,
    ],
    [
      'what is only needed to attach',
      "libbpf: prog 'many': BPF program load failed: -EINVAL\n",
      /program 'many' \(SEC\("kprobe\.multi"\)\) before it looked at its instructions: it may not know/,
    ],
  ])('%s', (_, log, expected) => {
    const error = refused(22, log);
    const explained = explainLoad(error, parts, on) as BpfError;
    if (expected === undefined) expect(explained).toBe(error);
    else expect(explained.remedy).toMatch(expected);
    expect(explained.log).toBe(log);
  });

  const UNSEEN =
    "libbpf: prog 'p': BPF program load failed: -EPERM\n" +
    "libbpf: prog 'p': -- BEGIN PROG LOAD LOG --\nprocessed 0 insns (limit 1000000) max_states_per_insn 0\n" +
    "-- END PROG LOAD LOG --\nlibbpf: prog 'p': failed to load: -EPERM\n";

  test('a kind of program that this kernel does not allow', () => {
    const iterator = {
      name: 'p',
      section: 'iter/bpf_map_elem',
      programType: 'tracing',
      attachType: 'trace_iter',
    };
    const { message } = explainLoad(refused(1, UNSEEN), [iterator]) as BpfError;
    expect(message).toMatch(
      /^load object 'agent': EPERM \(operation not permitted\) in bpf_object__load: the kernel refused program 'p' \(SEC\("iter\/bpf_map_elem"\)\) before it looked at its instructions: /,
    );
    expect(message).not.toMatch(/verifier|processed/);
  });

  test('a kind that it does not know', () => {
    const session = { name: 'p', programType: 'tracing', attachType: 'trace_fsession' };
    const log = UNSEEN.replaceAll('EPERM', 'EINVAL');
    const { remedy } = explainLoad(refused(22, log), [session], kernel('6.18.0')) as BpfError;
    expect(remedy).toBe(
      "the kernel refused program 'p' before it looked at its instructions: attachments of type 'trace_fsession' need kernel 7.0; this is 6.18.0",
    );
  });

  test("what the verifier wrote into the program's own buffer", () => {
    const part = {
      name: 'p',
      programType: 'xdp',
      ownLog: () => '0: (95) exit\nR0 !read_ok\nprocessed 1 insns\n',
    };
    expect(explainLoad(refused(13, UNSEEN), [part])).toMatchObject({
      code: 'ERR_VERIFIER',
      program: 'p',
      reason: 'R0 !read_ok',
    });
  });
});

test.each([
  ['capability,lockdown,landlock', undefined],
  ['lockdown,capability,selinux,bpf\n', 'a security module may forbid it (selinux, bpf)'],
  ['', undefined],
])('security modules: %j', (list, said) => {
  expect(securityModules(list)).toBe(said);
});

test.each([
  [
    { type: 'xdp', expectedAttachType: 'xdp', section: 'xdp' },
    { programType: 'xdp', attachType: 'xdp' },
    undefined,
  ],
  [
    { type: 'kprobe', expectedAttachType: 'cgroup_inet_ingress', section: 'kprobe/f' },
    { programType: 'kprobe' },
    'bpf_program__attach_kprobe_opts',
  ],
  [
    { type: 'tracepoint', expectedAttachType: 'cgroup_inet_ingress', section: 'tp/a/b' },
    { programType: 'tracepoint' },
    'bpf_program__attach_tracepoint_opts',
  ],
  [
    { type: 'type_99', expectedAttachType: 'cgroup_inet_ingress', section: 'constructor' },
    { programType: 'type_99' },
    undefined,
  ],
])('the kinds of %j', (program, kinds, call) => {
  expect(programKinds(program)).toEqual({ attachType: undefined, ...kinds });
  expect(attachKinds(program).call).toBe(call);
});

test.each([
  [{ lockdown: 'none [integrity] confidentiality' }, 'integrity'],
  [{ lockdown: '[none] integrity confidentiality', forced: 'integrity' }, undefined],
  [{ lockdown: '', forced: 'confidentiality' }, 'confidentiality'],
  [{ lockdown: '', commandLine: 'quiet lockdown=integrity ro' }, 'integrity'],
  [{ lockdown: '', commandLine: 'nolockdown=integrity' }, undefined],
  [{}, undefined],
])('lockdown as %j says it', (situation, level) => {
  expect(lockdownLevel(situation)).toBe(level);
});
