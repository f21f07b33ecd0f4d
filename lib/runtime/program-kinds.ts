/** What the kernel has to know to load or attach a program. */
import { attachTypes } from '../descriptor/attach-types';
import { programTypes } from '../descriptor/program-types';
import type { Kinds } from '../native/needing';

interface Described {
  readonly type: number;
  readonly expectedAttachType: number;
  readonly section: string;
}

/** What bpf_program__attach calls for a section, where neither the program's type nor its attach type says it. */
const CALLS: Readonly<Record<string, string>> = {
  kprobe: 'bpf_program__attach_kprobe',
  kretprobe: 'bpf_program__attach_kprobe',
  ksyscall: 'bpf_program__attach_ksyscall',
  kretsyscall: 'bpf_program__attach_ksyscall',
  uprobe: 'bpf_program__attach_uprobe',
  'uprobe.s': 'bpf_program__attach_uprobe',
  uretprobe: 'bpf_program__attach_uprobe',
  'uretprobe.s': 'bpf_program__attach_uprobe',
  usdt: 'bpf_program__attach_usdt',
  'usdt.s': 'bpf_program__attach_usdt',
  tp: 'bpf_program__attach_tracepoint',
  tracepoint: 'bpf_program__attach_tracepoint',
};

export function programKinds({ type, expectedAttachType }: Described): Kinds {
  return {
    programType: programTypes.nameOf(type),
    // 0 is a cgroup's ingress, and also what all programs have that need none.
    attachType: expectedAttachType === 0 ? undefined : attachTypes.nameOf(expectedAttachType),
  };
}

export function attachKinds(program: Described): Kinds {
  const prefix = program.section.split('/', 1)[0] ?? '';
  const call = Object.hasOwn(CALLS, prefix) ? CALLS[prefix] : undefined;
  return { ...programKinds(program), call };
}
