/** What a process has behind a descriptor of its own: bpf_task_fd_query. */
import { checkInteger } from '../../util/check';
import { loadAddon } from '../../native/load/load';

/** enum bpf_task_fd_type */
const TYPES = ['raw_tracepoint', 'tracepoint', 'kprobe', 'kretprobe', 'uprobe', 'uretprobe'];

/** A program that a process has attached through a perf event, or as a raw tracepoint. */
export interface TaskFd {
  readonly programId: number;
  /** 'raw_tracepoint', 'tracepoint', 'kprobe', 'kretprobe', 'uprobe', 'uretprobe'. */
  readonly type: string;
  /** The tracepoint, the kernel's function, or the file of a uprobe; '' where only an address is known. */
  readonly target: string;
  /** In the function, or in the file of a uprobe. */
  readonly offset: bigint;
  /** Of a kprobe, where the process may see addresses; else 0. */
  readonly address: bigint;
}

/**
 * Which program is behind descriptor `fd` of process `pid`, as its /proc/PID/fd lists them: a perf event with a program, or a raw
 * tracepoint. How to find what was attached before there were links. bpf_task_fd_query; kernel 4.18, CAP_SYS_ADMIN
 * @throws BpfError ENOTSUPP where it is something else, EBADF where there is none, ENOENT without such a process
 */
export function queryTaskFd(pid: number, fd: number): TaskFd {
  checkInteger(pid, 'pid', 1, 0x7fff_ffff);
  checkInteger(fd, 'fd', 0, 0x7fff_ffff);
  const { type, text, ...rest } = loadAddon().queryTaskFd(pid, fd);
  return { ...rest, type: TYPES[type] ?? `type_${String(type)}`, target: text };
}
