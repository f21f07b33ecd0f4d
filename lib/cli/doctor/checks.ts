/** What this host has and lacks for BPF, and what would help: without root, and without the addon. */
import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { isOlder, unmet } from '../../native/failure/kernel';
import { loadAddon } from '../../native/load/load';
import {
  capabilities,
  inUserNamespace,
  lockdownLevel,
  outOfUserNamespace,
} from '../../native/failure/privileges';
import { since } from '../../uapi/requirement';
import { kernel } from '../../runtime/kernel/kernel';
import type { Answer } from '../../runtime/kernel/features';

/** 'fail': nothing can be loaded; 'warn': something cannot. */
export type Verdict = 'ok' | 'warn' | 'fail';

export interface Check {
  readonly name: string;
  readonly verdict: Verdict;
  /** What is there. */
  readonly found: string;
  /** What would help. */
  readonly remedy?: string | undefined;
}

/** What the checks look at; a parameter so that tests can be on another host. */
export interface Host {
  readonly platform: string;
  readonly release: string;
  /** The text of a file; undefined where there is none, or it may not be read. */
  readonly read: (file: string) => string | undefined;
}

export const thisHost: Host = {
  platform: process.platform,
  release: release(),
  read(file) {
    try {
      return readFileSync(file, 'latin1');
    } catch {
      return undefined;
    }
  },
};

const ok = (name: string, found: string): Check => ({ name, verdict: 'ok', found });
const warn = (name: string, found: string, remedy: string): Check => ({
  name,
  verdict: 'warn',
  found,
  remedy,
});
const fail = (name: string, found: string, remedy: string): Check => ({
  name,
  verdict: 'fail',
  found,
  remedy,
});

function system({ platform, release: kernelRelease }: Host): Check {
  if (platform !== 'linux') {
    return fail(
      'kernel',
      platform,
      'BPF is a part of the Linux kernel: only describe() and the generator work here',
    );
  }
  return isOlder(kernelRelease, '5.4')
    ? warn('kernel', `Linux ${kernelRelease}`, 'much of BPF came later: take 5.8 or newer')
    : ok('kernel', `Linux ${kernelRelease}`);
}

function addon(): Check {
  try {
    return ok('addon', `loaded, libbpf ${loadAddon().libbpfVersion}`);
  } catch (error) {
    return fail('addon', 'not loaded', (error as Error).message);
  }
}

function btf(host: Host): Check {
  if (host.read('/sys/kernel/btf/vmlinux') !== undefined) return ok('BTF', '/sys/kernel/btf/vmlinux');
  const config = unmet('it needs', since('5.4', 'CONFIG_DEBUG_INFO_BTF'), {
    release: host.release,
    config: () => undefined,
  });
  return warn(
    'BTF',
    'the kernel gives none',
    `${config ?? 'take a kernel with CONFIG_DEBUG_INFO_BTF'}, or give BTF of it as open option btfCustomPath; CO-RE, fentry and tp_btf need it`,
  );
}

function privileges(host: Host): Check[] {
  const held = capabilities(host.read('/proc/self/status') ?? '');
  if (inUserNamespace(host.read('/proc/self/uid_map') ?? '')) {
    return [fail('capabilities', 'those of a user namespace', outOfUserNamespace('load'))];
  }
  if (held.CAP_SYS_ADMIN) return [ok('capabilities', 'CAP_SYS_ADMIN, which has all')];
  const missing = (['CAP_BPF', 'CAP_PERFMON', 'CAP_NET_ADMIN'] as const).filter((name) => !held[name]);
  if (missing.length === 0) return [ok('capabilities', 'CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN')];
  const make = missing.includes('CAP_BPF') ? fail : warn;
  return [
    make(
      'capabilities',
      `without ${missing.join(', ')}`,
      `run as root, or: setcap ${missing.join(',').toLowerCase()}+ep on node, or AmbientCapabilities= in systemd`,
    ),
  ];
}

function seccomp(host: Host): Check {
  const filtered = /^Seccomp:\s*2/m.test(host.read('/proc/self/status') ?? '');
  return filtered
    ? warn('seccomp', 'a filter is set, as containers have one', 'allow bpf(2) and perf_event_open(2) in it')
    : ok('seccomp', 'no filter');
}

function lockdown(host: Host): Check {
  const level =
    host === thisHost
      ? lockdownLevel()
      : lockdownLevel({ lockdown: host.read('/sys/kernel/security/lockdown') ?? '' });
  return level === undefined
    ? ok('lockdown', 'none')
    : warn(
        'lockdown',
        level,
        'fentry, fexit and LSM programs, kprobes and reading kernel memory may be refused, even to root',
      );
}

function memlock(host: Host): Check {
  if (!isOlder(host.release, '5.11')) return ok('memlock', 'maps do not count (kernel 5.11)');
  const limit = /^Max locked memory\s+(\S+)/m.exec(host.read('/proc/self/limits') ?? '')?.[1] ?? 'unknown';
  return limit === 'unlimited'
    ? ok('memlock', limit)
    : warn(
        'memlock',
        `${limit} bytes`,
        'ulimit -l unlimited, or LimitMEMLOCK=infinity in systemd: maps count before kernel 5.11',
      );
}

function mounted(host: Host, name: string, type: string, where: string, needed: string): Check {
  const lines = (host.read('/proc/self/mounts') ?? '').split('\n').map((line) => line.split(' '));
  const places = lines.filter(([, , kind]) => kind === type).map(([, place]) => place ?? '');
  return places.length > 0
    ? ok(name, `mounted at ${places.slice(0, 3).join(', ')}`)
    : warn(name, 'not mounted', `mount -t ${type} ${type} ${where}; ${needed}`);
}

function jit(host: Host): Check {
  const enabled = host.read('/proc/sys/net/core/bpf_jit_enable')?.trim();
  return enabled === '0'
    ? warn('JIT', 'off', 'sysctl net.core.bpf_jit_enable=1: programs are interpreted, and some are refused')
    : ok('JIT', enabled === undefined ? 'not to be seen without root' : 'on');
}

const listed = (answers: Readonly<Record<string, Answer>>, answer: Answer): string[] =>
  Object.entries(answers).flatMap(([name, given]) => (given === answer ? [name] : []));

/** What the kernel says when it is tried; only with the addon. */
function tried(): Check[] {
  const features = kernel.features();
  const summary = (name: string, answers: Readonly<Record<string, Answer>>): Check => {
    const refused = listed(answers, undefined);
    const lacking = listed(answers, false);
    const found =
      `${String(listed(answers, true).length)} of ${String(Object.keys(answers).length)}` +
      (lacking.length > 0 ? `; lacks ${lacking.join(', ')}` : '') +
      (refused.length > 0
        ? `; may not ask about ${refused.length > 8 ? 'the others' : refused.join(', ')}`
        : '');
    return ok(name, found);
  };
  const { batch, mmapableArrays, token, programStreams } = features;
  return [
    summary('program types', features.programTypes),
    summary('map types', features.mapTypes),
    summary('links', features.links),
    summary('calls', { batch, mmapableArrays, token, programStreams }),
  ];
}

export function checkHost(host: Host = thisHost): Check[] {
  const kernelCheck = system(host);
  const addonCheck = addon();
  if (host.platform !== 'linux') return [kernelCheck, addonCheck];
  const checks = [
    kernelCheck,
    addonCheck,
    btf(host),
    ...privileges(host),
    seccomp(host),
    lockdown(host),
    memlock(host),
    mounted(host, 'bpffs', 'bpf', '/sys/fs/bpf', 'pinning needs it'),
    mounted(host, 'tracefs', 'tracefs', '/sys/kernel/tracing', 'tracepoints and kprobes need it'),
    jit(host),
  ];
  return addonCheck.verdict === 'ok' && host === thisHost ? [...checks, ...tried()] : checks;
}
