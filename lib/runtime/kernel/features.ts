/** What a kernel can do for BPF, found out by trying. */
import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { mapTypes, type MapType } from '../../uapi/map-types';
import { programTypes, type ProgramType } from '../../uapi/program-types';
import { BpfError } from '../../errors';
import type { NativeAddon } from '../../native/surface/addon';
import { errnoName } from '../../native/failure/errno';
import { configOption } from '../../native/failure/kernel';
import { loadAddon } from '../../native/load/load';
import { capabilities, lockdownLevel, type Capability } from '../../native/failure/privileges';

/** The kinds of links that are tried. */
const LINKS = [
  'cgroup',
  'netns',
  'xdp',
  'perf_event',
  'kprobe_multi',
  'kprobe_session',
  'uprobe_multi',
  'uprobe_session',
  'struct_ops',
  'netfilter',
  'tcx',
  'netkit',
  'sockmap',
] as const;

/** undefined: the kernel refused to be asked, and so may know it. */
export type Answer = boolean | undefined;

export interface KernelFeatures {
  /** '6.1.0-18-amd64' */
  readonly release: string;
  readonly programTypes: Readonly<Record<Exclude<ProgramType, 'unspec'>, Answer>>;
  readonly mapTypes: Readonly<Record<Exclude<MapType, 'unspec'>, Answer>>;
  /** Attachments that are file descriptors of their own; kprobe_session and uprobe_session are those of multi links. */
  readonly links: Readonly<Record<(typeof LINKS)[number], Answer>>;
  /** bpf_map_lookup_batch and its like (5.6). */
  readonly batch: Answer;
  /** Arrays whose values can be mapped: sections without syscalls (5.5). */
  readonly mmapableArrays: Answer;
  /** BPF tokens (6.9). */
  readonly token: Answer;
  /** bpf_prog_stream_read (6.17). */
  readonly programStreams: Answer;
  /** The kernel's own BTF is there: CO-RE, tp_btf, fentry. */
  readonly btf: boolean;
  /** Programs become machine code. */
  readonly jit: Answer;
  /** What lockdown forbids; undefined where the kernel is not locked down, or does not say. */
  readonly lockdown: 'integrity' | 'confidentiality' | undefined;
  /** Whether processes without CAP_BPF may load anything. */
  readonly unprivileged: Answer;
  /** Those of this process that BPF asks for. */
  readonly capabilities: Readonly<Record<Capability, boolean>>;
}

function ask(question: () => boolean): Answer {
  try {
    return question();
  } catch (error) {
    // EPERM, and EOPNOTSUPP: a type that libbpf knows no try for. What else fails says nothing of the kernel.
    if (error instanceof BpfError && ['EPERM', 'EOPNOTSUPP'].includes(error.code)) return undefined;
    throw error;
  }
}

function answers<Name extends string>(
  names: readonly Name[],
  question: (number: number, name: Name) => boolean,
): Record<Name, Answer> {
  return Object.fromEntries(
    names.flatMap((name, number) => (name === 'unspec' ? [] : [[name, ask(() => question(number, name))]])),
  ) as Record<Name, Answer>;
}

/** What the try `name` says; `no` are the errnos that a kernel has for what it does not know. */
function tried(addon: NativeAddon, name: string, no: readonly string[] = ['EINVAL', 'EOPNOTSUPP']): Answer {
  const code = errnoName(addon.probe(name));
  return code === 'EPERM' ? undefined : !no.includes(code);
}

const text = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
};

function jit(): Answer {
  const enabled = text('/proc/sys/net/core/bpf_jit_enable');
  if (enabled !== undefined) return enabled !== '0';
  return configOption('CONFIG_BPF_JIT_ALWAYS_ON') === 'y' ? true : undefined;
}

function unprivileged(): Answer {
  const disabled = text('/proc/sys/kernel/unprivileged_bpf_disabled');
  return disabled === undefined ? undefined : disabled === '0';
}

export function probeFeatures(): KernelFeatures {
  const addon = loadAddon();
  const link = (kind: string): Answer =>
    // The loopback interface refuses native XDP with EOPNOTSUPP where the kernel has XDP links.
    tried(addon, `link ${kind}`, kind === 'xdp' ? ['EINVAL'] : undefined);
  return {
    release: release(),
    programTypes: answers(programTypes.names, (type) => addon.probeProgramType(type)),
    mapTypes: answers(mapTypes.names, (type) => addon.probeMapType(type)),
    links: Object.fromEntries(LINKS.map((kind) => [kind, link(kind)])) as KernelFeatures['links'],
    batch: tried(addon, 'batch'),
    mmapableArrays: tried(addon, 'mmapable array'),
    token: tried(addon, 'token'),
    programStreams: tried(addon, 'stream'),
    btf: existsSync('/sys/kernel/btf/vmlinux'),
    jit: jit(),
    lockdown: lockdownLevel() as KernelFeatures['lockdown'],
    unprivileged: unprivileged(),
    capabilities: capabilities(),
  };
}
