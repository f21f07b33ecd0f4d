/**
 * The surface of the native addon (src/), typed. One class for each libbpf handle, one method for each libbpf
 * call; every method checks its arguments and throws through the error factory below. Nothing but `load.ts`
 * makes values of these types, and nothing outside lib/runtime, lib/subskeleton and lib/memory's callers sees them.
 */

/** What C++ knows when a call fails; errors.ts makes the error of it. */
export interface NativeFailure {
  /**
   * 'bpf': the call itself failed; 'closed': the handle was closed; 'argument': a wrong argument; 'not-loaded',
   * 'already-loaded': the wrong moment; 'unsupported': not in this libbpf, or not in this JavaScript runtime.
   */
  readonly kind: 'bpf' | 'closed' | 'argument' | 'not-loaded' | 'already-loaded' | 'unsupported';
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

export interface NativeOpenOptions {
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

export interface NativeAddon {
  /** '1.7' */
  readonly libbpfVersion: string;
  readonly possibleCpus: () => number;
  /** Called with what failed; the result is thrown. One a JavaScript environment. */
  setErrorFactory(make: (failure: NativeFailure) => Error): void;
  /** Which messages of libbpf are kept for errors (default 'info') on this thread. */
  setLogLevel(level: LogLevel): void;
  /** The messages of the last call on this thread that succeeded, and forgets them. */
  takeLog(): string;

  openFile(path: string, options: NativeOpenOptions): NativeObject;
  /** Copies the bytes. */
  openMemory(bytes: Uint8Array, options: NativeOpenOptions): NativeObject;

  /**
   * mmap(2) of a map. One external ArrayBuffer over the first `length` bytes of the map's memory, unmapped by its
   * last finalizer. Read-write first; where the kernel answers EPERM or EACCES, read-only.
   */
  mapMemory(fd: number, length: number): NativeMapping;
  /** Detaches the buffer: every view of it has length 0 from then on. */
  detach(buffer: ArrayBuffer): void;

  /** libbpf's static linker (bpf_linker): links `inputs` into `output`, in this process. Throws with the log. */
  link(output: string, inputs: readonly string[]): void;

  /**
   * All types of a BTF file (raw, or the .BTF section of an ELF file) as C declarations, in an order that compiles:
   * btf__parse_split and btf_dump__dump_type. `base` is the file that a module's split BTF builds on, else null.
   */
  btfDump(file: string, base: string | null): string;
}

export interface NativeMapping {
  readonly buffer: ArrayBuffer;
  /** The mapping is PROT_READ: a write through the buffer would end the process. */
  readonly readonly: boolean;
}

/** A `struct bpf_object`. */
export interface NativeObject {
  readonly name: string;
  /** Whether load() has succeeded. */
  readonly loaded: boolean;
  /** bpf_object__prepare (libbpf 1.6 and later): everything but loading the programs. */
  prepare(): void;
  load(): void;
  /** Destroys its links, then bpf_object__close. Twice is fine. */
  close(): void;
  /** The object's raw BTF (btf__raw_data), a copy; null without BTF. */
  btf(): Uint8Array | null;
  /** The kernel's id handle of the loaded BTF (bpf_object__btf_fd), -1 before. */
  btfFd(): number;
  maps(): NativeMap[];
  programs(): NativeProgram[];
  /** bpf_object__find_map_by_name: BPF names, or section names such as '.data.custom'. */
  findMap(name: string): NativeMap | null;
  findProgram(name: string): NativeProgram | null;
  /**
   * bpf_object__open_subskeleton. `variables` names each variable and the map of its section, by index into
   * `maps`. The answer says where libbpf sees each variable: the offset in its map, or -1 for NULL.
   */
  openSubskeleton(request: {
    readonly name: string;
    readonly maps: readonly string[];
    readonly programs: readonly string[];
    readonly variables: readonly { readonly name: string; readonly map: number }[];
  }): { readonly offsets: Float64Array };
}

/** A `struct bpf_map`, owned by its object: after the object's close() every method throws 'closed'. */
export interface NativeMap {
  /** bpf_map__name: internal maps have the name the kernel will see, e.g. 'agent.bss'. */
  readonly name: string;
  /** The section of an internal map ('.bss', '.data.custom'), else ''. */
  readonly section: string;
  /** enum bpf_map_type. */
  readonly type: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags: number;
  readonly btfKeyTypeId: number;
  readonly btfValueTypeId: number;
  /** -1 before load. */
  readonly fd: number;
  readonly pinned: boolean;
  readonly autocreate: boolean;
  setAutocreate(on: boolean): void;
  /** bpf_map__autoattach, libbpf 1.5: of struct_ops maps. */
  readonly autoattach: boolean;
  setAutoattach(on: boolean): void;
  /** bpf_map__attach_struct_ops */
  attachStructOps(): NativeLink;
  /** Of a struct_ops map: a copy of its bytes, as the object's BTF lays them out, with zeros for pointers. */
  structOpsImage(): Uint8Array;
  /** Before prepare() and load(): all bytes of it but those of pointers, which stay as they are. */
  setStructOpsImage(bytes: Uint8Array): void;
  /** The functions in it: byte offset, and the name of the program there. */
  structOpsFunctions(): { readonly offset: number; readonly program: string | null }[];
  /** Before prepare() and load(). */
  setStructOpsProgram(offset: number, program: string | null): void;
  setMaxEntries(n: number): void;
  /** bpf_map__set_value_size; for a data section libbpf remaps its memory and BTF. */
  setValueSize(n: number): void;
  /** A copy of bpf_map__initial_value; null where libbpf has none. */
  initialValue(): Uint8Array | null;
  setInitialValue(bytes: Uint8Array): void;
  /**
   * Where libbpf has put the variables of a loaded arena (bpf_object__load_skeleton), in its own mapping: the object's
   * descriptors and mappings stay until the buffer is detached or collected. One buffer at a time. 'not-loaded' before
   * load, 'unsupported' where the arena has no variables or is not mapped (it was found pinned).
   */
  arenaMemory(): NativeMapping;
  pin(path?: string): void;
  unpin(path?: string): void;
  reuseFd(fd: number): void;
  freeze(): void;

  /**
   * The scratch memory of the map, key at 0 and value at `scratchValueOffset`: `lookup()` and its like take keys from
   * there and put values there, so that a call hands over nothing. Never shown to users. The value has room for
   * every possible CPU in per-CPU maps. 'not-loaded' before the kernel has the map: only then its sizes are final.
   */
  readonly scratch: ArrayBuffer;
  readonly scratchValueOffset: number;
  readonly scratchValueSize: number;
  /** false: no such key (ENOENT). */
  lookup(flags: number): boolean;
  /** The errno of the failed update, 0 for success: EEXIST and ENOENT are answers, others throw. */
  update(flags: number): number;
  /** false: no such key. */
  delete(): boolean;
  lookupAndDelete(flags: number): boolean;
  /** Replaces the key in the scratch memory by the next one; false at the end. `first`: start over. */
  nextKey(first: boolean): boolean;
}

/** A `struct bpf_program`, owned by its object. */
export interface NativeProgram {
  readonly name: string;
  readonly section: string;
  /** enum bpf_prog_type. */
  readonly type: number;
  readonly expectedAttachType: number;
  /** Number of BPF instructions; before load those of the ELF section. */
  readonly instructionCount: number;
  readonly autoload: boolean;
  readonly autoattach: boolean;
  setAutoload(on: boolean): void;
  setAutoattach(on: boolean): void;
  /** -1 before load. */
  readonly fd: number;
  /** bpf_program__attach: by section, as libbpf does. */
  attach(): NativeLink;
  /** bpf_prog_test_run_opts. `dataOut` and `contextOut` are filled; the sizes say how much. */
  testRun(options: {
    readonly data?: Uint8Array | undefined;
    readonly dataOut?: Uint8Array | undefined;
    readonly context?: Uint8Array | undefined;
    readonly contextOut?: Uint8Array | undefined;
    readonly repeat?: number | undefined;
    readonly flags?: number | undefined;
    readonly cpu?: number | undefined;
    readonly batchSize?: number | undefined;
  }): {
    readonly retval: number;
    /** Nanoseconds, averaged over the repetitions. */
    readonly duration: number;
    readonly dataSize: number;
    readonly contextSize: number;
  };
}

/** A `struct bpf_link`. */
export interface NativeLink {
  /** -1 for links that have none (legacy attachments), or after destroy. */
  readonly fd: number;
  /** bpf_link__detach: forced, even if others hold the link; where the kernel supports it. */
  detach(): void;
  /** bpf_link__destroy: detaches unless pinned, and frees. Twice is fine. */
  destroy(): void;
  pin(path: string): void;
  unpin(): void;
}
