/** What several handles of the addon have in common: descriptors, shared ones, mapped memory, what the kernel says. */

/** A file descriptor of ours: closed by close(), or by the garbage collector. */
export interface NativeFd {
  /** -1 once closed. */
  readonly fd: number;
  close(): void;
}

/** A file descriptor that other threads of this process can find by its token; or what one of them found so. */
export interface NativeShare {
  /** -1 once closed. */
  readonly fd: number;
  /** '' of what was found, and once closed. */
  readonly token: string;
  /** It is not found from then on; what was found before stays. Safe to call more than once. */
  close(): void;
}

/** What the kernel says of a program or link, as the struct it writes. */
export interface NativeInfo {
  /** `struct bpf_prog_info` or `struct bpf_link_info`, with zeros behind what this kernel knows. */
  readonly bytes: Uint8Array;
  /** How many of them the kernel wrote. */
  readonly length: number;
  /** The name or path that belongs to it; ''. */
  readonly text: string;
  /** Of a program: the ids of its maps. Of a kprobe_multi link: addresses, cookies; of uprobe_multi: offsets, offsets of
   * reference counters, cookies. */
  readonly arrays: readonly BigUint64Array[];
}

export interface NativeMapping {
  /**
   * An external ArrayBuffer over the memory, unmapped by its last finalizer. Where nobody can change the memory any more
   * (.rodata, .kconfig) a copy in memory of its own; null where only reading is allowed, but what is read may change.
   */
  readonly buffer: ArrayBuffer | null;
  /** The kernel refuses writes. */
  readonly readonly: boolean;
  /** In place of the buffer: no JavaScript array may lie over memory where a write ends the process. */
  readonly pages: NativePages | null;
}

/** A mapping that may only be read. */
export interface NativePages {
  /** Aligned words are copied by one load each. @throws 'closed', 'argument' */
  copy(offset: number, to: Uint8Array): void;
  /** Unmaps it. Safe to call more than once. */
  close(): void;
}
