/** What is in the kernel now, and what it can: `kernel.programs()`, `kernel.features()` and their like. */
import { release } from 'node:os';
import { checkString, refuse } from '../../util/check';
import type { Closable } from '../../util/closable';
import { hasCode } from '../../util/has-code';
import { onlineCpus } from '../../util/online-cpus';
import type { OrNewer } from '../../uapi/kind-table';
import { mapTypes, type MapType } from '../../uapi/map-types';
import { programTypes, type ProgramType } from '../../uapi/program-types';
import { loadAddon } from '../../native/load/load';
import { alternatives } from '../../util/suggest';
import { BpfLink } from '../link/bpf-link';
import { BpfMap } from '../map/bpf-map';
import { BpfProgram } from '../program/bpf-program';
import { functionObstacle, kprobeObstacle, tracepointObstacle } from '../probe/events';
import { has } from '../probe/obstacle';
import { BTF_TRACEPOINT, FENTRY, rawTracepointObstacle, targetObstacle } from '../probe/targets';
import { probeFeatures, type KernelFeatures } from './features';
import type { LinkInfo } from '../link/link-info';
import type { MapInfo } from '../map/map-info';
import type { ProgramInfo } from '../program/program-info';

/** What the kernel says of a BTF object (`struct bpf_btf_info`); `Btf.fromId` reads it. */
export interface BtfInfo {
  readonly id: number;
  /** 'vmlinux', a module's name; '' for those of programs and maps. */
  readonly name: string;
  /** The kernel's own, or a module's. */
  readonly kernelBtf: boolean;
  /** Bytes. */
  readonly size: number;
}

/** What was there when its id was asked for, and is gone when it is opened; or a link that is still being made (EAGAIN). */
const isGone = (error: unknown): boolean => hasCode(error, 'ENOENT', 'EAGAIN');

function* ids(kind: 'program' | 'map' | 'link' | 'btf'): Generator<number, void, undefined> {
  const addon = loadAddon();
  for (let id = addon.nextId(kind, 0); id !== 0; id = addon.nextId(kind, id)) yield id;
}

function* each<Info>(
  kind: 'program' | 'map' | 'link' | 'btf',
  read: (id: number) => Info,
): Generator<Info, void, undefined> {
  for (const id of ids(kind)) {
    let info;
    try {
      info = read(id);
    } catch (error) {
      if (isGone(error)) continue;
      throw error;
    }
    yield info;
  }
}

function infoOf<Info>(handle: Closable & { info(): Info }): Info {
  try {
    return handle.info();
  } finally {
    handle.close();
  }
}

function numberOf(
  what: string,
  name: string,
  types: { names: readonly string[]; numberOf(name: string): number | undefined },
): number {
  checkString(name, what);
  return types.numberOf(name) ?? refuse(what, `one of the kernel's${alternatives(name, types.names)}`, name);
}

/** The helpers' names by number; libbpf's own list. */
let helpers: ReadonlyMap<string, number> | undefined;

function helperNumber(name: string): number {
  checkString(name, 'helper');
  helpers ??= new Map(
    loadAddon()
      .helperNames()
      .map((known, number) => [known, number]),
  );
  const full = name.startsWith('bpf_') ? name : `bpf_${name}`;
  return (
    helpers.get(full) ??
    refuse('helper', `the name of a helper${alternatives(full, [...helpers.keys()])}`, name)
  );
}

function checkTarget(name: string, what: string, module: string | undefined): void {
  checkString(name, what);
  if (module !== undefined) checkString(module, 'module');
}

let known: KernelFeatures | undefined;

export const kernel = {
  /** '6.1.0-18-amd64' */
  get release(): string {
    return release();
  },

  /**
   * All loaded programs with what the kernel says of them, in the order of their ids; `BpfProgram.fromId` opens one.
   * Those that vanish meanwhile are left out. bpf_prog_get_next_id, CAP_SYS_ADMIN; kernel 4.13
   */
  programs: (): Generator<ProgramInfo, void, undefined> =>
    each('program', (id) => infoOf(BpfProgram.fromId(id))),

  /** All maps; `BpfMap.fromId` opens one. bpf_map_get_next_id, CAP_SYS_ADMIN; kernel 4.13 */
  maps: (): Generator<MapInfo, void, undefined> => each('map', (id) => infoOf(BpfMap.fromId(id))),

  /** All links; `BpfLink.fromId` opens one. bpf_link_get_next_id, CAP_SYS_ADMIN; kernel 5.8 */
  links: (): Generator<LinkInfo, void, undefined> => each('link', (id) => infoOf(BpfLink.fromId(id))),

  /** All BTF objects; `Btf.fromId` reads one. bpf_btf_get_next_id, CAP_SYS_ADMIN; kernel 5.4 */
  btfs: (): Generator<BtfInfo, void, undefined> =>
    each('btf', (id) => {
      const { name, kernelBtf, size } = loadAddon().btfById(id, false);
      return { id, name, kernelBtf, size };
    }),

  /**
   * Whether the kernel loads programs of a type ('xdp'): it is tried. libbpf_probe_bpf_prog_type
   * @throws BpfError EPERM where the kernel may not be asked: without CAP_BPF, or when it is locked down
   */
  hasProgramType: (type: OrNewer<ProgramType>): boolean =>
    loadAddon().probeProgramType(numberOf('type', type, programTypes)),

  /** Whether it makes maps of a type ('ringbuf'). libbpf_probe_bpf_map_type @throws BpfError EPERM */
  hasMapType: (type: OrNewer<MapType>): boolean => loadAddon().probeMapType(numberOf('type', type, mapTypes)),

  /**
   * Whether programs of a type may call a helper ('bpf_ringbuf_output', 'xdp'). libbpf_probe_bpf_helper
   * @throws BpfError EPERM; EOPNOTSUPP for tracing, ext, lsm and struct_ops, of which libbpf cannot tell
   */
  hasHelper: (helper: string, programType: OrNewer<ProgramType>): boolean =>
    loadAddon().probeHelper(numberOf('programType', programType, programTypes), helperNumber(helper)),

  /**
   * Whether this process can attach SEC("fentry/…") to a function of the kernel or of a loaded module: a program that does nothing is
   * attached for a moment. False for what the BTF has, and the kernel still refuses; false without the privileges. `module` is needed
   * only for a function that the kernel itself has, too. Takes 0.1 s the first time, to read the kernel's BTF. Kernel 5.5
   */
  canAttachFentry: (functionName: string, module?: string): boolean => {
    checkTarget(functionName, 'function', module);
    return targetObstacle(FENTRY, functionName, module) === undefined;
  },

  /**
   * Whether the kernel has a tracepoint for SEC("tp/category/name"): ('sched', 'sched_switch').
   * @throws UnsupportedError where tracefs is not mounted, which attaching needs as well
   */
  hasTracepoint: (category: string, name: string): boolean => {
    checkString(category, 'category');
    checkString(name, 'name');
    return has(tracepointObstacle(category, name));
  },

  /** Whether it has one for SEC("raw_tp/name"): tried. Kernel 4.17 @throws BpfError EPERM where the kernel may not be asked */
  hasRawTracepoint: (name: string): boolean => {
    checkString(name, 'name');
    return has(rawTracepointObstacle(name));
  },

  /** Whether it has one, with its types, for SEC("tp_btf/name"): tried. Kernel 5.5 @throws BpfError EPERM, as hasRawTracepoint() */
  hasBtfTracepoint: (name: string, module?: string): boolean => {
    checkTarget(name, 'name', module);
    return has(targetObstacle(BTF_TRACEPOINT, name, module));
  },

  /** Whether SEC("kprobe/function") can be attached: tried. perf_event_open(2), kernel 4.17 @throws BpfError EPERM, EACCES */
  hasKprobe: (functionName: string): boolean => {
    checkString(functionName, 'function');
    return has(kprobeObstacle(functionName));
  },

  /**
   * Whether the kernel, or one of its modules, has a function of that name; others may be inlined, or renamed (`.isra.0`). /proc/kallsyms
   * @throws UnsupportedError where that cannot be read
   */
  hasFunction: (name: string, module?: string): boolean => {
    checkTarget(name, 'name', module);
    return has(functionObstacle(name, module));
  },

  /**
   * What this kernel can, each thing tried out; undefined where it may not be asked. Takes some milliseconds the first time, and
   * is kept: `refresh` asks again. Never throws for want of privileges.
   * @throws BpfError EMFILE where the process can open no more descriptors
   */
  features: ({ refresh = false }: { readonly refresh?: boolean | undefined } = {}): KernelFeatures => {
    if (refresh || known === undefined) known = probeFeatures();
    return known;
  },

  /** The version of libbpf in the native addon: '1.7'. libbpf_version_string */
  get libbpf(): string {
    return loadAddon().libbpfVersion;
  },

  /** How many values a per-CPU map has for a key: the CPUs that could ever be there. libbpf_num_possible_cpus, but as the kernel has it */
  get possibleCpus(): number {
    return loadAddon().possibleCpus();
  },

  /** The CPUs that run now. */
  get onlineCpus(): readonly number[] {
    return onlineCpus();
  },
} as const;
