import { checkBoolean, checkOptions } from '../check';
import { ArgumentError } from '../errors';
import { needing } from '../native/needing';
import type { NativeProgram } from '../native/native-program';
import { BpfLink } from './bpf-link';
import { attachKinds } from './program-kinds';

export interface TestRunOptions {
  /** The packet, for programs that see one. */
  readonly data?: Uint8Array | undefined;
  /** Room for the packet as the program leaves it; default: as much as `data` plus 256 bytes. */
  readonly dataSizeOut?: number | undefined;
  /** The context, laid out as the program type's (e.g. an array of u64 for raw_tp, any struct for syscall). */
  readonly context?: Uint8Array | undefined;
  /** How many times to run it; `duration` is the average. Not for every program type. */
  readonly repeat?: number | undefined;
  /** BPF_F_TEST_RUN_ON_CPU and the like. */
  readonly flags?: number | undefined;
  /** The CPU to run on (raw_tp: kernel 5.10). */
  readonly cpu?: number | undefined;
  readonly batchSize?: number | undefined;
}

export interface TestRunResult {
  /** What the program returned, as an unsigned 32-bit number. */
  readonly retval: number;
  /** Nanoseconds a run, averaged over the repetitions. */
  readonly duration: number;
  /** The packet as the program left it; empty where the program type has none. */
  readonly data: Uint8Array;
  /** The context as the program left it; empty where none was given. */
  readonly context: Uint8Array;
}

const TEST_RUN_OPTIONS = {
  data: 'bytes',
  dataSizeOut: 'integer',
  context: 'bytes',
  repeat: 'integer',
  flags: 'integer',
  cpu: 'integer',
  batchSize: 'integer',
} as const;

/**
 * Program types that refuse a separate context_out (kernel: net/bpf/test_run.c, kernel/bpf/syscall.c): raw_tracepoint,
 * raw_tracepoint_writable, tracing, and syscall, which answers in the buffer of the context itself.
 */
const CONTEXT_IN_PLACE: ReadonlySet<number> = new Set([17, 24, 26, 31]);

/** A BPF program of an object (`struct bpf_program`). After the object's close() every use throws ClosedError. */
export class BpfProgram {
  readonly #native: NativeProgram;
  /** The C function's name. */
  readonly name: string;
  /** The ELF section, e.g. 'raw_tp/sys_enter'. bpf_program__section_name */
  readonly section: string;
  readonly #links: (native: BpfLink) => void;

  /** @internal */
  constructor(native: NativeProgram, keepLink: (link: BpfLink) => void) {
    this.#native = native;
    this.#links = keepLink;
    this.name = native.name;
    this.section = native.section;
  }

  /** The number of `enum bpf_prog_type`. bpf_program__type */
  get type(): number {
    return this.#native.type;
  }

  /** The number of `enum bpf_attach_type`. bpf_program__expected_attach_type */
  get expectedAttachType(): number {
    return this.#native.expectedAttachType;
  }

  /** How many instructions it has; after load with all that libbpf appended. bpf_program__insn_cnt */
  get instructionCount(): number {
    return this.#native.instructionCount;
  }

  /** The program's file descriptor; -1 before load. bpf_program__fd */
  get fd(): number {
    return this.#native.fd;
  }

  /** Whether load() loads it; settable before. bpf_program__set_autoload */
  get autoload(): boolean {
    return this.#native.autoload;
  }
  set autoload(on: boolean) {
    checkBoolean(on, 'autoload');
    this.#native.setAutoload(on);
  }

  /** Whether a skeleton's attach() attaches it. bpf_program__set_autoattach */
  get autoattach(): boolean {
    return this.#native.autoattach;
  }
  set autoattach(on: boolean) {
    checkBoolean(on, 'autoattach');
    this.#native.setAutoattach(on);
  }

  /**
   * Attaches it where its section name says. bpf_program__attach
   * @throws BpfError EOPNOTSUPP-like errors where the section says nothing that libbpf can attach by
   */
  attach(): BpfLink {
    const link = new BpfLink(
      needing(attachKinds(this), () => this.#native.attach()),
      this,
    );
    this.#links(link);
    return link;
  }

  /** Runs the loaded program once (or `repeat` times) in the kernel, without attaching it. bpf_prog_test_run_opts */
  testRun(options: TestRunOptions = {}): TestRunResult {
    checkOptions(options, 'testRun options', TEST_RUN_OPTIONS);
    const { dataSizeOut, context: given, ...rest } = options;
    if (dataSizeOut !== undefined && options.data === undefined) {
      throw new ArgumentError('testRun options.dataSizeOut needs options.data');
    }
    const dataOut = options.data && new Uint8Array(dataSizeOut ?? options.data.length + 256);
    // A copy: syscall programs write their context back into the very buffer that was handed in.
    const context = given && Uint8Array.from(given);
    const contextOut = CONTEXT_IN_PLACE.has(this.type)
      ? undefined
      : context && new Uint8Array(context.length);
    const result = this.#native.testRun({ ...rest, context, dataOut, contextOut });
    return {
      retval: result.retval,
      duration: result.duration,
      data: dataOut?.subarray(0, result.dataSize) ?? new Uint8Array(0),
      context: contextOut?.subarray(0, result.contextSize) ?? context ?? new Uint8Array(0),
    };
  }
}
