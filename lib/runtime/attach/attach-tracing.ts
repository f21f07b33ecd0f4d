/** Attaching programs to functions, events and probes, of the kernel and of processes. */
import type { ProbeMode } from '../../native/surface/attach';
import { since } from '../../uapi/requirement';
import { checkInteger, checkString, refuse } from '../../util/check';
import type { BpfLink } from '../link/bpf-link';
import { attachKind, checkKind, type NoOptions } from './attach-kind';
import { checkBigInts, checkCookie } from './attach-options';
import { attachWith, checkProgram, type AnyProgram, type Attachable } from './attachable';
import { PerfEvent } from './perf-event';
import { PERF_TYPE_TRACEPOINT, tracepointId } from './tracepoint-id';

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

export const TRACING = {
  attachKprobe: attachKind<KprobeOptions>({
    call: 'bpf_program__attach_kprobe_opts',
    needs: since('4.1', 'CONFIG_KPROBE_EVENTS'),
    sections: ['kprobe', 'kretprobe'],
    options: { offset: 'integer', retprobe: 'boolean', cookie: 'any', mode: MODES },
  }),
  attachKprobeMulti: attachKind<KprobeMultiOptions>({
    call: 'bpf_program__attach_kprobe_multi_opts',
    needs: since('5.18', 'CONFIG_FPROBE'),
    options: {
      pattern: 'string',
      functions: 'any',
      addresses: 'any',
      cookies: 'any',
      retprobe: 'boolean',
      session: 'boolean',
      uniqueMatch: 'boolean',
    },
  }),
  attachKsyscall: attachKind<KsyscallOptions>({
    call: 'bpf_program__attach_ksyscall',
    needs: since('4.1', 'CONFIG_KPROBE_EVENTS'),
    sections: ['ksyscall', 'kretsyscall'],
    options: { retprobe: 'boolean', cookie: 'any' },
  }),
  attachUprobe: attachKind<UprobeOptions>({
    call: 'bpf_program__attach_uprobe_opts',
    needs: since('4.3', 'CONFIG_UPROBE_EVENTS'),
    sections: ['uprobe', 'uprobe.s', 'uretprobe', 'uretprobe.s'],
    options: {
      function: 'string',
      offset: 'integer',
      refCtrOffset: 'integer',
      pid: 'integer',
      retprobe: 'boolean',
      cookie: 'any',
      mode: MODES,
    },
  }),
  attachUprobeMulti: attachKind<UprobeMultiOptions>({
    call: 'bpf_program__attach_uprobe_multi',
    needs: since('6.6', 'CONFIG_UPROBES'),
    options: {
      pattern: 'string',
      functions: 'any',
      offsets: 'any',
      refCtrOffsets: 'any',
      cookies: 'any',
      pid: 'integer',
      retprobe: 'boolean',
      session: 'boolean',
    },
  }),
  attachUsdt: attachKind<UsdtOptions>({
    call: 'bpf_program__attach_usdt',
    needs: since('4.9', 'CONFIG_UPROBE_EVENTS'),
    sections: ['usdt', 'usdt.s'],
    options: { pid: 'integer', cookie: 'any' },
  }),
  attachTracepoint: attachKind<CookieOptions>({
    call: 'bpf_program__attach_tracepoint_opts',
    needs: since('4.7', 'CONFIG_BPF_EVENTS'),
    sections: ['tp', 'tracepoint'],
    options: { cookie: 'any' },
  }),
  attachRawTracepoint: attachKind<CookieOptions>({
    call: 'bpf_program__attach_raw_tracepoint_opts',
    needs: since('4.17', 'CONFIG_BPF_EVENTS'),
    options: { cookie: 'any' },
  }),
  attachPerfEvent: attachKind<CookieOptions>({
    call: 'bpf_program__attach_perf_event_opts',
    needs: since('4.9', 'CONFIG_BPF_EVENTS'),
    options: { cookie: 'any' },
  }),
  attachTrace: attachKind<CookieOptions>({
    call: 'bpf_program__attach_trace_opts',
    needs: since('5.5', 'CONFIG_DEBUG_INFO_BTF'),
    options: { cookie: 'any' },
  }),
  attachLsm: attachKind<NoOptions>({
    call: 'bpf_program__attach_lsm',
    needs: since('5.7', 'CONFIG_BPF_LSM'),
    options: {},
  }),
  attachFreplace: attachKind<NoOptions>({
    call: 'bpf_program__attach_freplace',
    needs: since('5.6', 'CONFIG_BPF_JIT'),
    options: {},
  }),
} as const;

export function attachKprobe(program: Attachable, functionName: string, options: KprobeOptions): BpfLink {
  checkString(functionName, 'function name');
  checkKind(TRACING.attachKprobe, options);
  const { cookie, ...rest } = options;
  const native = { ...rest, function: functionName, cookie: checkCookie(cookie) };
  return attachWith(program, 'kprobe', native, TRACING.attachKprobe);
}

export function attachKprobeMulti(program: Attachable, options: KprobeMultiOptions): BpfLink {
  checkKind(TRACING.attachKprobeMulti, options);
  const { addresses, cookies, ...rest } = options;
  return attachWith(
    program,
    'kprobeMulti',
    {
      ...rest,
      addresses: checkBigInts(addresses, 'options.addresses'),
      cookies: checkBigInts(cookies, 'options.cookies'),
    },
    {
      ...TRACING.attachKprobeMulti,
      attachType: options.session === true ? 'trace_kprobe_session' : 'trace_kprobe_multi',
    },
  );
}

export function attachKsyscall(program: Attachable, name: string, options: KsyscallOptions): BpfLink {
  checkString(name, 'system call');
  checkKind(TRACING.attachKsyscall, options);
  const { retprobe, cookie } = options;
  const native = { name, retprobe, cookie: checkCookie(cookie) };
  return attachWith(program, 'ksyscall', native, TRACING.attachKsyscall);
}

export function attachUprobe(program: Attachable, path: string, options: UprobeOptions): BpfLink {
  checkString(path, 'path');
  checkKind(TRACING.attachUprobe, options);
  if (options.function === undefined && options.offset === undefined) {
    refuse('options', 'with a function or an offset', options);
  }
  const native = { ...options, path, cookie: checkCookie(options.cookie) };
  return attachWith(program, 'uprobe', native, TRACING.attachUprobe);
}

export function attachUprobeMulti(program: Attachable, path: string, options: UprobeMultiOptions): BpfLink {
  checkString(path, 'path');
  checkKind(TRACING.attachUprobeMulti, options);
  return attachWith(
    program,
    'uprobeMulti',
    {
      ...options,
      path,
      offsets: checkBigInts(options.offsets, 'options.offsets'),
      refCtrOffsets: checkBigInts(options.refCtrOffsets, 'options.refCtrOffsets'),
      cookies: checkBigInts(options.cookies, 'options.cookies'),
    },
    {
      ...TRACING.attachUprobeMulti,
      attachType: options.session === true ? 'trace_uprobe_session' : 'trace_uprobe_multi',
    },
  );
}

export function attachUsdt(
  program: Attachable,
  path: string,
  provider: string,
  name: string,
  options: UsdtOptions,
): BpfLink {
  checkString(path, 'path');
  checkString(provider, 'provider');
  checkString(name, 'name');
  checkKind(TRACING.attachUsdt, options);
  const { pid } = options;
  const native = { path, provider, name, pid, cookie: checkCookie(options.cookie) };
  return attachWith(program, 'usdt', native, TRACING.attachUsdt);
}

export function attachTracepoint(
  program: Attachable,
  category: string,
  name: string,
  options: CookieOptions,
): BpfLink {
  checkString(category, 'category');
  checkString(name, 'name');
  checkKind(TRACING.attachTracepoint, options);
  const cookie = checkCookie(options.cookie);
  if (program.links !== undefined)
    return attachWith(program, 'tracepoint', { category, name, cookie }, TRACING.attachTracepoint);
  // Without its object, as libbpf does it: a tracepoint is a perf event of any CPU.
  using event = PerfEvent.open({
    event: { type: PERF_TYPE_TRACEPOINT, config: tracepointId(category, name) },
    cpu: 0,
  });
  return attachWith(program, 'perfEvent', { fd: event.fd, cookie }, TRACING.attachTracepoint);
}

export function attachRawTracepoint(program: Attachable, name: string, options: CookieOptions): BpfLink {
  checkString(name, 'name');
  checkKind(TRACING.attachRawTracepoint, options);
  const native = { name, cookie: checkCookie(options.cookie) };
  return attachWith(program, 'rawTracepoint', native, TRACING.attachRawTracepoint);
}

export function attachPerfEvent(
  program: Attachable,
  event: PerfEvent | number,
  options: CookieOptions,
): BpfLink {
  checkKind(TRACING.attachPerfEvent, options);
  const fd = event instanceof PerfEvent ? event.fd : event;
  checkInteger(fd, 'event (a PerfEvent or a file descriptor)', 0, 0x7fff_ffff);
  const native = { fd, cookie: checkCookie(options.cookie) };
  return attachWith(program, 'perfEvent', native, TRACING.attachPerfEvent);
}

export function attachTrace(program: Attachable, options: CookieOptions): BpfLink {
  checkKind(TRACING.attachTrace, options);
  return attachWith(program, 'trace', { cookie: checkCookie(options.cookie) }, TRACING.attachTrace);
}

export const attachLsm = (program: Attachable): BpfLink => attachWith(program, 'lsm', {}, TRACING.attachLsm);

export function attachFreplace(
  program: Attachable,
  target: AnyProgram | undefined,
  functionName: string | undefined,
): BpfLink {
  if (target === undefined) return attachWith(program, 'freplace', {}, TRACING.attachFreplace);
  checkProgram(target, 'target');
  checkString(functionName, 'function name');
  const native = { target: target.fd, function: functionName };
  return attachWith(program, 'freplace', native, TRACING.attachFreplace);
}
