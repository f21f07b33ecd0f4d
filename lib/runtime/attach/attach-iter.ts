/** Attaching BPF iterators: what they walk. */
import { since } from '../../uapi/requirement';
import { checkUint64, refuse } from '../../util/check';
import { ArgumentError } from '../../errors';
import type { NativeAttachments } from '../../native/surface/attach';
import { mapDescriptor, withDescriptor } from './attach-options';
import type { BpfLink } from '../link/bpf-link';
import { attachKind, checkKind } from './attach-kind';
import { attachWith, type Attachable } from './attachable';
import type { BpfMap } from '../map/bpf-map';

export interface IterOptions {
  /** SEC("iter/bpf_map_elem"), "iter/bpf_sk_storage_map" and "iter/sockmap": the map to walk. */
  readonly map?: BpfMap | number | undefined;
  /** SEC("iter/cgroup"), kernel 6.1: the cgroup to walk from, by its folder, a descriptor of that, or its id (a bigint). */
  readonly cgroup?: string | number | bigint | undefined;
  /** Which cgroups to walk, seen from that one; default its descendants, itself first. */
  readonly order?: CgroupOrder | undefined;
  /** SEC("iter/task") and "iter/task_file", kernel 6.1: one thread; all of a process; all of the process behind a pidfd. */
  readonly tid?: number | undefined;
  readonly pid?: number | undefined;
  readonly pidFd?: number | undefined;
}

export type CgroupOrder = 'self' | 'descendants_pre' | 'descendants_post' | 'ancestors_up' | 'children';

/** enum bpf_cgroup_iter_order */
const ORDERS = ['', 'self', 'descendants_pre', 'descendants_post', 'ancestors_up', 'children'] as const;

export const ITER = {
  attachIter: attachKind<IterOptions>({
    call: 'bpf_program__attach_iter',
    needs: since('5.8', 'CONFIG_DEBUG_INFO_BTF'),
    options: {
      map: 'any',
      cgroup: 'any',
      order: ORDERS.slice(1) as CgroupOrder[],
      tid: 'integer',
      pid: 'integer',
      pidFd: 'integer',
    },
  }),
} as const;

export function attachIter(program: Attachable, options: IterOptions): BpfLink {
  checkKind(ITER.attachIter, options);
  return withIterOptions(options, (native) => attachWith(program, 'iter', native, ITER.attachIter));
}

function withIterOptions<T>(options: IterOptions, use: (native: NativeAttachments['iter']) => T): T {
  const { map, cgroup, order, tid, pid, pidFd } = options;
  const kinds = [map, cgroup ?? order, tid ?? pid ?? pidFd].filter((given) => given !== undefined);
  if (kinds.length > 1) throw new ArgumentError('options must name a map, a cgroup or a task, not several');
  if (map !== undefined) return use({ mapFd: mapDescriptor(map, 'options.map') });
  if (cgroup === undefined && order === undefined) return use({ tid, pid, pidFd });
  const walk = { order: ORDERS.indexOf(order ?? 'descendants_pre') };
  if (cgroup === undefined) return use(walk);
  if (typeof cgroup === 'bigint') return use({ ...walk, cgroupId: checkUint64(cgroup, 'options.cgroup') });
  if (typeof cgroup !== 'string' && typeof cgroup !== 'number') {
    refuse('options.cgroup', 'a path, a file descriptor or an id', cgroup);
  }
  return withDescriptor(cgroup, 'cgroup', (cgroupFd) => use({ ...walk, cgroupFd }));
}
