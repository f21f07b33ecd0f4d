/**
 * The kernel's attach types (`enum bpf_attach_type`), a row per type: its name is lower case and without BPF_, as that
 * of libbpf_bpf_attach_type_str.
 */
import { kindTable, type KindRow } from './kind-table';
import { since } from './requirement';

interface AttachTypeRow extends KindRow {
  /**
   * The kernel looks at it when a program is attached, not when it is loaded: any kernel loads the program
   * (bpf_prog_load_check_attach of kernel/bpf/syscall.c, and check_attach_btf_id, do not ask about it).
   */
  readonly atAttach?: true;
}

const ROWS = {
  cgroup_inet_ingress: { number: 0, needs: since('4.10', 'CONFIG_CGROUP_BPF') },
  cgroup_inet_egress: { number: 1, needs: since('4.10', 'CONFIG_CGROUP_BPF') },
  cgroup_inet_sock_create: { number: 2, needs: since('4.10', 'CONFIG_CGROUP_BPF') },
  cgroup_sock_ops: { number: 3, needs: since('4.13', 'CONFIG_CGROUP_BPF'), atAttach: true },
  sk_skb_stream_parser: { number: 4, needs: since('4.14', 'CONFIG_BPF_STREAM_PARSER'), atAttach: true },
  sk_skb_stream_verdict: { number: 5, needs: since('4.14', 'CONFIG_NET'), atAttach: true },
  cgroup_device: { number: 6, needs: since('4.15', 'CONFIG_CGROUP_BPF'), atAttach: true },
  sk_msg_verdict: { number: 7, needs: since('4.17', 'CONFIG_NET'), atAttach: true },
  cgroup_inet4_bind: { number: 8, needs: since('4.17', 'CONFIG_CGROUP_BPF') },
  cgroup_inet6_bind: { number: 9, needs: since('4.17', 'CONFIG_CGROUP_BPF') },
  cgroup_inet4_connect: { number: 10, needs: since('4.17', 'CONFIG_CGROUP_BPF') },
  cgroup_inet6_connect: { number: 11, needs: since('4.17', 'CONFIG_CGROUP_BPF') },
  cgroup_inet4_post_bind: { number: 12, needs: since('4.17', 'CONFIG_CGROUP_BPF') },
  cgroup_inet6_post_bind: { number: 13, needs: since('4.17', 'CONFIG_CGROUP_BPF') },
  cgroup_udp4_sendmsg: { number: 14, needs: since('4.18', 'CONFIG_CGROUP_BPF') },
  cgroup_udp6_sendmsg: { number: 15, needs: since('4.18', 'CONFIG_CGROUP_BPF') },
  lirc_mode2: { number: 16, needs: since('4.18', 'CONFIG_BPF_LIRC_MODE2'), atAttach: true },
  flow_dissector: { number: 17, needs: since('4.20', 'CONFIG_NET'), atAttach: true },
  cgroup_sysctl: { number: 18, needs: since('5.2', 'CONFIG_CGROUP_BPF'), atAttach: true },
  cgroup_udp4_recvmsg: { number: 19, needs: since('5.2', 'CONFIG_CGROUP_BPF') },
  cgroup_udp6_recvmsg: { number: 20, needs: since('5.2', 'CONFIG_CGROUP_BPF') },
  cgroup_getsockopt: { number: 21, needs: since('5.3', 'CONFIG_CGROUP_BPF') },
  cgroup_setsockopt: { number: 22, needs: since('5.3', 'CONFIG_CGROUP_BPF') },
  trace_raw_tp: { number: 23, needs: since('5.5', 'CONFIG_DEBUG_INFO_BTF') },
  trace_fentry: {
    number: 24,
    needs: since('5.5', 'CONFIG_DEBUG_INFO_BTF', 'CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS'),
  },
  trace_fexit: {
    number: 25,
    needs: since('5.5', 'CONFIG_DEBUG_INFO_BTF', 'CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS'),
  },
  modify_return: { number: 26, needs: since('5.7', 'CONFIG_DEBUG_INFO_BTF') },
  lsm_mac: { number: 27, needs: since('5.7', 'CONFIG_BPF_LSM', 'CONFIG_DEBUG_INFO_BTF') },
  trace_iter: { number: 28, needs: since('5.8', 'CONFIG_DEBUG_INFO_BTF') },
  cgroup_inet4_getpeername: { number: 29, needs: since('5.8', 'CONFIG_CGROUP_BPF') },
  cgroup_inet6_getpeername: { number: 30, needs: since('5.8', 'CONFIG_CGROUP_BPF') },
  cgroup_inet4_getsockname: { number: 31, needs: since('5.8', 'CONFIG_CGROUP_BPF') },
  cgroup_inet6_getsockname: { number: 32, needs: since('5.8', 'CONFIG_CGROUP_BPF') },
  xdp_devmap: { number: 33, needs: since('5.8', 'CONFIG_NET'), atAttach: true },
  cgroup_inet_sock_release: { number: 34, needs: since('5.9', 'CONFIG_CGROUP_BPF') },
  xdp_cpumap: { number: 35, needs: since('5.9', 'CONFIG_NET'), atAttach: true },
  sk_lookup: { number: 36, needs: since('5.9', 'CONFIG_INET') },
  xdp: { number: 37, needs: since('5.9', 'CONFIG_NET'), atAttach: true },
  sk_skb_verdict: { number: 38, needs: since('5.13', 'CONFIG_NET'), atAttach: true },
  sk_reuseport_select: { number: 39, needs: since('5.14', 'CONFIG_INET') },
  sk_reuseport_select_or_migrate: { number: 40, needs: since('5.14', 'CONFIG_INET') },
  perf_event: { number: 41, needs: since('5.15', 'CONFIG_BPF_EVENTS'), atAttach: true },
  trace_kprobe_multi: { number: 42, needs: since('5.18', 'CONFIG_FPROBE'), atAttach: true },
  lsm_cgroup: { number: 43, needs: since('6.0', 'CONFIG_BPF_LSM', 'CONFIG_CGROUP_BPF') },
  struct_ops: { number: 44, needs: since('6.4', 'CONFIG_BPF_JIT', 'CONFIG_DEBUG_INFO_BTF'), atAttach: true },
  netfilter: { number: 45, needs: since('6.4', 'CONFIG_NETFILTER_BPF_LINK') },
  tcx_ingress: { number: 46, needs: since('6.6', 'CONFIG_NET_XGRESS'), atAttach: true },
  tcx_egress: { number: 47, needs: since('6.6', 'CONFIG_NET_XGRESS'), atAttach: true },
  trace_uprobe_multi: { number: 48, needs: since('6.6', 'CONFIG_UPROBES'), atAttach: true },
  cgroup_unix_connect: { number: 49, needs: since('6.7', 'CONFIG_CGROUP_BPF') },
  cgroup_unix_sendmsg: { number: 50, needs: since('6.7', 'CONFIG_CGROUP_BPF') },
  cgroup_unix_recvmsg: { number: 51, needs: since('6.7', 'CONFIG_CGROUP_BPF') },
  cgroup_unix_getpeername: { number: 52, needs: since('6.7', 'CONFIG_CGROUP_BPF') },
  cgroup_unix_getsockname: { number: 53, needs: since('6.7', 'CONFIG_CGROUP_BPF') },
  netkit_primary: { number: 54, needs: since('6.7', 'CONFIG_NETKIT'), atAttach: true },
  netkit_peer: { number: 55, needs: since('6.7', 'CONFIG_NETKIT'), atAttach: true },
  trace_kprobe_session: { number: 56, needs: since('6.10', 'CONFIG_FPROBE'), atAttach: true },
  trace_uprobe_session: { number: 57, needs: since('6.13', 'CONFIG_UPROBES'), atAttach: true },
  trace_fsession: { number: 58, needs: since('7.0', 'CONFIG_DEBUG_INFO_BTF') },
} as const satisfies Readonly<Record<string, AttachTypeRow>>;

export type AttachType = keyof typeof ROWS;

export const attachTypes = kindTable<AttachType, AttachTypeRow>(ROWS);
