/** Whether this kernel can run a program of an object, as far as its section says what it is for. */
import { BpfError } from '../../errors';
import { errnoName } from '../../native/failure/errno';
import { missingFor } from '../../native/failure/needing';
import { loadAddon } from '../../native/load/load';
import type { AttachType } from '../../uapi/attach-types';
import { programTypes } from '../../uapi/program-types';
import { kprobeObstacle, tracepointObstacle } from './events';
import type { Obstacle } from './obstacle';
import { BTF_TRACEPOINT, rawTracepointObstacle, targetObstacle, type TargetKind } from './targets';

/** A program before load. */
export interface Described {
  readonly type: string;
  readonly expectedAttachType: string;
  readonly section: string;
  /** What setAttachTarget() has said: a function, or 'program' for one of another program. */
  readonly target: { readonly function: string | undefined; readonly ofProgram: boolean } | undefined;
}

const TARGETS: Readonly<Record<string, Omit<TargetKind, 'attachType' | 'sleepable'>>> = {
  trace_fentry: { programType: 'tracing' },
  trace_fexit: { programType: 'tracing' },
  trace_fsession: { programType: 'tracing' },
  modify_return: { programType: 'tracing' },
  trace_raw_tp: BTF_TRACEPOINT,
  trace_iter: { programType: 'tracing', prefix: 'bpf_iter_', loadOnly: true },
  // What it answers counts: 0 is not what every hook answers without it.
  lsm_mac: { programType: 'lsm', prefix: 'bpf_lsm_', loadOnly: true },
};

/** The links that an attach type needs, by the names of the addon's tries. */
const LINKS: Readonly<Record<string, string>> = {
  trace_kprobe_multi: 'kprobe_multi',
  trace_kprobe_session: 'kprobe_session',
  trace_uprobe_multi: 'uprobe_multi',
  trace_uprobe_session: 'uprobe_session',
  tcx_ingress: 'tcx',
  tcx_egress: 'tcx',
  netkit_primary: 'netkit',
  netkit_peer: 'netkit',
  netfilter: 'netfilter',
};

/** libbpf: a module before the function, "fentry/xfs:xfs_file_open". */
const splitModule = (target: string): [name: string, module: string | undefined] => {
  const colon = target.indexOf(':');
  return colon < 0 ? [target, undefined] : [target.slice(colon + 1), target.slice(0, colon)];
};

function typeObstacle({ type, expectedAttachType }: Described): Obstacle | undefined {
  const number = programTypes.numberOf(type);
  const missing = (): Obstacle => ({
    why: missingFor({ programType: type }) ?? `the kernel has no programs of type '${type}'`,
  });
  try {
    if (number !== undefined && !loadAddon().probeProgramType(number)) return missing();
  } catch (error) {
    // EOPNOTSUPP: libbpf has no try for this type.
    if (!(error instanceof BpfError)) throw error;
    if (error.code !== 'EOPNOTSUPP') return { why: error.message };
  }
  const link = LINKS[expectedAttachType];
  if (link === undefined) return undefined;
  const code = errnoName(loadAddon().probe(`link ${link}`));
  if (code !== 'EINVAL' && code !== 'EOPNOTSUPP') return undefined;
  return {
    why:
      missingFor({ attachType: expectedAttachType }) ??
      `the kernel has no links of type '${expectedAttachType}'`,
  };
}

/** undefined where it can, or where only its attachment will tell. */
export function runnableObstacle(program: Described): Obstacle | undefined {
  const { type, expectedAttachType, section, target } = program;
  if (target?.ofProgram === true) return typeObstacle(program);
  const [prefix = '', ...rest] = section.replace(/^\?/, '').split('/');
  const named = target?.function ?? rest.join('/');
  const kind = type === 'tracing' || type === 'lsm' ? TARGETS[expectedAttachType] : undefined;
  if (named === '') return typeObstacle(program);
  if (kind !== undefined) {
    const [name, module] = splitModule(named);
    const attachType = expectedAttachType as AttachType;
    return targetObstacle({ ...kind, attachType, sleepable: prefix.endsWith('.s') }, name, module);
  }
  switch (prefix) {
    case 'raw_tp':
    case 'raw_tracepoint':
      return rawTracepointObstacle(named);
    case 'tp':
    case 'tracepoint':
      return tracepointObstacle(rest[0] ?? '', rest.slice(1).join('/'));
    case 'kprobe':
    case 'kretprobe':
      return kprobeObstacle(named.replace(/\+.*$/s, ''));
    default:
      return typeObstacle(program);
  }
}
