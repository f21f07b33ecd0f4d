/** Attaching programs to functions, events and probes, of the kernel and of processes. */
import { checkInteger, checkOptions, checkString, refuse } from '../../util/check';
import type { ProbeMode } from '../../native/surface/attach';
import { checkBigInts, checkCookie } from './attach-options';
import type { NativeProgram } from '../../native/surface/program';
import { keepParent } from '../../util/primordials';
import type { BpfLink } from '../link/bpf-link';
import { PerfEvent } from './perf-event';
import { attachWith, ProgramHandle } from './attachable';

export interface CookieOptions {
  /** What bpf_get_attach_cookie() answers in the program, 64 bits: tells one attachment from another. Kernel 5.15. */
  readonly cookie?: bigint | number | undefined;
}

export interface KprobeOptions extends CookieOptions {
  /** Where in the function, in bytes; default its entry. */
  readonly offset?: number | undefined;
  /** When the function returns. */
  readonly retprobe?: boolean | undefined;
  /** By which of the kernel's ways; default the newest it has. enum probe_attach_mode */
  readonly mode?: ProbeMode | undefined;
}

export interface KprobeMultiOptions {
  /** Functions by a pattern with `*` and `?`; needs tracefs. One of pattern, functions and addresses. */
  readonly pattern?: string | undefined;
  readonly functions?: readonly string[] | undefined;
  readonly addresses?: readonly bigint[] | undefined;
  /** One for each of functions or addresses. */
  readonly cookies?: readonly (bigint | number)[] | undefined;
  readonly retprobe?: boolean | undefined;
  /** Entry and return by one program (SEC("kprobe.session")); kernel 6.10. */
  readonly session?: boolean | undefined;
  /** The pattern must match one function exactly; libbpf 1.6. */
  readonly uniqueMatch?: boolean | undefined;
}

export interface KsyscallOptions extends CookieOptions {
  readonly retprobe?: boolean | undefined;
}

export interface ProcessOptions {
  /** Of this process only (0: our own); default all that run the file, now or later. */
  readonly pid?: number | undefined;
}

export interface UprobeOptions extends CookieOptions, ProcessOptions {
  /** A function's name, or `name@VERSION`; without it, `offset` counts from the start of the file. */
  readonly function?: string | undefined;
  /** Bytes into the function, or into the file. */
  readonly offset?: number | undefined;
  /** Where in the file a counter is that the kernel increments while somebody is attached (a USDT semaphore). */
  readonly refCtrOffset?: number | undefined;
  readonly retprobe?: boolean | undefined;
  readonly mode?: ProbeMode | undefined;
}

export interface UprobeMultiOptions extends ProcessOptions {
  /** Functions by a pattern with `*` and `?`. One of pattern, functions and offsets. */
  readonly pattern?: string | undefined;
  readonly functions?: readonly string[] | undefined;
  readonly offsets?: readonly (bigint | number)[] | undefined;
  /** One for each of functions or offsets, as cookies are. */
  readonly refCtrOffsets?: readonly (bigint | number)[] | undefined;
  readonly cookies?: readonly (bigint | number)[] | undefined;
  readonly retprobe?: boolean | undefined;
  /** Entry and return by one program (SEC("uprobe.session")); kernel 6.13. */
  readonly session?: boolean | undefined;
}

export interface UsdtOptions extends CookieOptions, ProcessOptions {}

const MODES = ['default', 'legacy', 'perf', 'link'] as const;

/** The ways to attach tracing programs. */
export abstract class TracingAttachments extends ProgramHandle {
  static {
    keepParent(this);
  }

  /** @internal Written out: V8 passes the arguments of an implicit one through an iterator, which could be another's. */
  protected constructor(native: NativeProgram, links: Set<BpfLink> | undefined) {
    super(native, links);
  }

  /** To a function of the kernel. bpf_program__attach_kprobe_opts; CONFIG_KPROBE_EVENTS */
  attachKprobe(functionName: string, options: KprobeOptions = {}): BpfLink {
    checkString(functionName, 'function name');
    checkOptions(options, 'options', { offset: 'integer', retprobe: 'boolean', cookie: 'any', mode: MODES });
    const { offset, retprobe, mode } = options;
    return attachWith(this, 'kprobe', {
      function: functionName,
      offset,
      retprobe,
      mode,
      cookie: checkCookie(options.cookie),
    });
  }

  /** To many functions of the kernel at once. bpf_program__attach_kprobe_multi_opts; kernel 5.18, CONFIG_FPROBE */
  attachKprobeMulti(options: KprobeMultiOptions): BpfLink {
    checkOptions(options, 'options', {
      pattern: 'string',
      functions: 'any',
      addresses: 'any',
      cookies: 'any',
      retprobe: 'boolean',
      session: 'boolean',
      uniqueMatch: 'boolean',
    });
    const { pattern, functions, addresses, cookies, ...rest } = options;
    return attachWith(
      this,
      'kprobeMulti',
      {
        ...rest,
        pattern,
        functions,
        addresses: checkBigInts(addresses, 'options.addresses'),
        cookies: checkBigInts(cookies, 'options.cookies'),
      },
      { attachType: options.session === true ? 'trace_kprobe_session' : 'trace_kprobe_multi' },
    );
  }

  /** To a system call by its name ("openat"). bpf_program__attach_ksyscall; as attachKprobe() */
  attachKsyscall(name: string, options: KsyscallOptions = {}): BpfLink {
    checkString(name, 'system call');
    checkOptions(options, 'options', { retprobe: 'boolean', cookie: 'any' });
    const { retprobe } = options;
    return attachWith(this, 'ksyscall', { name, retprobe, cookie: checkCookie(options.cookie) });
  }

  /**
   * To a function of a program or library, by its path (or a name to be looked for in PATH, or "libc.so.6").
   * bpf_program__attach_uprobe_opts; CONFIG_UPROBE_EVENTS
   */
  attachUprobe(path: string, options: UprobeOptions): BpfLink {
    checkString(path, 'path');
    checkOptions(options, 'options', {
      function: 'string',
      offset: 'integer',
      refCtrOffset: 'integer',
      pid: 'integer',
      retprobe: 'boolean',
      cookie: 'any',
      mode: MODES,
    });
    if (options.function === undefined && options.offset === undefined) {
      refuse('options', 'with a function or an offset', options);
    }
    return attachWith(this, 'uprobe', { ...options, path, cookie: checkCookie(options.cookie) });
  }

  /** To many functions of one file at once. bpf_program__attach_uprobe_multi; kernel 6.6 */
  attachUprobeMulti(path: string, options: UprobeMultiOptions): BpfLink {
    checkString(path, 'path');
    checkOptions(options, 'options', {
      pattern: 'string',
      functions: 'any',
      offsets: 'any',
      refCtrOffsets: 'any',
      cookies: 'any',
      pid: 'integer',
      retprobe: 'boolean',
      session: 'boolean',
    });
    return attachWith(
      this,
      'uprobeMulti',
      {
        ...options,
        path,
        offsets: checkBigInts(options.offsets, 'options.offsets'),
        refCtrOffsets: checkBigInts(options.refCtrOffsets, 'options.refCtrOffsets'),
        cookies: checkBigInts(options.cookies, 'options.cookies'),
      },
      { attachType: options.session === true ? 'trace_uprobe_session' : 'trace_uprobe_multi' },
    );
  }

  /** To a statically defined tracepoint of a program or library (SEC("usdt")). bpf_program__attach_usdt */
  attachUsdt(path: string, provider: string, name: string, options: UsdtOptions = {}): BpfLink {
    checkString(path, 'path');
    checkString(provider, 'provider');
    checkString(name, 'name');
    checkOptions(options, 'options', { pid: 'integer', cookie: 'any' });
    const { pid } = options;
    return attachWith(this, 'usdt', { path, provider, name, pid, cookie: checkCookie(options.cookie) });
  }

  /** To a tracepoint: ('syscalls', 'sys_enter_openat'). bpf_program__attach_tracepoint_opts; needs tracefs to be mounted */
  attachTracepoint(category: string, name: string, options: CookieOptions = {}): BpfLink {
    checkString(category, 'category');
    checkString(name, 'name');
    checkOptions(options, 'options', { cookie: 'any' });
    return attachWith(this, 'tracepoint', { category, name, cookie: checkCookie(options.cookie) });
  }

  /** To a raw tracepoint: ('sched_switch'). bpf_program__attach_raw_tracepoint_opts; kernel 4.17, a cookie 6.10 */
  attachRawTracepoint(name: string, options: CookieOptions = {}): BpfLink {
    checkString(name, 'name');
    checkOptions(options, 'options', { cookie: 'any' });
    return attachWith(this, 'rawTracepoint', { name, cookie: checkCookie(options.cookie) });
  }

  /**
   * To a perf event: a PerfEvent, or the descriptor of one that was opened elsewhere. The link keeps the event by itself:
   * it may be closed right away. bpf_program__attach_perf_event_opts
   */
  attachPerfEvent(event: PerfEvent | number, options: CookieOptions = {}): BpfLink {
    checkOptions(options, 'options', { cookie: 'any' });
    const fd = event instanceof PerfEvent ? event.fd : event;
    checkInteger(fd, 'event (a PerfEvent or a file descriptor)', 0, 0x7fff_ffff);
    return attachWith(this, 'perfEvent', { fd, cookie: checkCookie(options.cookie) });
  }

  /** Where its section or setAttachTarget() says: fentry, fexit, fmod_ret, tp_btf. bpf_program__attach_trace_opts; kernel 5.5, a cookie 5.19 */
  attachTrace(options: CookieOptions = {}): BpfLink {
    checkOptions(options, 'options', { cookie: 'any' });
    return attachWith(this, 'trace', { cookie: checkCookie(options.cookie) });
  }

  /** To the hook of the Linux security modules that its section names. bpf_program__attach_lsm; kernel 5.7, CONFIG_BPF_LSM */
  attachLsm(): BpfLink {
    return attachWith(this, 'lsm', {});
  }

  /**
   * In place of a function of another program (SEC("freplace")); without arguments where setAttachTarget() said.
   * bpf_program__attach_freplace; kernel 5.6, another target than at load 5.10
   */
  attachFreplace(target?: ProgramHandle, functionName?: string): BpfLink {
    if (target === undefined) return attachWith(this, 'freplace', {});
    if (!(target instanceof ProgramHandle)) refuse('target', 'a BpfProgram', target);
    checkString(functionName, 'function name');
    return attachWith(this, 'freplace', { target: target.fd, function: functionName });
  }
}
