/**
 * The surface of the native addon (src/), typed. One class for each libbpf handle, one method for each libbpf
 * call; every method checks its arguments and throws through the error factory below. Nothing but `load.ts`
 * makes values of these types, and no user of the package sees them.
 */

import type { NativeCreateMap, NativeElements } from './elements';
import type { NativeFd, NativeMapping, NativeShare } from './handles';
import type { NativeKernel } from './kernel';
import type { NativeLink } from './link';
import type { NativeNetHooks, NativePerfEvents, NativeProgramAttach, NativeSocketAttach } from './hooks';
import type { NativePerfBuffer, NativeRingBuffer, NativeUserRingBuffer } from './events';
import type { NativeObject } from './object';
import type { NativeProgram } from './program';

/** What C++ knows when a call fails; lib/native/failure/failure.ts makes the error of it. */
export interface NativeFailure {
  /**
   * 'bpf': the call itself failed; 'closed': the handle was closed; 'argument': a wrong argument; 'not-loaded',
   * 'already-loaded': the wrong moment; 'unsupported': not in this libbpf, or not in this JavaScript runtime;
   * 'busy': in use in a way that excludes this.
   */
  readonly kind:
    'bpf' | 'closed' | 'argument' | 'not-loaded' | 'already-loaded' | 'unsupported' | 'busy' | 'elf';
  /** The libbpf function or system call. */
  readonly syscall: string;
  /** Positive errno; 0 unless kind is 'bpf'. */
  readonly errno: number;
  /** The object, map, program or file it was about: "map 'per_user'"; '' where there is none. */
  readonly subject: string;
  /** What libbpf printed during the call. For every other kind than 'bpf': the message. */
  readonly log: string;
}

export type LogLevel = 'none' | 'warn' | 'info' | 'debug';

export interface LibbpfOpenOptions {
  /** The object's name; by default the file's, or the one libbpf makes up. */
  readonly name?: string | undefined;
  /** Text added to, and overriding, the system's kernel configuration (`CONFIG_X=y` lines) for .kconfig externs. */
  readonly kconfig?: string | undefined;
  /** BTF of the running kernel for CO-RE, where it is not in /sys/kernel/btf/vmlinux. */
  readonly btfCustomPath?: string | undefined;
  /** Where maps with LIBBPF_PIN_BY_NAME are pinned; default /sys/fs/bpf. */
  readonly pinRootPath?: string | undefined;
  /** A BPF file system to make a BPF token from (kernel 6.9). */
  readonly bpfTokenPath?: string | undefined;
  /** Ignore fields of map definitions that libbpf does not know. */
  readonly relaxedMaps?: boolean | undefined;
  /** The verifier's log level for all programs: 1 basic, 2 every instruction, 4 statistics; sums are allowed. */
  readonly kernelLogLevel?: number | undefined;
}

export interface NativeAddon
  extends NativeKernel, NativeNetHooks, NativePerfEvents, NativeProgramAttach, NativeSocketAttach {
  /** '1.7' */
  readonly libbpfVersion: string;
  readonly possibleCpus: () => number;
  /** Called with what failed; the result is thrown. One a JavaScript environment. */
  setErrorFactory(make: (failure: NativeFailure) => Error): void;
  /**
   * Calls the function, which does nothing, so many bytes further down the stack, 128 KiB at most.
   * @throws RangeError where there are not so many left
   */
  ensureStack(nothing: () => void, bytes: number): void;
  /** Which messages of libbpf are kept for errors (default 'info') on this thread. */
  setLogLevel(level: LogLevel): void;
  /** The messages of the last call on this thread that succeeded, and forgets them. */
  takeLog(): string;

  openFile(path: string, options: LibbpfOpenOptions): NativeObject;
  /** Copies the bytes. */
  openMemory(bytes: Uint8Array, options: LibbpfOpenOptions): NativeObject;

  /** bpf_obj_get, bpf_prog_get_fd_by_id; 'argument' where it is something else. */
  openPinnedProgram(path: string): NativeProgram;
  openProgramId(id: number): NativeProgram;
  /** Duplicates the descriptor. */
  openProgramFd(fd: number): NativeProgram;
  openPinnedLink(path: string): NativeLink;
  openLinkId(id: number): NativeLink;
  openLinkFd(fd: number): NativeLink;
  /** bpf_enable_stats: the kernel measures programs while it is open. */
  enableStats(): NativeFd;
  /** pidfd_open(2), with PIDFD_THREAD (kernel 6.9) for a thread. */
  openPidfd(pid: number, thread: boolean): NativeFd;
  /** bpf_map_create */
  createMap(options: NativeCreateMap): NativeElements;
  /** bpf_obj_get_opts; `flags`: BPF_F_RDONLY, BPF_F_WRONLY. 'argument' where something else is pinned there. */
  openPinnedMap(path: string, flags: number): NativeElements;
  /** bpf_map_get_fd_by_id_opts */
  openMapById(id: number, flags: number): NativeElements;
  /** The descriptor is duplicated. */
  openMapByFd(fd: number): NativeElements;

  /**
   * mmap(2) of a map: the first `length` bytes of its memory. Read-write first; where the kernel answers EPERM or EACCES,
   * read-only. `subject`: "section '.bss'", for errors.
   */
  mapMemory(fd: number, length: number, subject?: string): NativeMapping;
  /**
   * Detaches the buffer: every view of it has length 0 from then on. `lent`: users have had arrays over it, which
   * other threads may be reading for Node (zlib, the file system): the memory stays until the object is collected.
   */
  detach(buffer: ArrayBuffer, lent: boolean): void;

  /** Makes a duplicate of the descriptor that other threads of this process can find by its token. */
  share(fd: number): NativeShare;
  /** A duplicate of a shared descriptor; null where the token is not, or no longer, shared in this process. */
  findShared(token: string): NativeShare | null;

  /** libbpf's static linker (bpf_linker): links `inputs` into `output`, in this process. Throws with the log. */
  link(output: string, inputs: readonly string[]): void;

  /**
   * All types of a BTF file (raw, or the .BTF section of an ELF file) as C declarations, in an order that compiles:
   * btf__parse_split and btf_dump__dump_type. `base` is the file that a module's split BTF builds on, else null.
   */
  btfDump(file: string, base: string | null): string;

  /** A reader of ring buffers, without any yet. */
  ringBuffer(): NativeRingBuffer;
  /** perf_buffer__new_raw; `wakeupBytes` 0: by records. */
  perfBuffer(
    fd: number,
    name: string,
    pages: number,
    wakeupEvents: number,
    wakeupBytes: number,
  ): NativePerfBuffer;
  /** user_ring_buffer__new */
  userRingBuffer(fd: number, name: string): NativeUserRingBuffer;
}
