/**
 * Whether a program can be attached to a function or tracepoint of the kernel: one that does nothing is loaded for it, and
 * attached for a moment. What is in the BTF, or in a list of symbols, may still be refused: inlined elsewhere, marked notrace, on the
 * kernel's deny list, on an architecture without trampolines, under lockdown.
 */
import { readdirSync } from 'node:fs';
import { Btf } from '../../btf/api/btf';
import { SubskelError } from '../../errors';
import { loadAddon } from '../../native/load/load';
import { attachTypes, type AttachType } from '../../uapi/attach-types';
import { programTypes, type ProgramType } from '../../uapi/program-types';
import { obstacleOf, type Obstacle } from './obstacle';

export interface TargetKind {
  readonly programType: ProgramType;
  readonly attachType: AttachType;
  readonly sleepable?: boolean | undefined;
  /** What the type in the BTF is called before its name, and what it is. */
  readonly prefix?: string | undefined;
  readonly btfKind?: 'func' | 'typedef' | undefined;
  /** Only loaded: an attached one would change what the kernel does, if only for a moment. */
  readonly loadOnly?: boolean | undefined;
}

export const FENTRY: TargetKind = { programType: 'tracing', attachType: 'trace_fentry' };
export const BTF_TRACEPOINT: TargetKind = {
  programType: 'tracing',
  attachType: 'trace_raw_tp',
  prefix: 'btf_trace_',
  btfKind: 'typedef',
};

interface Place {
  readonly type: number;
  /** The id of the module's BTF; 0 for the kernel's own. */
  readonly object: number;
}

const MODULES = '/sys/kernel/btf';

/** The id by which the kernel has a module's BTF. @throws BpfError EPERM without CAP_SYS_ADMIN */
function idOfModule(name: string): number | undefined {
  const addon = loadAddon();
  for (let id = addon.nextId('btf', 0); id !== 0; id = addon.nextId('btf', id)) {
    const info = addon.btfById(id, false);
    if (info.kernelBtf && info.name === name) return id;
  }
  return undefined;
}

/** Where the BTF has it: in the kernel's, then in those of the loaded modules, as libbpf looks. */
function find(name: string, kind: 'func' | 'typedef', module: string | undefined): Place | undefined {
  if (module === undefined) {
    const found = Btf.vmlinux().find(name, kind);
    if (found !== undefined) return { type: found.id, object: 0 };
  }
  const modules = module === undefined ? readdirSync(MODULES) : [module.replaceAll('-', '_')];
  for (const candidate of modules) {
    if (candidate === 'vmlinux') continue;
    const btf = Btf.module(candidate);
    const found = btf.find(name, kind);
    // One of the kernel's own is no function of the module.
    if (found === undefined || found.id < (btf.base?.length ?? 0)) continue;
    const object = idOfModule(candidate);
    if (object !== undefined) return { type: found.id, object };
  }
  return undefined;
}

/** For fentry and its like, LSM, BTF tracepoints. */
export function targetObstacle(kind: TargetKind, name: string, module?: string): Obstacle | undefined {
  const {
    programType,
    attachType,
    prefix = '',
    btfKind = 'func',
    sleepable = false,
    loadOnly = false,
  } = kind;
  const what = btfKind === 'typedef' ? 'tracepoint' : 'function';
  let place;
  try {
    place = find(prefix + name, btfKind, module);
  } catch (error) {
    if (!(error instanceof SubskelError)) throw error;
    return { why: error.message };
  }
  if (place === undefined) {
    const whose = module === undefined ? "the kernel's BTF" : `the BTF of module '${module}'`;
    return { why: `${whose} has no ${what} '${prefix}${name}'` };
  }
  const subject = `${what} '${name}'`;
  const { loaded, error } = loadAddon().probeTarget(
    {
      programType: programTypes.rows[programType].number,
      attachType: attachTypes.rows[attachType].number,
      btfType: place.type,
      btfObject: place.object,
      name: '',
      sleepable,
      attach: !loadOnly,
    },
    subject,
  );
  return obstacleOf(error, loaded ? 'bpf_raw_tracepoint_open' : 'bpf_prog_load', subject, {
    EINVAL: `the kernel does not let a program be attached to ${subject} in this way`,
    ENOTSUPP: 'the kernel has no trampolines for BPF on this architecture',
  });
}

/** By name alone, without BTF. */
export function rawTracepointObstacle(name: string): Obstacle | undefined {
  const subject = `raw tracepoint '${name}'`;
  const { loaded, error } = loadAddon().probeTarget(
    {
      programType: programTypes.rows.raw_tracepoint.number,
      attachType: 0,
      name,
      sleepable: false,
      attach: true,
    },
    subject,
  );
  return obstacleOf(error, loaded ? 'bpf_raw_tracepoint_open' : 'bpf_prog_load', subject, {
    ENOENT: `the kernel has no ${subject}`,
  });
}
