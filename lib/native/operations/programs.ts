/** Programs, attachments and links. operation.ts says how to add a row. */
import { PINNING } from './pinning';
import { since } from '../requirements';
import type { Operation } from './operation';

const ATTACHING = {
  ENOENT: 'the kernel has no such event; for tracepoints, is tracefs mounted at /sys/kernel/tracing?',
  EBUSY: 'something else is attached there that does not share',
  EINVAL: 'the kernel may be too old to attach this kind of program',
};

export const PROGRAMS: Readonly<Record<string, Operation>> = {
  bpf_program__attach: {
    phrase: 'attach %',
    purpose: 'attach',
    remedies: {
      ...ATTACHING,
      EOPNOTSUPP: 'its section does not say what to attach to: name the target when attaching',
    },
  },
  bpf_program__attach_kprobe_opts: {
    phrase: 'attach %',
    needs: since('4.1', 'CONFIG_KPROBE_EVENTS'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_program__attach_ksyscall: {
    phrase: 'attach %',
    needs: since('4.1', 'CONFIG_KPROBE_EVENTS'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_program__attach_kprobe_multi_opts: {
    phrase: 'attach %',
    needs: since('5.18', 'CONFIG_FPROBE'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_program__attach_uprobe_opts: {
    phrase: 'attach %',
    needs: since('4.1', 'CONFIG_UPROBE_EVENTS'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_program__attach_uprobe_multi: {
    phrase: 'attach %',
    needs: since('6.6', 'CONFIG_UPROBES'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_program__attach_usdt: {
    phrase: 'attach %',
    needs: since('4.9', 'CONFIG_UPROBE_EVENTS'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_program__attach_tracepoint_opts: {
    phrase: 'attach %',
    needs: since('4.7', 'CONFIG_BPF_EVENTS'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_program__attach_raw_tracepoint_opts: {
    phrase: 'attach %',
    needs: since('4.17', 'CONFIG_BPF_EVENTS'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_program__attach_perf_event_opts: {
    phrase: 'attach %',
    needs: since('4.9', 'CONFIG_BPF_EVENTS'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_program__attach_trace_opts: {
    phrase: 'attach %',
    needs: since('5.5', 'CONFIG_DEBUG_INFO_BTF'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_program__attach_lsm: {
    phrase: 'attach %',
    needs: since('5.7', 'CONFIG_BPF_LSM'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_program__attach_cgroup: {
    phrase: 'attach %',
    needs: since('5.7', 'CONFIG_CGROUP_BPF'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_program__attach_netns: {
    phrase: 'attach %',
    needs: since('5.8', 'CONFIG_NET'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_program__attach_xdp: {
    phrase: 'attach %',
    needs: since('5.9', 'CONFIG_NET'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_program__attach_tcx: {
    phrase: 'attach %',
    needs: since('6.6', 'CONFIG_NET_XGRESS'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_program__attach_netkit: {
    phrase: 'attach %',
    needs: since('6.7', 'CONFIG_NETKIT'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_program__attach_netfilter: {
    phrase: 'attach %',
    needs: since('6.4', 'CONFIG_NETFILTER_BPF_LINK'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_program__attach_sockmap: {
    phrase: 'attach %',
    needs: since('6.10', 'CONFIG_NET'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_program__attach_freplace: {
    phrase: 'attach %',
    needs: since('5.6', 'CONFIG_BPF_JIT'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_program__attach_iter: {
    phrase: 'attach %',
    needs: since('5.8', 'CONFIG_DEBUG_INFO_BTF'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_tc_hook_create: {
    phrase: 'make the hook of %',
    needs: since('4.5', 'CONFIG_NET_SCH_INGRESS'),
    purpose: 'attach',
  },
  bpf_tc_hook_destroy: { phrase: 'remove the hook of %', purpose: 'attach' },
  bpf_tc_attach: {
    phrase: 'attach %',
    needs: since('4.4', 'CONFIG_NET_CLS_BPF'),
    purpose: 'attach',
    remedies: ATTACHING,
  },
  bpf_tc_detach: { phrase: 'detach %', purpose: 'attach' },
  bpf_tc_query: { phrase: 'ask what is attached to %', purpose: 'attach' },
  bpf_map__attach_struct_ops: {
    phrase: 'attach %',
    needs: since('5.6', 'CONFIG_BPF_JIT'),
    purpose: 'attach',
  },
  bpf_prog_test_run_opts: {
    phrase: 'test-run %',
    needs: since('4.12'),
    purpose: 'load',
    remedies: {
      ENOTSUPP: 'the kernel cannot test-run this kind of program',
      EINVAL: 'the kernel does not take these data, context or flags for this kind of program',
      ENOSPC: 'dataOut or contextOut is too small',
    },
  },
  bpf_link__detach: {
    phrase: 'detach %',
    needs: since('5.9'),
    remedies: { EOPNOTSUPP: 'this kind of link cannot be forced off: close it instead' },
  },
  bpf_link__destroy: { phrase: 'close %' },
  bpf_link__pin: { phrase: 'pin %', purpose: 'pin', remedies: PINNING },
  bpf_link__unpin: { phrase: 'unpin %', remedies: PINNING },
  bpf_link__update_program: { phrase: 'update the program of %', needs: since('5.7'), purpose: 'attach' },
  bpf_link__update_map: { phrase: 'update the map of %', needs: since('6.4'), purpose: 'attach' },
  bpf_link__open: {
    phrase: 'open the pinned link %',
    needs: since('5.7'),
    purpose: 'pin',
    remedies: PINNING,
  },
  bpf_iter_create: { phrase: 'iterate by %', needs: since('5.8') },
  bpf_obj_get: { phrase: 'open the pinned %', needs: since('4.4'), purpose: 'pin', remedies: PINNING },
};
