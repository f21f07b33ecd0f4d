import type { NativeLink } from './native-link';

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
