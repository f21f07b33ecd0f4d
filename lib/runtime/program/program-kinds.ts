/** What the kernel has to know to load or attach a program. */
import type { Kinds } from '../../native/failure/needing';

interface Described {
  readonly type: string;
  readonly expectedAttachType: string;
  readonly section: string;
}

/** What bpf_program__attach calls for a section, where neither the program's type nor its attach type says it. */
const CALLS: Readonly<Record<string, string>> = {
  kprobe: 'bpf_program__attach_kprobe_opts',
  kretprobe: 'bpf_program__attach_kprobe_opts',
  ksyscall: 'bpf_program__attach_ksyscall',
  kretsyscall: 'bpf_program__attach_ksyscall',
  uprobe: 'bpf_program__attach_uprobe_opts',
  'uprobe.s': 'bpf_program__attach_uprobe_opts',
  uretprobe: 'bpf_program__attach_uprobe_opts',
  'uretprobe.s': 'bpf_program__attach_uprobe_opts',
  usdt: 'bpf_program__attach_usdt',
  'usdt.s': 'bpf_program__attach_usdt',
  tp: 'bpf_program__attach_tracepoint_opts',
  tracepoint: 'bpf_program__attach_tracepoint_opts',
};

export function programKinds({ type, expectedAttachType }: Described): Kinds {
  return {
    programType: type,
    // The first of the enum is a cgroup's ingress, and also what all programs have that need none.
    attachType: expectedAttachType === 'cgroup_inet_ingress' ? undefined : expectedAttachType,
  };
}

export function attachKinds(program: Described): Kinds {
  const prefix = program.section.split('/', 1)[0] ?? '';
  const call = Object.hasOwn(CALLS, prefix) ? CALLS[prefix] : undefined;
  return { ...programKinds(program), call };
}
