/** What asks the kernel about what it has and can, by itself: without an object. */
export interface NativeKernel {
  /**
   * bpf_prog_get_next_id and its like: the next id after `after` (0 to start), 0 at the end. The id may be gone when it is
   * used.
   */
  nextId(kind: 'program' | 'map' | 'link' | 'btf', after: number): number;
  /** bpf_btf_get_fd_by_id, bpf_btf_get_info_by_fd. `withBytes` false: the bytes are left out, and `size` says how many. */
  btfById(id: number, withBytes: boolean): NativeBtfInfo;

  /**
   * libbpf_probe_bpf_prog_type. Where libbpf answers no because it may not ask, this throws EPERM; where libbpf does not
   * know the number, EOPNOTSUPP.
   */
  probeProgramType(type: number): boolean;
  /** libbpf_probe_bpf_map_type, likewise. */
  probeMapType(type: number): boolean;
  /** libbpf_probe_bpf_helper, likewise; EOPNOTSUPP for program types of which libbpf cannot tell. */
  probeHelper(programType: number, helper: number): boolean;
  /** The name of a helper by number ('bpf_map_lookup_elem'), undefined beyond the last one that libbpf knows. */
  helperNames(): string[];
  /** What the kernel answers to a harmless try: 0, or the errno. kernel_probes.cc has the names. */
  probe(name: string): number;
  /**
   * Loads a program that does nothing for one place of the kernel, and attaches it for a moment if asked to. `error`: the errno, 0
   * for none; `loaded`: whether it is of the attachment.
   */
  probeTarget(
    target: {
      readonly programType: number;
      readonly attachType: number;
      /** The function's or typedef's id, in the kernel's BTF or in that of a module. */
      readonly btfType?: number | undefined;
      /** The id of the module's BTF. */
      readonly btfObject?: number | undefined;
      /** Of a raw tracepoint; '' where the type says what it is for. */
      readonly name: string;
      readonly sleepable: boolean;
      readonly attach: boolean;
    },
    subject: string,
  ): { readonly loaded: boolean; readonly error: number };
  /** The errno of a kprobe by perf_event_open (the PMU's `type`), which is gone at once; 0 for none. */
  probeKprobe(type: number, function_: string): number;

  /** bpf_task_fd_query: what a process has behind a descriptor of its own. `type`: enum bpf_task_fd_type. */
  queryTaskFd(
    pid: number,
    fd: number,
  ): {
    readonly programId: number;
    readonly type: number;
    readonly text: string;
    readonly offset: bigint;
    readonly address: bigint;
  };

  /** bpf_prog_stream_read: how many bytes were put into `buffer`; 0 where there are none. */
  readStream(programFd: number, stream: number, buffer: Uint8Array): number;
}

export interface NativeBtfInfo {
  readonly id: number;
  /** 'vmlinux', a module's name; '' for those of programs and maps. */
  readonly name: string;
  /** Of the kernel or of a module. */
  readonly kernelBtf: boolean;
  readonly size: number;
  readonly bytes: Uint8Array;
}
