/** What this process may do, as far as BPF asks: read only when a call was refused. */
import { readFileSync } from 'node:fs';
import { configOption } from './kernel';
import type { Purpose } from './operations/operation';

/** linux/capability.h */
const CAPABILITIES = { CAP_NET_ADMIN: 12, CAP_SYS_ADMIN: 21, CAP_PERFMON: 38, CAP_BPF: 39 } as const;
export type Capability = keyof typeof CAPABILITIES;

const NEEDED: Readonly<Record<Purpose, readonly (readonly [Capability, string])[]>> = {
  load: [
    ['CAP_BPF', 'to create maps and load programs'],
    ['CAP_PERFMON', 'for tracing programs'],
    ['CAP_NET_ADMIN', 'for networking programs'],
  ],
  attach: [
    ['CAP_PERFMON', 'to attach tracing programs'],
    ['CAP_NET_ADMIN', 'to attach networking programs'],
    ['CAP_BPF', 'to make links'],
  ],
  map: [['CAP_BPF', 'to access maps']],
  pin: [['CAP_BPF', 'to pin']],
  inspect: [['CAP_SYS_ADMIN', 'to open programs, maps, links and BTF by id']],
  measure: [['CAP_SYS_ADMIN', 'to have the kernel measure programs']],
};

/** The parts of /proc/self/status and the kernel that matter; a parameter so that tests can be somebody else. */
export interface Situation {
  readonly status: string;
  /** /sys/kernel/security/lockdown, where securityfs is mounted. */
  readonly lockdown: string;
  /** /proc/self/uid_map */
  readonly uidMap?: string | undefined;
  readonly commandLine?: string | undefined;
  /** The level that the kernel was built for. */
  readonly forced?: string | undefined;
}

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

const thisProcess = (): Situation => ({
  status: read('/proc/self/status'),
  lockdown: read('/sys/kernel/security/lockdown'),
  uidMap: read('/proc/self/uid_map'),
  commandLine: read('/proc/cmdline'),
  forced: (['integrity', 'confidentiality'] as const).find(
    (level) => configOption(`CONFIG_LOCK_DOWN_KERNEL_FORCE_${level.toUpperCase()}`) === 'y',
  ),
});

/** 'integrity' or 'confidentiality'; undefined where the kernel is not locked down, or does not say. */
export function lockdownLevel(situation: Partial<Situation> = thisProcess()): string | undefined {
  const { lockdown = '', commandLine = '', forced } = situation;
  const known = /\[(\w+)\]/.exec(lockdown)?.[1];
  // Without securityfs there is only what the kernel was started and built with; Secure Boot can add to that.
  const level = known ?? forced ?? /(?:^|\s)lockdown=(\w+)/.exec(commandLine)?.[1];
  return level === 'none' ? undefined : level;
}

/** Whether users have other numbers outside: then capabilities are those of a user namespace, and BPF does not look at them. */
export function inUserNamespace(uidMap = read('/proc/self/uid_map')): boolean {
  return uidMap !== '' && !/^\s*0\s+0\s+4294967295\s*$/.test(uidMap);
}

/** What helps there: a token stands for the capabilities to make maps and load programs, and for nothing else. */
export function outOfUserNamespace(purpose: Purpose): string {
  const token = purpose === 'load' || purpose === 'map';
  return `this process is in a user namespace, whose capabilities do not count for BPF: run it outside${
    token ? ', or mount a BPF file system that delegates and name it with bpfTokenPath (kernel 6.9)' : ''
  }`;
}

/** Which of the capabilities that BPF asks for the process has in effect; all of them false where nobody says. */
export function capabilities(status = read('/proc/self/status')): Record<Capability, boolean> {
  const held = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  return Object.fromEntries(
    Object.entries(CAPABILITIES).map(([name, bit]) => [name, (held & (1n << BigInt(bit))) !== 0n]),
  ) as Record<Capability, boolean>;
}

/** The capabilities that are needed and not in effect, as a sentence; undefined for none, or where /proc does not say. */
function lacking(needed: readonly (readonly [Capability, string])[], status: string): string | undefined {
  if (!/^CapEff:/m.test(status)) return undefined;
  const held = capabilities(status);
  const missing = held.CAP_SYS_ADMIN ? [] : needed.filter(([name]) => !held[name]);
  if (missing.length === 0) return undefined;
  const list = missing.map(([name, why]) => `${name} (${why})`).join(', ');
  return `this process lacks ${list}: run it as root, or give it the capability with setcap or systemd`;
}

/** The types of programs for which the kernel asks CAP_PERFMON, and CAP_NET_ADMIN (is_perfmon_prog_type, is_net_admin_prog_type). */
const TRACING =
  /^(kprobe|tracepoint|perf_event|raw_tracepoint|raw_tracepoint_writable|tracing|lsm|struct_ops|ext)$/;
const NETWORKING =
  /^(sched_cls|sched_act|xdp|lwt_\w+|sk_skb|sk_msg|flow_dissector|cgroup_(?!skb$)\w+|sock_ops|netfilter|ext)$/;

/** What is missing to load an object whose programs are of these types, and no other capability. */
export function missingToLoad(
  programTypes: readonly string[],
  status = read('/proc/self/status'),
): string | undefined {
  const [bpf, perfmon, netAdmin] = NEEDED.load;
  const needed = [
    bpf,
    ...(programTypes.some((type) => TRACING.test(type)) ? [perfmon] : []),
    ...(programTypes.some((type) => NETWORKING.test(type)) ? [netAdmin] : []),
  ].filter((each) => each !== undefined);
  return lacking(needed, status);
}

/** What would lift an EPERM or EACCES; undefined where nothing that we can see is in the way. */
export function missingPrivilege(purpose: Purpose, situation: Situation = thisProcess()): string | undefined {
  if (!/^CapEff:/m.test(situation.status)) return undefined;
  const missing = lacking(NEEDED[purpose], situation.status);
  if (missing !== undefined) return missing;
  if (inUserNamespace(situation.uidMap ?? '')) return outOfUserNamespace(purpose);
  // Lockdown keeps programs from the kernel, never a map from anybody.
  const lockdown = purpose === 'load' || purpose === 'attach' ? lockdownLevel(situation) : undefined;
  if (lockdown !== undefined) {
    return `the kernel is locked down (${lockdown}), which refuses some programs and helpers even to root`;
  }
  if (/^Seccomp:\s*2/m.test(situation.status)) {
    return 'a seccomp filter, as containers have one, may refuse bpf(2): allow it, or run privileged';
  }
  return undefined;
}

/** The modules that have a say in bpf(2) besides lockdown; undefined for none, or where securityfs is not mounted. */
export function securityModules(list = read('/sys/kernel/security/lsm')): string | undefined {
  const others = list
    .trim()
    .split(',')
    .filter((name) => /^(selinux|apparmor|smack|tomoyo|bpf)$/.test(name));
  return others.length === 0 ? undefined : `a security module may forbid it (${others.join(', ')})`;
}
