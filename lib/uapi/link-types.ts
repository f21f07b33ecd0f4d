/**
 * The kernel's link types (`enum bpf_link_type`), a row per type: its name is lower case and without BPF_LINK_TYPE_, as that
 * of libbpf_bpf_link_type_str.
 */
import { kindTable, type KindRow } from './kind-table';
import { since } from './requirement';

const ROWS = {
  unspec: { number: 0 },
  raw_tracepoint: { number: 1, needs: since('5.7', 'CONFIG_BPF_EVENTS') },
  tracing: { number: 2, needs: since('5.7', 'CONFIG_BPF_EVENTS', 'CONFIG_DEBUG_INFO_BTF') },
  cgroup: { number: 3, needs: since('5.7', 'CONFIG_CGROUP_BPF') },
  iter: { number: 4, needs: since('5.8', 'CONFIG_DEBUG_INFO_BTF') },
  netns: { number: 5, needs: since('5.8', 'CONFIG_NET') },
  xdp: { number: 6, needs: since('5.9', 'CONFIG_NET') },
  perf_event: { number: 7, needs: since('5.15', 'CONFIG_BPF_EVENTS') },
  kprobe_multi: { number: 8, needs: since('5.18', 'CONFIG_FPROBE') },
  struct_ops: { number: 9, needs: since('6.4', 'CONFIG_BPF_JIT', 'CONFIG_DEBUG_INFO_BTF') },
  netfilter: { number: 10, needs: since('6.4', 'CONFIG_NETFILTER_BPF_LINK') },
  tcx: { number: 11, needs: since('6.6', 'CONFIG_NET_XGRESS') },
  uprobe_multi: { number: 12, needs: since('6.6', 'CONFIG_UPROBES') },
  netkit: { number: 13, needs: since('6.7', 'CONFIG_NETKIT') },
  sockmap: { number: 14, needs: since('6.10', 'CONFIG_NET') },
} as const satisfies Readonly<Record<string, KindRow>>;

export type LinkType = keyof typeof ROWS;

export const linkTypes = kindTable<LinkType, KindRow>(ROWS);
