/** Which method attaches a program whose section does not say what to. */
import { BpfError } from '../../errors';
import { withReason } from '../../native/failure/failure';
import { readLog } from '../../native/failure/log';

interface Described {
  readonly name: string;
  readonly type: string;
  readonly section: string;
}

/** By the first part of the section's name: programs of type kprobe have several ways. */
const BY_SECTION: readonly (readonly [RegExp, string])[] = [
  [/^uprobe\.multi|^uretprobe\.multi|^uprobe\.session/, 'attachUprobeMulti(path, { functions })'],
  [/^uretprobe/, 'attachUprobe(path, { function, retprobe: true })'],
  [/^uprobe/, 'attachUprobe(path, { function })'],
  [/^usdt/, 'attachUsdt(path, provider, name)'],
  [/^kprobe\.(multi|session)|^kretprobe\.multi/, 'attachKprobeMulti({ functions })'],
  [/^kretprobe/, 'attachKprobe(function, { retprobe: true })'],
  [/^k(ret)?syscall/, 'attachKsyscall(name)'],
  [/^kprobe/, 'attachKprobe(function)'],
];

const BY_TYPE: Readonly<Record<string, string>> = {
  tracepoint: 'attachTracepoint(category, name)',
  raw_tracepoint: 'attachRawTracepoint(name)',
  raw_tracepoint_writable: 'attachRawTracepoint(name)',
  perf_event: 'attachPerfEvent(event), or sample()',
  sched_cls: 'attachTcx(interface), or TcHook before kernel 6.6',
  xdp: 'attachXdp(interface)',
  socket_filter: 'attachSocket(fd)',
  sk_reuseport: 'attachSocket(fd)',
  cgroup_skb: 'attachCgroup(path)',
  cgroup_sock: 'attachCgroup(path)',
  cgroup_sock_addr: 'attachCgroup(path)',
  cgroup_sockopt: 'attachCgroup(path)',
  cgroup_sysctl: 'attachCgroup(path)',
  cgroup_device: 'attachCgroup(path)',
  sock_ops: 'attachCgroup(path)',
  sk_lookup: 'attachNetns()',
  flow_dissector: 'attachNetns()',
  netfilter: 'attachNetfilter({ protocolFamily, hook, priority })',
  sk_skb: 'attachSockmap(map)',
  sk_msg: 'attachSockmap(map)',
  syscall: 'testRun(), as it is attached to nothing',
  ext: 'attachFreplace(program, function)',
  struct_ops: 'attach() of its struct_ops (object.structOps)',
};

const methodOf = ({ section, type }: Described): string | undefined =>
  BY_SECTION.find(([pattern]) => pattern.test(section))?.[1] ?? BY_TYPE[type];

/** The error of attach(), with the method to call where libbpf finds nothing to attach to. */
export function explainAttach(error: unknown, program: Described): unknown {
  if (!(error instanceof BpfError) || error.code !== 'EOPNOTSUPP' || readLog(error.log).reason !== '')
    return error;
  const method = methodOf(program);
  if (method === undefined || /need/.test(error.remedy ?? '')) return error;
  return withReason(
    error,
    `its section, SEC("${program.section}"), does not say what to attach to: call ${method}`,
  );
}
