import { inspect } from 'node:util';
import type { RawBtf } from '../../btf/records/record-table';
import { checkBoolean, checkInteger, checkOptions, checkString, refuse } from '../../util/check';
import { attachTypes } from '../../uapi/attach-types';
import type { KindTable } from '../../uapi/kind-table';
import { programTypes } from '../../uapi/program-types';
import { ArgumentError, UnsupportedError } from '../../errors';
import { loadAddon } from '../../native/load/load';
import type { NativeProgram } from '../../native/surface/program';
import { alternatives } from '../../util/suggest';
import { withIterOptions, type IterOptions } from '../attach/attach-iter';
import { NetworkAttachments } from '../attach/attach-network';
import { interfaceIndex } from '../attach/attach-options';
import type { BpfLink } from '../link/bpf-link';
import { decodeInstructions, type BpfInstruction } from './instructions';
import { checkPinPath } from '../link/pin-path';
import { ProgramCode } from './program-code';
import { attachWith, makeLink } from '../attach/attachable';
import { decodeProgramInfo, type ProgramInfo } from './program-info';
import { attachKinds } from './program-kinds';
import { testRun, type TestRunOptions, type TestRunResult } from './test-run';
import { keepParent } from '../../util/primordials';
import { show } from '../../util/show';

/** What a program has of the object that it is loaded from. */
export interface ProgramOwner {
  readonly btf: () => RawBtf;
  /** The open links that are made through it. */
  readonly links: Set<BpfLink>;
}

/**
 * A BPF program: of an object (`struct bpf_program`), after whose close() every use throws ClosedError; or one that the
 * kernel has already, by its pin, its id or a descriptor. Those have a close() of their own, and throw UnsupportedError
 * for what only the object knows.
 */
export class BpfProgram extends NetworkAttachments {
  readonly #native: NativeProgram;
  readonly #owner: ProgramOwner | undefined;
  /** The C function's name; of a program without its object the kernel's, which has 15 characters at most. */
  readonly name: string;
  /** The ELF section, e.g. 'raw_tp/sys_enter'; '' without its object. bpf_program__section_name */
  readonly section: string;

  static {
    keepParent(this);
  }

  /** @internal */
  constructor(native: NativeProgram, owner?: ProgramOwner) {
    super(native, owner?.links);
    this.#native = native;
    this.#owner = owner;
    this.name = owner === undefined ? decodeProgramInfo(native.info()).name : native.name;
    this.section = owner === undefined ? '' : native.section;
  }

  /** A pinned program. bpf_obj_get */
  static openPinned(path: string): BpfProgram {
    checkString(path, 'path');
    return new BpfProgram(loadAddon().openPinnedProgram(path));
  }

  /** A program of any process. bpf_prog_get_fd_by_id; CAP_SYS_ADMIN */
  static fromId(id: number): BpfProgram {
    checkInteger(id, 'id', 0, 0xffff_ffff);
    return new BpfProgram(loadAddon().openProgramId(id));
  }

  /** The program behind a descriptor, which stays the caller's. */
  static fromFd(fd: number): BpfProgram {
    checkInteger(fd, 'fd', 0, 0x7fff_ffff);
    return new BpfProgram(loadAddon().openProgramFd(fd));
  }

  /**
   * The kernel's name of the type, lower case: 'xdp', 'raw_tracepoint'; settable before load, for sections that do not
   * say it. bpf_program__type, bpf_program__set_type
   */
  get type(): string {
    return this.#owner === undefined ? this.info().type : programTypes.nameOf(this.#native.type);
  }
  set type(type: string) {
    this.#native.setType(numberOf(programTypes, 'type', type));
  }

  /** 'cgroup_inet_ingress', 'trace_fentry'; settable before load. bpf_program__expected_attach_type */
  get expectedAttachType(): string {
    return attachTypes.nameOf(this.#native.expectedAttachType);
  }
  set expectedAttachType(type: string) {
    this.#native.setExpectedAttachType(numberOf(attachTypes, 'expectedAttachType', type));
  }

  /** The BPF_F_… flags that it is loaded with; settable before. bpf_program__flags */
  get flags(): number {
    return this.#native.flags;
  }
  set flags(flags: number) {
    checkInteger(flags, 'flags', 0, 0xffff_ffff);
    this.#native.setFlags(flags);
  }

  /**
   * Before load: binds it to an interface, by name or index; undefined for none. With flags 0 it is offloaded to the card, with
   * BPF_F_XDP_DEV_BOUND_ONLY (64, kernel 6.3) XDP programs may ask the driver for metadata (bpf_xdp_metadata_rx_…). bpf_program__set_ifindex
   */
  setInterface(target: string | number | undefined): void {
    this.#native.setInterface(target === undefined ? 0 : interfaceIndex(target));
  }

  /** What the verifier tells: 1 basic, 2 every instruction, 4 statistics, or a sum; settable before load. bpf_program__log_level */
  get logLevel(): number {
    return this.#native.logLevel;
  }
  set logLevel(level: number) {
    checkInteger(level, 'logLevel', 0, 0xffff_ffff);
    this.#native.setLogLevel(level);
  }

  /**
   * What the verifier wrote in load(), whether it succeeded or not, into a buffer of setLogBuffer(); undefined without
   * one. Without logLevel it speaks only to reject.
   */
  get log(): string | undefined {
    return this.#native.log();
  }

  /**
   * Before load: has the verifier's log of this program kept in a buffer of so many bytes; 0 for none. With a logLevel,
   * one that is too small makes load() fail with ENOSPC. bpf_program__set_log_buf
   */
  setLogBuffer(size: number): void {
    checkInteger(size, 'size', 0, 1 << 28);
    this.#native.setLogBuffer(size);
  }

  /** How many instructions it has; after load with all that libbpf appended. bpf_program__insn_cnt */
  get instructionCount(): number {
    return this.#native.instructionCount;
  }

  /** A copy of them; before load as they are in the file, afterwards relocated. bpf_program__insns */
  instructions(): BpfInstruction[] {
    return decodeInstructions(this.#native.instructions());
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
   * Before load, for fentry, fexit, fmod_ret, LSM, tp_btf and freplace: which function it is for, of the kernel or of a
   * loaded program; with a program alone, the one that its section names. bpf_program__set_attach_target
   */
  setAttachTarget(target: {
    readonly program?: BpfProgram | undefined;
    readonly function?: string | undefined;
  }): void {
    checkOptions(target, 'target', { program: 'any', function: 'string' });
    const { program, function: name } = target;
    if (program === undefined && name === undefined) {
      throw new ArgumentError('target needs a program, a function, or both');
    }
    const given: unknown = program;
    if (given !== undefined && !(given instanceof BpfProgram)) {
      refuse('target.program', 'a BpfProgram', given);
    }
    const fd = program?.fd;
    if (fd !== undefined) checkInteger(fd, 'target.program (its object must be loaded) .fd', 0);
    this.#native.setAttachTarget(fd, name);
  }

  /** What the kernel says of the loaded program. bpf_prog_get_info_by_fd; kernel 4.13 */
  info(): ProgramInfo {
    return decodeProgramInfo(this.#native.info());
  }

  /** The loaded program as the kernel runs it: instructions, machine code, lines of source. bpf_prog_get_info_by_fd */
  code(): ProgramCode {
    return new ProgramCode(this.#native.code(), this.info().jitedFunctions);
  }

  /**
   * Attaches it where its section name says. bpf_program__attach
   * @throws BpfError EOPNOTSUPP-like errors where the section says nothing that libbpf can attach by
   */
  attach(): BpfLink {
    return makeLink(this, attachKinds(this), (native) => native.attach());
  }

  /** A BPF iterator (SEC("iter/task")), whose link's iterate() walks. bpf_program__attach_iter; kernel 5.8 */
  attachIter(options: IterOptions = {}): BpfLink {
    return withIterOptions(options, (native) =>
      attachWith(this, 'iter', native, { call: 'bpf_program__attach_iter' }),
    );
  }

  /**
   * Runs the loaded program once (or `repeat` times) in the kernel, without attaching it; this thread waits.
   * bpf_prog_test_run_opts; kernel 4.12, which types of programs differs
   */
  testRun(options?: TestRunOptions): TestRunResult;
  testRun<Context extends object>(options: TestRunOptions<Context>): TestRunResult<Context>;
  testRun(options: TestRunOptions<unknown> = {}): TestRunResult<unknown> {
    return testRun(this.#native, this.type, options, { program: this.name, btf: () => this.#btf() });
  }

  /** Keeps it loaded beyond this process, as a file of a BPF file system. bpf_program__pin */
  pin(path: string): void {
    checkPinPath(path);
    this.#native.pin(path);
  }

  /** Removes a pin. bpf_program__unpin */
  unpin(path: string): void {
    checkString(path, 'path');
    this.#native.unpin(path);
  }

  /** Of a program without its object: closes its descriptor and the links made through it. Twice is fine. */
  close(): void {
    this.#native.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  [inspect.custom](_depth: number, options: object): string {
    return show(
      'BpfProgram',
      {
        name: () => this.name,
        section: () => this.section || undefined,
        type: () => this.type,
        expectedAttachType: () => this.expectedAttachType,
        loaded: () => this.fd >= 0,
      },
      options,
    );
  }

  #btf(): RawBtf {
    if (this.#owner !== undefined) return this.#owner.btf();
    throw new UnsupportedError(
      `program '${this.name}' is without its object here: give testRun() the context as bytes`,
    );
  }
}

function numberOf(types: KindTable<string>, name: string, value: unknown): number {
  checkString(value, name);
  const number = types.numberOf(value);
  if (number !== undefined && number <= 0x7fff_ffff) return number;
  return refuse(name, `one of the kernel's names${alternatives(value, types.names)}`, value);
}
