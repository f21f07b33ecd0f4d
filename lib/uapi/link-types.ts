/** The kernel's names of link types (`enum bpf_link_type`), lower case and without BPF_LINK_TYPE_: those of libbpf_bpf_link_type_str. */
import { kindNames } from './kind-names';

const NAMES = [
  'unspec',
  'raw_tracepoint',
  'tracing',
  'cgroup',
  'iter',
  'netns',
  'xdp',
  'perf_event',
  'kprobe_multi',
  'struct_ops',
  'netfilter',
  'tcx',
  'uprobe_multi',
  'netkit',
  'sockmap',
] as const;

export type LinkType = (typeof NAMES)[number];

export const linkTypes = kindNames(NAMES);
