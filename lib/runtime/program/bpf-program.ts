import { inspect } from 'node:util';
import type { RawBtf } from '../../btf/records/record-table';
import { checkBoolean, checkInteger, checkOptions, checkString, refuse } from '../../util/check';
import { attachTypes, type AttachType } from '../../uapi/attach-types';
import type { KindTable, OrNewer } from '../../uapi/kind-table';
import { programTypes, type ProgramType } from '../../uapi/program-types';
import { ArgumentError, UnsupportedError } from '../../errors';
import { loadAddon } from '../../native/load/load';
import type { NativeProgram } from '../../native/surface/program';
import { Internals } from '../../util/internals';
import { checkOurs, OURS } from '../../util/ours';
import { alternatives } from '../../util/suggest';
import { attachIter, type IterOptions } from '../attach/attach-iter';
import * as network from '../attach/attach-network';
import type {
  AttachTypeOptions,
  CgroupOptions,
  NetfilterOptions,
  NetkitOptions,
  TcxOptions,
  XdpOptions,
} from '../attach/attach-network';
import { attachSocket, type SocketAttachment, type SocketOptions } from '../attach/attach-socket';
import * as tracing from '../attach/attach-tracing';
import type {
  CookieOptions,
  KprobeMultiOptions,
  KprobeOptions,
  KsyscallOptions,
  UprobeMultiOptions,
  UprobeOptions,
  UsdtOptions,
} from '../attach/attach-tracing';
import { interfaceIndex } from '../attach/attach-options';
import type { BpfLink } from '../link/bpf-link';
import { decodeInstructions, type BpfInstruction } from './instructions';
import { checkPinPath } from '../link/pin-path';
import { ProgramCode } from './program-code';
import { keepAttachable, makeLink, type AnyProgram, type Attachable } from '../attach/attachable';
import type { PerfEvent } from '../attach/perf-event';
import { sample, type SampleOptions, type Sampling } from '../attach/sampling';
import type { BpfMap } from '../map/bpf-map';
import { decodeProgramInfo, type ProgramInfo } from './program-info';
import { explainAttach } from '../attach/attach-method';
import { attachKinds } from './program-kinds';
import { testRun, type TestRunOptions, type TestRunResult } from './test-run';
import { show } from '../../util/show';
import { markCopy } from '../../util/copies';

/** What setAttachTarget() was told. */
export interface AttachTarget {
  readonly function: string | undefined;
  /** Of a program, not of the kernel. */
  readonly ofProgram: boolean;
}
const targets = new Internals<BpfProgram, AttachTarget>();

/** undefined where the section's name counts. */
export const attachTargetOf = (program: BpfProgram): AttachTarget | undefined => targets.of(program);

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
export class BpfProgram {
  readonly #native: NativeProgram;
  readonly #owner: ProgramOwner | undefined;
  readonly #attachable: Attachable;
  /** The C function's name; of a program without its object the kernel's, which has 15 characters at most. */
  readonly name: string;
  /** The ELF section, e.g. 'raw_tp/sys_enter'; '' without its object. bpf_program__section_name */
  readonly section: string;

  /** @internal */
  constructor(ours: typeof OURS, native: NativeProgram, owner?: ProgramOwner) {
    checkOurs(ours, 'BpfProgram', 'object.program(), openPinned(), fromId() and fromFd() give one');
    this.#native = native;
    this.#owner = owner;
    this.#attachable = { program: this, native, links: owner?.links, btf: owner?.btf };
    keepAttachable(this.#attachable);
    this.name = owner === undefined ? decodeProgramInfo(native.info()).name : native.name;
    this.section = owner === undefined ? '' : native.section;
  }

  /** The program's file descriptor; -1 before load. bpf_program__fd */
  get fd(): number {
    return this.#native.fd;
  }

  /** A pinned program. bpf_obj_get */
  static openPinned(path: string): BpfProgram {
    checkString(path, 'path');
    return new BpfProgram(OURS, loadAddon().openPinnedProgram(path));
  }

  /** A program of any process. bpf_prog_get_fd_by_id; CAP_SYS_ADMIN */
  static fromId(id: number): BpfProgram {
    checkInteger(id, 'id', 0, 0xffff_ffff);
    return new BpfProgram(OURS, loadAddon().openProgramId(id));
  }

  /** The program behind a descriptor, which stays the caller's. */
  static fromFd(fd: number): BpfProgram {
    checkInteger(fd, 'fd', 0, 0x7fff_ffff);
    return new BpfProgram(OURS, loadAddon().openProgramFd(fd));
  }

  /**
   * The kernel's name of the type, lower case: 'xdp', 'raw_tracepoint'; settable before load, for sections that do not
   * say it. bpf_program__type, bpf_program__set_type
   */
  get type(): OrNewer<ProgramType> {
    return this.#owner === undefined ? this.info().type : programTypes.nameOf(this.#native.type);
  }
  set type(type: OrNewer<ProgramType>) {
    this.#native.setType(numberOf(programTypes, 'type', type));
  }

  /** 'cgroup_inet_ingress', 'trace_fentry'; settable before load. bpf_program__expected_attach_type */
  get expectedAttachType(): OrNewer<AttachType> {
    return attachTypes.nameOf(this.#native.expectedAttachType);
  }
  set expectedAttachType(type: OrNewer<AttachType>) {
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
  get kernelLogLevel(): number {
    return this.#native.logLevel;
  }
  set kernelLogLevel(level: number) {
    checkInteger(level, 'kernelLogLevel', 0, 0xffff_ffff);
    this.#native.setLogLevel(level);
  }

  /**
   * What the verifier wrote in load(), whether it succeeded or not, into a buffer of setLogBuffer(); undefined without
   * one. Without kernelLogLevel it speaks only to reject.
   */
  get log(): string | undefined {
    return this.#native.log();
  }

  /**
   * Before load: has the verifier's log of this program kept in a buffer of so many bytes; 0 for none. With a kernelLogLevel,
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
    checkOptions<Parameters<BpfProgram['setAttachTarget']>[0]>(target, 'target', {
      program: 'any',
      function: 'string',
    });
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
    targets.keep(this, { function: name, ofProgram: fd !== undefined });
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
    try {
      return makeLink(this.#attachable, attachKinds(this), (native) => native.attach());
    } catch (error) {
      throw explainAttach(error, this);
    }
  }

  /** To a function of the kernel. bpf_program__attach_kprobe_opts; CONFIG_KPROBE_EVENTS */
  attachKprobe(functionName: string, options: KprobeOptions = {}): BpfLink {
    return tracing.attachKprobe(this.#attachable, functionName, options);
  }

  /** To many functions of the kernel at once. bpf_program__attach_kprobe_multi_opts; kernel 5.18, CONFIG_FPROBE */
  attachKprobeMulti(options: KprobeMultiOptions): BpfLink {
    return tracing.attachKprobeMulti(this.#attachable, options);
  }

  /** To a system call by its name ("openat"). bpf_program__attach_ksyscall; as attachKprobe() */
  attachKsyscall(name: string, options: KsyscallOptions = {}): BpfLink {
    return tracing.attachKsyscall(this.#attachable, name, options);
  }

  /**
   * To a function of a program or library, by its path (or a name to be looked for in PATH, or "libc.so.6").
   * bpf_program__attach_uprobe_opts; CONFIG_UPROBE_EVENTS
   */
  attachUprobe(path: string, options: UprobeOptions): BpfLink {
    return tracing.attachUprobe(this.#attachable, path, options);
  }

  /** To many functions of one file at once. bpf_program__attach_uprobe_multi; kernel 6.6 */
  attachUprobeMulti(path: string, options: UprobeMultiOptions): BpfLink {
    return tracing.attachUprobeMulti(this.#attachable, path, options);
  }

  /** To a statically defined tracepoint of a program or library (SEC("usdt")). bpf_program__attach_usdt */
  attachUsdt(path: string, provider: string, name: string, options: UsdtOptions = {}): BpfLink {
    return tracing.attachUsdt(this.#attachable, path, provider, name, options);
  }

  /** To a tracepoint: ('syscalls', 'sys_enter_openat'). bpf_program__attach_tracepoint_opts; needs tracefs to be mounted */
  attachTracepoint(category: string, name: string, options: CookieOptions = {}): BpfLink {
    return tracing.attachTracepoint(this.#attachable, category, name, options);
  }

  /** To a raw tracepoint: ('sched_switch'). bpf_program__attach_raw_tracepoint_opts; kernel 4.17, a cookie 6.10 */
  attachRawTracepoint(name: string, options: CookieOptions = {}): BpfLink {
    return tracing.attachRawTracepoint(this.#attachable, name, options);
  }

  /**
   * To a perf event: a PerfEvent, or the descriptor of one that was opened elsewhere. The link keeps the event by itself:
   * it may be closed right away. bpf_program__attach_perf_event_opts
   */
  attachPerfEvent(event: PerfEvent | number, options: CookieOptions = {}): BpfLink {
    return tracing.attachPerfEvent(this.#attachable, event, options);
  }

  /**
   * To a perf event of each CPU that is online, so that it runs `frequency` times a second on each (or once in `period` events): for
   * SEC("perf_event"). `close()` of what it gives ends it on all CPUs. CPUs that come online later are not sampled.
   * perf_event_open, bpf_program__attach_perf_event_opts
   * @throws BpfError ENOENT where the machine does not have the event; EACCES where kernel.perf_event_paranoid forbids it
   */
  sample(options: SampleOptions): Sampling {
    return sample(this.#attachable, options);
  }

  /** Where its section or setAttachTarget() says: fentry, fexit, fmod_ret, tp_btf. bpf_program__attach_trace_opts; kernel 5.5, a cookie 5.19 */
  attachTrace(options: CookieOptions = {}): BpfLink {
    return tracing.attachTrace(this.#attachable, options);
  }

  /** To the hook of the Linux security modules that its section names. bpf_program__attach_lsm; kernel 5.7, CONFIG_BPF_LSM */
  attachLsm(): BpfLink {
    return tracing.attachLsm(this.#attachable);
  }

  /**
   * In place of a function of another program (SEC("freplace")); without arguments where setAttachTarget() said.
   * bpf_program__attach_freplace; kernel 5.6, another target than at load 5.10
   */
  attachFreplace(target?: AnyProgram, functionName?: string): BpfLink {
    return tracing.attachFreplace(this.#attachable, target, functionName);
  }

  /**
   * To a cgroup (v2), by its folder or a descriptor of that. bpf_program__attach_cgroup_opts; kernel 5.7, `before` and
   * `after` 6.17
   */
  attachCgroup(cgroup: string | number, options: CgroupOptions = {}): BpfLink {
    return network.attachCgroup(this.#attachable, cgroup, options);
  }

  /**
   * To a network namespace, by its file (/proc/PID/ns/net, /run/netns/NAME) or a descriptor; default this process's:
   * flow dissectors and sk_lookup. bpf_program__attach_netns; kernel 5.8
   */
  attachNetns(netns: string | number = '/proc/self/ns/net', options: AttachTypeOptions = {}): BpfLink {
    return network.attachNetns(this.#attachable, netns, options);
  }

  /** To an interface, by name or index. bpf_program__attach_xdp; kernel 5.9 */
  attachXdp(target: string | number, options: XdpOptions = {}): BpfLink {
    return network.attachXdp(this.#attachable, target, options);
  }

  /** To traffic control of an interface, without a qdisc. bpf_program__attach_tcx; kernel 6.6 */
  attachTcx(target: string | number, options: TcxOptions = {}): BpfLink {
    return network.attachTcx(this.#attachable, target, options);
  }

  /** To a netkit device. bpf_program__attach_netkit; kernel 6.7 */
  attachNetkit(target: string | number, options: NetkitOptions = {}): BpfLink {
    return network.attachNetkit(this.#attachable, target, options);
  }

  /** To a hook of netfilter in this process's network namespace. bpf_program__attach_netfilter; kernel 6.4 */
  attachNetfilter(options: NetfilterOptions): BpfLink {
    return network.attachNetfilter(this.#attachable, options);
  }

  /** To a sockmap or sockhash: sk_skb and sk_msg programs. bpf_program__attach_sockmap; kernel 6.10 */
  attachSockmap(map: BpfMap | number, options: AttachTypeOptions = {}): BpfLink {
    return network.attachSockmap(this.#attachable, map, options);
  }

  /**
   * To a socket, by its descriptor, which stays the caller's: SEC("socket") filters what it receives, SEC("sk_reuseport") chooses
   * among the sockets that share its port. Another program that was attached to it in the same way is replaced. SO_ATTACH_BPF,
   * SO_ATTACH_REUSEPORT_EBPF of setsockopt(2); kernel 4.12
   */
  attachSocket(fd: number, options: SocketOptions = {}): SocketAttachment {
    return attachSocket(this.#attachable, this.type, fd, options);
  }

  /** A BPF iterator (SEC("iter/task")), whose link's iterate() walks. bpf_program__attach_iter; kernel 5.8 */
  attachIter(options: IterOptions = {}): BpfLink {
    return attachIter(this.#attachable, options);
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

  /** Of a program without its object: closes its descriptor and the links made through it. Safe to call more than once. */
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

markCopy(BpfProgram);

function numberOf(types: KindTable<string>, name: string, value: unknown): number {
  checkString(value, name);
  const number = types.numberOf(value);
  if (number !== undefined && number <= 0x7fff_ffff) return number;
  return refuse(name, `one of the kernel's names${alternatives(value, types.names)}`, value);
}
