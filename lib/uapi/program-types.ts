/**
 * The kernel's program types (`enum bpf_prog_type`), a row per type: its name is lower case and without BPF_PROG_TYPE_, as that
 * of libbpf_bpf_prog_type_str.
 */
import { kindTable, type KindRow } from './kind-table';
import { since } from './requirement';

const ROWS = {
  unspec: { number: 0 },
  socket_filter: { number: 1, needs: since('3.19', 'CONFIG_NET') },
  kprobe: { number: 2, needs: since('4.1', 'CONFIG_BPF_EVENTS') },
  sched_cls: { number: 3, needs: since('4.1', 'CONFIG_NET') },
  sched_act: { number: 4, needs: since('4.1', 'CONFIG_NET') },
  tracepoint: { number: 5, needs: since('4.7', 'CONFIG_BPF_EVENTS') },
  xdp: { number: 6, needs: since('4.8', 'CONFIG_NET') },
  perf_event: { number: 7, needs: since('4.9', 'CONFIG_BPF_EVENTS') },
  cgroup_skb: { number: 8, needs: since('4.10', 'CONFIG_CGROUP_BPF') },
  cgroup_sock: { number: 9, needs: since('4.10', 'CONFIG_CGROUP_BPF') },
  lwt_in: { number: 10, needs: since('4.10', 'CONFIG_NET') },
  lwt_out: { number: 11, needs: since('4.10', 'CONFIG_NET') },
  lwt_xmit: { number: 12, needs: since('4.10', 'CONFIG_NET') },
  sock_ops: { number: 13, needs: since('4.13', 'CONFIG_NET') },
  sk_skb: { number: 14, needs: since('4.14', 'CONFIG_NET') },
  cgroup_device: { number: 15, needs: since('4.15', 'CONFIG_CGROUP_BPF') },
  sk_msg: { number: 16, needs: since('4.17', 'CONFIG_NET') },
  raw_tracepoint: { number: 17, needs: since('4.17', 'CONFIG_BPF_EVENTS') },
  cgroup_sock_addr: { number: 18, needs: since('4.17', 'CONFIG_CGROUP_BPF') },
  lwt_seg6local: { number: 19, needs: since('4.18', 'CONFIG_NET') },
  lirc_mode2: { number: 20, needs: since('4.18', 'CONFIG_BPF_LIRC_MODE2') },
  sk_reuseport: { number: 21, needs: since('4.19', 'CONFIG_INET') },
  flow_dissector: { number: 22, needs: since('4.20', 'CONFIG_NET') },
  cgroup_sysctl: { number: 23, needs: since('5.2', 'CONFIG_CGROUP_BPF') },
  raw_tracepoint_writable: { number: 24, needs: since('5.2', 'CONFIG_BPF_EVENTS') },
  cgroup_sockopt: { number: 25, needs: since('5.3', 'CONFIG_CGROUP_BPF') },
  tracing: { number: 26, needs: since('5.5', 'CONFIG_BPF_EVENTS', 'CONFIG_DEBUG_INFO_BTF') },
  struct_ops: { number: 27, needs: since('5.6', 'CONFIG_BPF_JIT', 'CONFIG_DEBUG_INFO_BTF') },
  ext: { number: 28, needs: since('5.6', 'CONFIG_BPF_JIT') },
  lsm: { number: 29, needs: since('5.7', 'CONFIG_BPF_LSM', 'CONFIG_DEBUG_INFO_BTF') },
  sk_lookup: { number: 30, needs: since('5.9', 'CONFIG_INET') },
  syscall: { number: 31, needs: since('5.14') },
  netfilter: { number: 32, needs: since('6.4', 'CONFIG_NETFILTER_BPF_LINK') },
} as const satisfies Readonly<Record<string, KindRow>>;

export type ProgramType = keyof typeof ROWS;

export const programTypes = kindTable<ProgramType, KindRow>(ROWS);
