/** Errors made of what the addon knows, and explanations of why it did not load: no addon needed. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as errors from '../../../lib/errors';
import type { NativeFailure } from '../../../lib/native/surface/addon';
import { errnoMeaning, errnoName } from '../../../lib/native/failure/errno';
import { explain } from '../../../lib/native/load/explain';
import { failure } from '../../../lib/native/failure/failure';
import { readLog } from '../../../lib/native/failure/log';
import { missingPrivilege, missingToLoad } from '../../../lib/native/failure/privileges';

const ROOT = path.resolve(__dirname, '../../..');
const what = (given: Partial<NativeFailure>): NativeFailure => ({
  kind: 'bpf',
  syscall: 'bpf_object__load',
  errno: 22,
  subject: "object 'agent'",
  log: '',
  ...given,
});

test.each([
  ['closed', errors.ClosedError, 'ERR_CLOSED'],
  ['argument', errors.ArgumentError, 'ERR_INVALID_ARG'],
  ['not-loaded', errors.NotLoadedError, 'ERR_NOT_LOADED'],
  ['already-loaded', errors.AlreadyLoadedError, 'ERR_ALREADY_LOADED'],
  ['unsupported', errors.UnsupportedError, 'ERR_UNSUPPORTED'],
] as const)('kind %s', (kind, Class, code) => {
  const error = failure(what({ kind, errno: 0, log: 'the message' }));
  expect(error).toBeInstanceOf(Class);
  expect(error).toMatchObject({ code, message: 'the message' });
});

test.each([
  [0, 'ERRNO_0'],
  [1, 'EPERM'],
  [2, 'ENOENT'],
  [3, 'ESRCH'],
  [11, 'EAGAIN'],
  [22, 'EINVAL'],
  [77, 'EBADFD'],
  [95, 'EOPNOTSUPP'],
  [524, 'ENOTSUPP'],
  [4001, 'LIBBPF_ERRNO__FORMAT'],
  [9999, 'ERRNO_9999'],
])('errno %i is %s', (errno, name) => {
  expect(errnoName(errno)).toBe(name);
});

test.each([
  [2, 'no such file or directory'],
  [95, 'operation not supported'],
  [4003, 'compiled for the other byte order'],
  [9999, ''],
])('errno %i means %p', (errno, meaning) => {
  expect(errnoMeaning(errno)).toBe(meaning);
});

test('a message: operation, object, errno, function, what libbpf said, what helps', () => {
  const error = failure(
    what({
      syscall: 'bpf_object__open_subskeleton',
      errno: 3,
      subject: "subskeleton 'lib' on object 'agent'",
      log: "libbpf: failed to find skeleton map 'm'\n",
    }),
  ) as errors.BpfError;
  expect(error.message).toBe(
    "open subskeleton 'lib' on object 'agent': ESRCH (no such process) in bpf_object__open_subskeleton: " +
      "failed to find skeleton map 'm'; the object lacks a map or program that the library names; the log says which",
  );
  expect(error).toMatchObject({
    operation: "open subskeleton 'lib' on object 'agent'",
    code: 'ESRCH',
    errno: 3,
    syscall: 'bpf_object__open_subskeleton',
    remedy: 'the object lacks a map or program that the library names; the log says which',
  });
});

test('a test run that a signal ended says that not all of it was run', () => {
  const error = failure(what({ syscall: 'bpf_prog_test_run_opts', errno: 4, subject: "program 'p'" }));
  expect(error.message).toMatch(
    /^test-run program 'p': EINTR .*the rest of them was left out: run it again$/,
  );
});

test('a function without an entry still makes a sentence', () => {
  const error = failure(what({ syscall: 'bpf_new_thing', errno: 9999, subject: '$& $1' }));
  expect(error.message).toBe('bpf_new_thing $& $1: ERRNO_9999 in bpf_new_thing');
});

const VERIFIER = `libbpf: prog 'p': BPF program load failed: Permission denied
libbpf: prog 'p': -- BEGIN PROG LOAD LOG --
0: R1=ctx() R10=fp0
; return *(int *)0; @ rejected.bpf.c:9
0: (b7) r1 = 0
1: (61) r0 = *(u32 *)(r1 +0)
R1 invalid mem access 'scalar'
processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
-- END PROG LOAD LOG --
libbpf: prog 'p': failed to load: -13
libbpf: failed to load object 'agent'
`;

test.each([
  ['nothing', '', ''],
  ['one line', 'libbpf: elf: failed to open x: -ENOENT\n', 'elf: failed to open x: -ENOENT'],
  ['the verifier', VERIFIER, "R1 invalid mem access 'scalar'"],
  [
    "libbpf's own, with chatter after",
    "libbpf: map 'm': failed to create: -EINVAL\nlibbpf: failed to load object 'a'\n",
    "map 'm': failed to create: -EINVAL",
  ],
  [
    'a verifier log without its beginning',
    `[earlier messages dropped]\n${VERIFIER.slice(VERIFIER.indexOf('0: (b7)'))}`,
    "R1 invalid mem access 'scalar'",
  ],
  ['chatter alone', "libbpf: failed to load object 'a'\n", "failed to load object 'a'"],
  [
    'advice about a limit that is not it',
    "prog 'f': BPF program load failed: -EPERM\n" +
      "permission error while running as root; try raising 'ulimit -l'? current value: 8.0 MiB\n" +
      "prog 'f': failed to load: -EPERM\nfailed to load object 'fent'\n",
    "prog 'f': BPF program load failed: -EPERM",
  ],
  [
    'a function that is not there',
    "prog 'f': failed to find kernel BTF type ID of 'no_such_function': -ESRCH\n" +
      "prog 'f': failed to prepare load attributes: -ESRCH\nprog 'f': failed to load: -ESRCH\n" +
      "failed to load object 'prep'\n",
    "prog 'f': failed to find kernel BTF type ID of 'no_such_function': -ESRCH",
  ],
  [
    'a target that is not set',
    "prog 'f': attach program FD is not set\nprog 'f': failed to prepare load attributes: -EINVAL\n" +
      "prog 'f': failed to load: -EINVAL\n",
    "prog 'f': attach program FD is not set",
  ],
  [
    'a pin outside of a BPF file system',
    "specified path /sys/fs/bpf/m is not on BPF FS\nmap 'm': failed to auto-pin at '/sys/fs/bpf/m': -EINVAL\n" +
      "map 'm': failed to create: -EINVAL\n",
    'specified path /sys/fs/bpf/m is not on BPF FS',
  ],
  [
    'an object with arena variables',
    "extern (func ksym) 'no_such_kfunc': not found in kernel or module BTFs\n" +
      "failed to load object 'a'\nfailed to load BPF skeleton 'a': -EINVAL\n",
    "extern (func ksym) 'no_such_kfunc': not found in kernel or module BTFs",
  ],
  [
    'a jump table',
    "prog 'gotox': relo #0: can't create jump table: sym_off 0\n" +
      "prog 'gotox': failed to relocate data references: -EINVAL\nfailed to load object 'a'\n",
    "prog 'gotox': relo #0: can't create jump table: sym_off 0",
  ],
  [
    'a program that was not looked at',
    "prog 'f': BPF program load failed: -EPERM\nprog 'f': -- BEGIN PROG LOAD LOG --\n" +
      'processed 0 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n' +
      "-- END PROG LOAD LOG --\nprog 'f': failed to load: -EPERM\n",
    "prog 'f': BPF program load failed: -EPERM",
  ],
  [
    'one that libbpf went on from',
    "Error in bpf_create_map_xattr(m): -EINVAL. Retrying without BTF.\nmap 'm': failed to create: -EINVAL\n",
    "map 'm': failed to create: -EINVAL",
  ],
  [
    'a step of another map',
    "map 'a': failed to initialize slot [0] to map 'b' fd=5: -EINVAL\nmap 'm': failed to create: -EINVAL\n",
    "map 'm': failed to create: -EINVAL",
  ],
  [
    'an empty verifier log',
    "libbpf: prog 'p': -- BEGIN PROG LOAD LOG --\n-- END PROG LOAD LOG --\nlibbpf: reason\n",
    'reason',
  ],
])('the useful line of %s', (_, log, line) => {
  expect(readLog(log).reason).toBe(line);
});

test('what the verifier says of a program that was loaded is no verdict on the one that was not', () => {
  const log =
    "prog 'good': -- BEGIN PROG LOAD LOG --\n0: (95) exit\n-- END PROG LOAD LOG --\n" +
    "prog 'f': BPF program load failed: -EPERM\nprog 'f': failed to load: -EPERM\n";
  expect(readLog(log)).toEqual({
    failed: { kind: 'prog', name: 'f' },
    reason: "prog 'f': BPF program load failed: -EPERM",
    refusedByKernel: true,
  });
});

test('without an instruction looked at, the verifier has rejected nothing', () => {
  const log =
    "prog 'f': -- BEGIN PROG LOAD LOG --\nprocessed 0 insns (limit 1000000)\n-- END PROG LOAD LOG --\n";
  const { message } = failure(what({ errno: 1, log: `prog 'f': BPF program load failed: -EPERM\n${log}` }));
  expect(message).toMatch(
    /EPERM \(operation not permitted\) in bpf_object__load: prog 'f': BPF program load failed/,
  );
  expect(message).not.toMatch(/verifier|processed 0/);
});

test.each([
  ["prog 'f': missing BPF prog type, check ELF section name 'kprobes/vfs_read'", /did you mean 'kprobe'\?\)/],
  [
    "prog 'f': missing BPF prog type, check ELF section name 'fentry.multi/vfs_*'",
    /does not know the section name 'fentry\.multi' of program 'f':/,
  ],
  [
    "extern (func ksym) 'k': not found in kernel or module BTFs",
    /no kfunc 'k': if a module has it, load that first/,
  ],
  ["prog 'f': failed to find kernel BTF type ID of 'x': -ESRCH", /has no 'x'/],
  ["prog 'f': attach program FD is not set", /^program 'f' has no target: .*setAttachTarget\(/],
  [
    'prog: no BTF-based attach target is specified, use bpf_program__set_attach_target()',
    /^a program has no target: .*setAttachTarget\(/,
  ],
  ['specified path /sys/fs/bpf/m is not on BPF FS', /pass another pinRootPath/],
  ["failed to find BTF for extern 'lib_routine' [7] section: -2", /gen object/],
  [
    "extern (func ksym) 'k': func_proto [40] incompatible with vmlinux [65749]",
    /this kernel has 'k' with other parameters/,
  ],
  [
    "prog 'u': section 'uretprobe/readline' missing ':function[+offset]' specification",
    /attachUprobe\(path, \{ function, retprobe: true \}\)/,
  ],
  [
    "elf: 'f' is 0 in symtab for '/proc/self/exe': try using shared library path instead",
    /^\/proc\/self\/exe only uses 'f', which a library has/,
  ],
  ['Error loading vmlinux BTF: -ESRCH', /btfCustomPath/],
  ["prog 'gotox': relo #0: can't create jump table: sym_off 0", undefined],
])("what helps against libbpf's own reason: %s", (line, remedy) => {
  const error = failure(what({ errno: 22, log: `libbpf: ${line}\n` })) as errors.BpfError;
  if (remedy === undefined) expect(error.remedy).toBeUndefined();
  else expect(error.remedy).toMatch(remedy);
});

test('a verifier that a signal interrupted has rejected nothing', () => {
  const error = failure(what({ errno: 11, log: VERIFIER })) as errors.BpfError;
  expect(error.message).toMatch(
    /^load object 'agent': EAGAIN \((?!the verifier).*\) in bpf_object__load: a signal interrupted the verifier; open the object anew/,
  );
});

test.each(['bpf_object__load', 'bpf_map_create', 'pidfd_open', 'bpf_new_thing'])(
  '%s without descriptors',
  (syscall) => {
    expect(failure(what({ syscall, errno: 24 })).message).toMatch(/ulimit -n/);
  },
);

test('a program that the verifier rejects is no matter of privileges', () => {
  const error = failure(what({ errno: 13, log: VERIFIER })) as errors.BpfError;
  expect(error.message).toMatch(
    /^load object 'agent': the verifier rejected program 'p' \(EACCES\): R1 invalid mem access 'scalar'$/m,
  );
  expect(error.message).not.toMatch(/CAP_|locked down/);
  expect(error.log).toBe(VERIFIER);
  expect(readLog(VERIFIER)).toMatchObject({
    failed: { kind: 'prog', name: 'p' },
    verdict: expect.objectContaining({ instruction: 1 }),
    refusedByKernel: false,
  });
  expect(Object.keys(error)).not.toContain('log');
});

describe('privileges', () => {
  const status = (effective: bigint, seccomp = 0): string =>
    `CapEff:\t${effective.toString(16).padStart(16, '0')}\nSeccomp:\t${String(seccomp)}\n`;
  const [NET_ADMIN, SYS_ADMIN, PERFMON, BPF] = [1n << 12n, 1n << 21n, 1n << 38n, 1n << 39n] as const;

  test('to load an object: only what its programs need', () => {
    const none = status(0n);
    expect(missingToLoad([], none)).toMatch(/lacks CAP_BPF \([^)]*\): run/);
    expect(missingToLoad(['tracing', 'kprobe'], none)).toMatch(
      /lacks CAP_BPF \([^)]*\), CAP_PERFMON \([^)]*\): run/,
    );
    expect(missingToLoad(['xdp'], none)).toMatch(/lacks CAP_BPF \([^)]*\), CAP_NET_ADMIN \([^)]*\): run/);
    expect(missingToLoad(['socket_filter'], status(BPF))).toBeUndefined();
    expect(missingToLoad(['xdp', 'kprobe'], status(SYS_ADMIN))).toBeUndefined();
  });

  test.each([
    ['nothing', 'load', status(0n), '', /lacks CAP_BPF .*CAP_PERFMON .*CAP_NET_ADMIN/],
    ['CAP_BPF', 'load', status(BPF), '', /lacks CAP_PERFMON .*, CAP_NET_ADMIN/],
    ['CAP_PERFMON', 'attach', status(PERFMON | NET_ADMIN), '', /lacks CAP_BPF/],
    [
      'all of it',
      'load',
      status(BPF | PERFMON | NET_ADMIN),
      'none [integrity] confidentiality',
      /locked down \(integrity\)/,
    ],
    [
      'root, locked down',
      'load',
      status(SYS_ADMIN),
      'none integrity [confidentiality]',
      /locked down \(confidentiality\)/,
    ],
    ['root, locked down, which says nothing of maps', 'map', status(SYS_ADMIN), '[integrity]', undefined],
    ['CAP_BPF', 'measure', status(BPF), '', /lacks CAP_SYS_ADMIN \(to have the kernel measure programs\)/],
    ['root in a container', 'map', status(SYS_ADMIN, 2), '[none] integrity', /seccomp/],
    ['root', 'load', status(SYS_ADMIN), '[none] integrity confidentiality', undefined],
    ['no /proc', 'load', '', '', undefined],
  ] as const)('%s, to %s', (_, purpose, statusText, lockdown, expected) => {
    const said = missingPrivilege(purpose, { status: statusText, lockdown });
    if (expected === undefined) expect(said).toBeUndefined();
    else expect(said).toMatch(expected);
  });
});

test.each([
  ['load', /whose capabilities do not count for BPF: run it outside, or .* bpfTokenPath/],
  ['map', /bpfTokenPath/],
  ['inspect', /run it outside$/],
  ['attach', /run it outside$/],
] as const)('root of a user namespace, to %s', (purpose, expected) => {
  const status = 'CapEff:\t000001ffffffffff\n';
  expect(missingPrivilege(purpose, { status, lockdown: '', uidMap: '0 100000 65536\n' })).toMatch(expected);
  expect(missingPrivilege(purpose, { status, lockdown: '', uidMap: '0 0 4294967295\n' })).toBeUndefined();
});

describe('why the addon did not load', () => {
  const linux = { platform: 'linux', arch: 'x64', glibc: '2.36' };
  const binary = path.join(ROOT, 'package.json');
  const elsewhere = mkdtempSync(path.join(tmpdir(), 'package-'));
  writeFileSync(path.join(elsewhere, 'package.json'), '{ "name": "libbpf-subskel" }');
  afterAll(() => rmSync(elsewhere, { recursive: true }));

  test.each([
    [
      'another system',
      '',
      ROOT,
      { ...linux, platform: 'darwin' },
      'x',
      /Linux kernel, and this is darwin.*describe/,
    ],
    [
      'a checkout, not built',
      '',
      ROOT,
      linux,
      'No native build',
      /no binary for linux-x64 with glibc 2.36. Type: npm run build:native$/,
    ],
    [
      'a package without a binary for it',
      '',
      elsewhere,
      { ...linux, arch: 'riscv64' },
      'No native build',
      /no binary for linux-riscv64 with glibc 2.36/,
    ],
    [
      'a bundle',
      '',
      '/app/bundle',
      linux,
      'No native build',
      /^(?!.*build-addon).*\/app\/bundle has no binary.*this is a bundle\. Copy the folder prebuilds.*--external:libbpf-subskel/,
    ],
    ['Alpine', '', elsewhere, { ...linux, glibc: undefined }, 'No native build', /linux-x64 with musl/],
    [
      'an override that is not there',
      '/nonexistent.node',
      ROOT,
      linux,
      'x',
      /\/nonexistent.node does not exist.*LIBBPF_SUBSKEL_ADDON/,
    ],
    [
      'a newer glibc',
      binary,
      ROOT,
      linux,
      "libc.so.6: version `GLIBC_2.38' not found",
      /needs glibc 2.38, this system has 2.36. Type: npm run build:native -- --force/,
    ],
    [
      'another architecture',
      binary,
      ROOT,
      linux,
      'x.node: wrong ELF class: ELFCLASS32',
      /not a binary for linux-x64.*--force/,
    ],
    [
      'a damaged file',
      binary,
      elsewhere,
      linux,
      'x.node: file too short',
      /is damaged.*npx libbpf-subskel build-addon/,
    ],
    ['an older Node', binary, ROOT, linux, 'undefined symbol: napi_xyz', /does not fit this Node.js v/],
    [
      'Node.js that may load none',
      binary,
      ROOT,
      linux,
      'Cannot load native addon because loading addons is disabled.',
      /may load none \(.*is disabled\)\. Start it without --no-addons; .*--allow-addons$/,
    ],
    ['anything else', binary, ROOT, linux, 'something new', /something new.*npm run build:native -- --force/],
  ] as const)('%s', (_, file, root, machine, message, expected) => {
    expect(existsSync(path.join(ROOT, 'binding.gyp'))).toBe(true);
    const cause = new Error(message);
    const error = explain(cause, { file, root }, machine);
    expect(error).toBeInstanceOf(errors.AddonError);
    expect(error.message).toMatch(expected);
    expect(error.cause).toBe(cause);
  });

  test('this machine', () => {
    expect(explain(new Error('x'), { file: '', root: ROOT }).message).toMatch(
      /^the native addon of libbpf-subskel did not load: /,
    );
  });
});
