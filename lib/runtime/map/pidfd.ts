import { checkBoolean, checkInteger, checkOptions } from '../../util/check';
import { loadAddon } from '../../native/load/load';
import type { NativeFd } from '../../native/surface/handles';

export interface PidfdOptions {
  /** `pid` is the id of a thread, not only of a process (whose first thread has the same). Kernel 6.9; default false. */
  readonly thread?: boolean | undefined;
}

/**
 * A file descriptor of a process, as a task_storage map has it for a key: `map.get(pidfd.fd)`. It goes on meaning that process
 * when its pid is given to another one. pidfd_open(2), kernel 5.3
 */
export class Pidfd {
  readonly pid: number;
  readonly #native: NativeFd;

  private constructor(pid: number, native: NativeFd) {
    this.pid = pid;
    this.#native = native;
  }

  /** @throws BpfError ESRCH where there is no such process, EINVAL or ENOENT for a thread that is not its process's first */
  static open(pid: number, options: PidfdOptions = {}): Pidfd {
    checkInteger(pid, 'pid', 1, 0x7fff_ffff);
    checkOptions<PidfdOptions>(options, 'options', { thread: 'boolean' });
    const { thread = false } = options;
    checkBoolean(thread, 'options.thread');
    return new Pidfd(pid, loadAddon().openPidfd(pid, thread));
  }

  /** -1 once closed. */
  get fd(): number {
    return this.#native.fd;
  }

  get closed(): boolean {
    return this.#native.fd < 0;
  }

  /** Twice is fine; done by the garbage collector, too. */
  close(): void {
    this.#native.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
