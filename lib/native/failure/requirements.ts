/**
 * What the kernel must be, to know a kind of map, program, attachment or link: the first release that has it, and the
 * configuration options that it is built with. Errors use it (remedies.ts) when the kernel refuses a call.
 *
 * To add a line: the kernel's own name of the kind, lower case and without its prefix (`BPF_MAP_TYPE_RINGBUF` →
 * `ringbuf`), then `since('5.8')`, or `since('6.4', 'CONFIG_NETFILTER_BPF_LINK')`. The release is the one whose merge
 * window brought it (kernel: `git describe --contains`), not a distribution's backport. An option belongs here when a
 * kernel that is new enough still lacks the kind without it (`#ifdef` in linux/bpf_types.h, or `depends on`).
 * What a libbpf *function* needs stands with the function, in operations/.
 *
 * To use it for a call that is refused because of the kind it is about, and whose function does not say which that is
 * (bpf_link_create, bpf_map_create), wrap the call: `needing({ attachType: 'tcx_ingress' }, () => native.attach())`.
 */

export interface Requirement {
  /** The first kernel that has it: '5.8'. */
  readonly kernel: string;
  /** All of them are needed, each as y or m. */
  readonly config: readonly string[];
  /** Of an attach type that the kernel looks at when a program is attached: any kernel loads it. */
  readonly atAttach?: true;
}

export type Requirements = Readonly<Record<string, Requirement>>;

export const since = (kernel: string, ...config: string[]): Requirement => ({ kernel, config });

/** bpf_prog_load_check_attach (kernel/bpf/syscall.c) and check_attach_btf_id do not ask about these. */
const toAttach = (kernel: string, ...config: string[]): Requirement => ({ kernel, config, atAttach: true });

/** enum bpf_map_type */
export const MAP_TYPES: Requirements = {
  hash: since('3.19'),
  array: since('3.19'),
  prog_array: since('4.2'),
  perf_event_array: since('4.3', 'CONFIG_PERF_EVENTS'),
  percpu_hash: since('4.6'),
  percpu_array: since('4.6'),
  stack_trace: since('4.6', 'CONFIG_PERF_EVENTS'),
  cgroup_array: since('4.8', 'CONFIG_CGROUPS'),
  lru_hash: since('4.10'),
  lru_percpu_hash: since('4.10'),
  lpm_trie: since('4.11'),
  array_of_maps: since('4.12'),
  hash_of_maps: since('4.12'),
  devmap: since('4.14', 'CONFIG_NET'),
  sockmap: since('4.14', 'CONFIG_NET'),
  cpumap: since('4.15', 'CONFIG_NET'),
  xskmap: since('4.18', 'CONFIG_XDP_SOCKETS'),
  sockhash: since('4.18', 'CONFIG_NET'),
  cgroup_storage: since('4.19', 'CONFIG_CGROUP_BPF'),
  reuseport_sockarray: since('4.19', 'CONFIG_INET'),
  percpu_cgroup_storage: since('4.20', 'CONFIG_CGROUP_BPF'),
  queue: since('4.20'),
  stack: since('4.20'),
  sk_storage: since('5.2', 'CONFIG_NET'),
  devmap_hash: since('5.4', 'CONFIG_NET'),
  struct_ops: since('5.6', 'CONFIG_BPF_JIT', 'CONFIG_DEBUG_INFO_BTF'),
  ringbuf: since('5.8'),
  inode_storage: since('5.10', 'CONFIG_BPF_LSM'),
  task_storage: since('5.11'),
  bloom_filter: since('5.16'),
  user_ringbuf: since('6.1'),
  cgrp_storage: since('6.2', 'CONFIG_CGROUPS'),
  arena: since('6.9', 'CONFIG_MMU'),
  insn_array: since('6.19'),
};

/** enum bpf_prog_type */
export const PROGRAM_TYPES: Requirements = {
  socket_filter: since('3.19', 'CONFIG_NET'),
  kprobe: since('4.1', 'CONFIG_BPF_EVENTS'),
  sched_cls: since('4.1', 'CONFIG_NET'),
  sched_act: since('4.1', 'CONFIG_NET'),
  tracepoint: since('4.7', 'CONFIG_BPF_EVENTS'),
  xdp: since('4.8', 'CONFIG_NET'),
  perf_event: since('4.9', 'CONFIG_BPF_EVENTS'),
  cgroup_skb: since('4.10', 'CONFIG_CGROUP_BPF'),
  cgroup_sock: since('4.10', 'CONFIG_CGROUP_BPF'),
  lwt_in: since('4.10', 'CONFIG_NET'),
  lwt_out: since('4.10', 'CONFIG_NET'),
  lwt_xmit: since('4.10', 'CONFIG_NET'),
  sock_ops: since('4.13', 'CONFIG_NET'),
  sk_skb: since('4.14', 'CONFIG_NET'),
  cgroup_device: since('4.15', 'CONFIG_CGROUP_BPF'),
  sk_msg: since('4.17', 'CONFIG_NET'),
  raw_tracepoint: since('4.17', 'CONFIG_BPF_EVENTS'),
  cgroup_sock_addr: since('4.17', 'CONFIG_CGROUP_BPF'),
  lwt_seg6local: since('4.18', 'CONFIG_NET'),
  lirc_mode2: since('4.18', 'CONFIG_BPF_LIRC_MODE2'),
  sk_reuseport: since('4.19', 'CONFIG_INET'),
  flow_dissector: since('4.20', 'CONFIG_NET'),
  cgroup_sysctl: since('5.2', 'CONFIG_CGROUP_BPF'),
  raw_tracepoint_writable: since('5.2', 'CONFIG_BPF_EVENTS'),
  cgroup_sockopt: since('5.3', 'CONFIG_CGROUP_BPF'),
  tracing: since('5.5', 'CONFIG_BPF_EVENTS', 'CONFIG_DEBUG_INFO_BTF'),
  struct_ops: since('5.6', 'CONFIG_BPF_JIT', 'CONFIG_DEBUG_INFO_BTF'),
  ext: since('5.6', 'CONFIG_BPF_JIT'),
  lsm: since('5.7', 'CONFIG_BPF_LSM', 'CONFIG_DEBUG_INFO_BTF'),
  sk_lookup: since('5.9', 'CONFIG_INET'),
  syscall: since('5.14'),
  netfilter: since('6.4', 'CONFIG_NETFILTER_BPF_LINK'),
};

/** enum bpf_attach_type */
export const ATTACH_TYPES: Requirements = {
  cgroup_inet_ingress: since('4.10', 'CONFIG_CGROUP_BPF'),
  cgroup_inet_egress: since('4.10', 'CONFIG_CGROUP_BPF'),
  cgroup_inet_sock_create: since('4.10', 'CONFIG_CGROUP_BPF'),
  cgroup_sock_ops: toAttach('4.13', 'CONFIG_CGROUP_BPF'),
  sk_skb_stream_parser: toAttach('4.14', 'CONFIG_BPF_STREAM_PARSER'),
  sk_skb_stream_verdict: toAttach('4.14', 'CONFIG_NET'),
  cgroup_device: toAttach('4.15', 'CONFIG_CGROUP_BPF'),
  sk_msg_verdict: toAttach('4.17', 'CONFIG_NET'),
  cgroup_inet4_bind: since('4.17', 'CONFIG_CGROUP_BPF'),
  cgroup_inet6_bind: since('4.17', 'CONFIG_CGROUP_BPF'),
  cgroup_inet4_connect: since('4.17', 'CONFIG_CGROUP_BPF'),
  cgroup_inet6_connect: since('4.17', 'CONFIG_CGROUP_BPF'),
  cgroup_inet4_post_bind: since('4.17', 'CONFIG_CGROUP_BPF'),
  cgroup_inet6_post_bind: since('4.17', 'CONFIG_CGROUP_BPF'),
  cgroup_udp4_sendmsg: since('4.18', 'CONFIG_CGROUP_BPF'),
  cgroup_udp6_sendmsg: since('4.18', 'CONFIG_CGROUP_BPF'),
  lirc_mode2: toAttach('4.18', 'CONFIG_BPF_LIRC_MODE2'),
  flow_dissector: toAttach('4.20', 'CONFIG_NET'),
  cgroup_sysctl: toAttach('5.2', 'CONFIG_CGROUP_BPF'),
  cgroup_udp4_recvmsg: since('5.2', 'CONFIG_CGROUP_BPF'),
  cgroup_udp6_recvmsg: since('5.2', 'CONFIG_CGROUP_BPF'),
  cgroup_getsockopt: since('5.3', 'CONFIG_CGROUP_BPF'),
  cgroup_setsockopt: since('5.3', 'CONFIG_CGROUP_BPF'),
  trace_raw_tp: since('5.5', 'CONFIG_DEBUG_INFO_BTF'),
  trace_fentry: since('5.5', 'CONFIG_DEBUG_INFO_BTF', 'CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS'),
  trace_fexit: since('5.5', 'CONFIG_DEBUG_INFO_BTF', 'CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS'),
  modify_return: since('5.7', 'CONFIG_DEBUG_INFO_BTF'),
  lsm_mac: since('5.7', 'CONFIG_BPF_LSM', 'CONFIG_DEBUG_INFO_BTF'),
  trace_iter: since('5.8', 'CONFIG_DEBUG_INFO_BTF'),
  cgroup_inet4_getpeername: since('5.8', 'CONFIG_CGROUP_BPF'),
  cgroup_inet6_getpeername: since('5.8', 'CONFIG_CGROUP_BPF'),
  cgroup_inet4_getsockname: since('5.8', 'CONFIG_CGROUP_BPF'),
  cgroup_inet6_getsockname: since('5.8', 'CONFIG_CGROUP_BPF'),
  xdp_devmap: toAttach('5.8', 'CONFIG_NET'),
  cgroup_inet_sock_release: since('5.9', 'CONFIG_CGROUP_BPF'),
  xdp_cpumap: toAttach('5.9', 'CONFIG_NET'),
  sk_lookup: since('5.9', 'CONFIG_INET'),
  xdp: toAttach('5.9', 'CONFIG_NET'),
  sk_skb_verdict: toAttach('5.13', 'CONFIG_NET'),
  sk_reuseport_select: since('5.14', 'CONFIG_INET'),
  sk_reuseport_select_or_migrate: since('5.14', 'CONFIG_INET'),
  perf_event: toAttach('5.15', 'CONFIG_BPF_EVENTS'),
  trace_kprobe_multi: toAttach('5.18', 'CONFIG_FPROBE'),
  lsm_cgroup: since('6.0', 'CONFIG_BPF_LSM', 'CONFIG_CGROUP_BPF'),
  struct_ops: toAttach('6.4', 'CONFIG_BPF_JIT', 'CONFIG_DEBUG_INFO_BTF'),
  netfilter: since('6.4', 'CONFIG_NETFILTER_BPF_LINK'),
  tcx_ingress: toAttach('6.6', 'CONFIG_NET_XGRESS'),
  tcx_egress: toAttach('6.6', 'CONFIG_NET_XGRESS'),
  trace_uprobe_multi: toAttach('6.6', 'CONFIG_UPROBES'),
  cgroup_unix_connect: since('6.7', 'CONFIG_CGROUP_BPF'),
  cgroup_unix_sendmsg: since('6.7', 'CONFIG_CGROUP_BPF'),
  cgroup_unix_recvmsg: since('6.7', 'CONFIG_CGROUP_BPF'),
  cgroup_unix_getpeername: since('6.7', 'CONFIG_CGROUP_BPF'),
  cgroup_unix_getsockname: since('6.7', 'CONFIG_CGROUP_BPF'),
  netkit_primary: toAttach('6.7', 'CONFIG_NETKIT'),
  netkit_peer: toAttach('6.7', 'CONFIG_NETKIT'),
  trace_kprobe_session: toAttach('6.10', 'CONFIG_FPROBE'),
  trace_uprobe_session: toAttach('6.13', 'CONFIG_UPROBES'),
  trace_fsession: since('7.0', 'CONFIG_DEBUG_INFO_BTF'),
};

/** enum bpf_link_type */
export const LINK_TYPES: Requirements = {
  raw_tracepoint: since('5.7', 'CONFIG_BPF_EVENTS'),
  tracing: since('5.7', 'CONFIG_BPF_EVENTS', 'CONFIG_DEBUG_INFO_BTF'),
  cgroup: since('5.7', 'CONFIG_CGROUP_BPF'),
  iter: since('5.8', 'CONFIG_DEBUG_INFO_BTF'),
  netns: since('5.8', 'CONFIG_NET'),
  xdp: since('5.9', 'CONFIG_NET'),
  perf_event: since('5.15', 'CONFIG_BPF_EVENTS'),
  kprobe_multi: since('5.18', 'CONFIG_FPROBE'),
  struct_ops: since('6.4', 'CONFIG_BPF_JIT', 'CONFIG_DEBUG_INFO_BTF'),
  netfilter: since('6.4', 'CONFIG_NETFILTER_BPF_LINK'),
  tcx: since('6.6', 'CONFIG_NET_XGRESS'),
  uprobe_multi: since('6.6', 'CONFIG_UPROBES'),
  netkit: since('6.7', 'CONFIG_NETKIT'),
  sockmap: since('6.10', 'CONFIG_NET'),
};
