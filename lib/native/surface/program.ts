import type { NativeAttachments } from './attach';
import type { NativeInfo } from './handles';
import type { NativeLink } from './link';

/**
 * A `struct bpf_program`, owned by its object; or a program without one, opened by its pin, its id or a descriptor, for
 * which all that only the object knows is 'unsupported'.
 */
export interface NativeProgram {
  readonly name: string;
  readonly section: string;
  /** enum bpf_prog_type. The setters here are for before prepare() and load(). */
  readonly type: number;
  setType(type: number): void;
  /** enum bpf_attach_type */
  readonly expectedAttachType: number;
  setExpectedAttachType(type: number): void;
  readonly flags: number;
  setFlags(flags: number): void;
  /** bpf_program__set_ifindex; 0 for none. */
  setInterface(ifindex: number): void;
  readonly logLevel: number;
  setLogLevel(level: number): void;
  /** Number of BPF instructions; before load those of the ELF section. */
  readonly instructionCount: number;
  /** A copy of them, 8 bytes each: bpf_program__insns. */
  instructions(): Uint8Array;
  readonly autoload: boolean;
  readonly autoattach: boolean;
  setAutoload(on: boolean): void;
  setAutoattach(on: boolean): void;
  /** bpf_program__set_attach_target. The descriptor is duplicated. */
  setAttachTarget(program: number | undefined, name: string | undefined): void;
  /** bpf_program__set_log_buf; 0 for none. */
  setLogBuffer(size: number): void;
  /** What is in that buffer; undefined without one. */
  log(): string | undefined;
  /** -1 before load, and for a program without object once it is closed. */
  readonly fd: number;
  /** bpf_prog_get_info_by_fd */
  info(): NativeInfo;
  /** bpf_prog_get_info_by_fd, too. */
  code(): NativeProgramCode;
  /** bpf_program__attach: by section, as libbpf does. */
  attach(): NativeLink;
  attachWith<Kind extends keyof NativeAttachments>(kind: Kind, options: NativeAttachments[Kind]): NativeLink;
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
  pin(path: string): void;
  unpin(path: string): void;
  /** Of a program without an object: destroys the links made through it, and closes its descriptor. */
  close(): void;
}

/** What the kernel runs of a program. Empty where it does not let this process see it. */
export interface NativeProgramCode {
  readonly btfId: number;
  /** BPF instructions, 8 bytes each, as the verifier left them. */
  readonly translated: Uint8Array;
  readonly machine: Uint8Array;
  /** `struct bpf_line_info`, `lineSize` bytes each. */
  readonly lines: Uint8Array;
  readonly lineSize: number;
  /** Where the machine code of each line begins, `addressSize` bytes each. */
  readonly addresses: Uint8Array;
  readonly addressSize: number;
}
