/** `doctor` on hosts of other sorts. */
import { checkHost, type Host } from '../../../lib/cli/doctor/checks';

const host = (files: Record<string, string>, given: Partial<Host> = {}): Host => ({
  platform: 'linux',
  release: '6.1.0',
  read: (file) => files[file],
  ...given,
});
const status = (capabilities: bigint, seccomp = 0): string =>
  `CapEff:\t${capabilities.toString(16).padStart(16, '0')}\nSeccomp:\t${String(seccomp)}\n`;
const find = (on: Host, name: string) => checkHost(on).find((check) => check.name === name);

test.each([
  ['kernel', host({}), 'ok', /6\.1\.0/],
  ['kernel', host({}, { release: '4.19.0' }), 'warn', /4\.19/],
  ['kernel', host({}, { platform: 'darwin' }), 'fail', /darwin/],
  ['BTF', host({ '/sys/kernel/btf/vmlinux': '' }), 'ok', /vmlinux/],
  ['BTF', host({}), 'warn', /none/],
  ['capabilities', host({ '/proc/self/status': status(1n << 21n) }), 'ok', /CAP_SYS_ADMIN/],
  [
    'capabilities',
    host({ '/proc/self/status': status(0n) }),
    'fail',
    /without CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN/,
  ],
  ['capabilities', host({ '/proc/self/status': status(1n << 39n) }), 'warn', /without CAP_PERFMON/],
  [
    'capabilities',
    host({
      '/proc/self/status': status(1n << 21n),
      '/proc/self/uid_map': '         0     100000      65536\n',
    }),
    'fail',
    /of a user namespace/,
  ],
  [
    'capabilities',
    host({
      '/proc/self/status': status(1n << 21n),
      '/proc/self/uid_map': '         0          0 4294967295\n',
    }),
    'ok',
    /CAP_SYS_ADMIN/,
  ],
  ['seccomp', host({ '/proc/self/status': status(0n, 2) }), 'warn', /filter/],
  [
    'lockdown',
    host({ '/sys/kernel/security/lockdown': 'none [integrity] confidentiality' }),
    'warn',
    /integrity/,
  ],
  ['lockdown', host({}), 'ok', /none/],
  ['memlock', host({}), 'ok', /do not count/],
  [
    'memlock',
    host(
      { '/proc/self/limits': 'Max locked memory         65536     65536     bytes' },
      { release: '5.4.0' },
    ),
    'warn',
    /65536 bytes/,
  ],
  ['bpffs', host({ '/proc/self/mounts': 'bpf /sys/fs/bpf bpf rw 0 0\n' }), 'ok', /\/sys\/fs\/bpf/],
  ['bpffs', host({}), 'warn', /not mounted/],
  ['tracefs', host({}), 'warn', /not mounted/],
  ['JIT', host({ '/proc/sys/net/core/bpf_jit_enable': '0\n' }), 'warn', /off/],
])('%s', (name, on, verdict, found) => {
  const check = find(on, name);
  expect(check).toMatchObject({ verdict });
  expect(check?.found).toMatch(found);
  // What is not well has something that would help.
  expect(check?.remedy === undefined).toBe(verdict === 'ok');
});
