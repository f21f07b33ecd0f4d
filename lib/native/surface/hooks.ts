/** What is attached without a link: TC and XDP over netlink, bpf_prog_attach, sockets; and the perf events that programs run on. */

import type { NativeFd } from './handles';

export interface NativeTcHook {
  readonly ifindex: number;
  /** enum bpf_tc_attach_point: 1 ingress, 2 egress; their sum for the qdisc itself. */
  readonly attachPoint: number;
  readonly parent?: number | undefined;
}

export interface NativeTcOptions {
  readonly program?: number | undefined;
  readonly handle?: number | undefined;
  readonly priority?: number | undefined;
  readonly replace?: boolean | undefined;
}

export interface NativeTcAttached {
  readonly handle: number;
  readonly priority: number;
  readonly programId: number;
}

export interface NativeNetHooks {
  /** if_nametoindex */
  interfaceIndex(name: string): number;
  /** bpf_tc_hook_create; false where there is one already. */
  createTcHook(hook: NativeTcHook): boolean;
  destroyTcHook(hook: NativeTcHook): void;
  attachTc(hook: NativeTcHook, options: NativeTcOptions): NativeTcAttached;
  detachTc(hook: NativeTcHook, options: NativeTcOptions): void;
  queryTc(hook: NativeTcHook, options: NativeTcOptions): NativeTcAttached;
  /** bpf_xdp_attach; `expected` is the descriptor of the program that must be attached now. */
  attachXdp(ifindex: number, program: number, flags: number, expected?: number): void;
  detachXdp(ifindex: number, flags: number, expected?: number): void;
  queryXdp(ifindex: number): {
    /** XDP_ATTACHED_…: 0 none, 1 driver, 2 generic, 3 hardware, 4 several. */
    readonly attached: number;
    readonly programId: number;
    readonly driverProgramId: number;
    readonly hardwareProgramId: number;
    readonly genericProgramId: number;
    /** NETDEV_XDP_ACT_… of linux/netdev.h, as a sum; 0 where the kernel does not say. */
    readonly features: number;
    readonly zeroCopyMaxSegments: number;
  };
}

/** Attachments by bpf_prog_attach, which knows no links; and what is attached somewhere in either way. */
export interface NativeProgramAttach {
  /**
   * bpf_prog_attach_opts: to the file behind a descriptor. The answer is a duplicate of that. `subject` is what errors call
   * the target; `replace` the descriptor of the program whose place it takes.
   */
  attachProgram(
    target: number,
    program: number,
    attachType: number,
    flags: number,
    replace: number | undefined,
    subject: string,
  ): NativeFd;
  /** bpf_prog_detach_opts */
  detachProgram(target: number, program: number, attachType: number, subject: string): void;
  /** bpf_prog_query_opts; `withLinks`: kernel 6.6. Ids in the order in which they run. */
  queryPrograms(
    target: number,
    attachType: number,
    flags: number,
    withLinks: boolean,
    subject: string,
  ): NativeAttached;
}

export interface NativeAttached {
  readonly programIds: Uint32Array;
  readonly linkIds: Uint32Array;
  readonly attachFlags: number;
  readonly revision: bigint;
}

/** Programs of sockets, by setsockopt(2). */
export interface NativeSocketAttach {
  /** SO_ATTACH_BPF, or SO_ATTACH_REUSEPORT_EBPF. The answer is the socket's cookie (SO_COOKIE). */
  attachSocket(fd: number, program: number, reuseport: boolean, subject: string): bigint;
  /** SO_DETACH_BPF, or SO_DETACH_REUSEPORT_BPF; false where the descriptor is not that socket's any more. */
  detachSocket(fd: number, reuseport: boolean, cookie: bigint, subject: string): boolean;
}

export interface NativePerfEvents {
  /** perf_event_open */
  openPerfEvent(options: {
    /** What errors call it. */
    readonly subject: string;
    readonly type: number;
    readonly config: bigint;
    readonly config1?: bigint | undefined;
    readonly config2?: bigint | undefined;
    /** -1: all. */
    readonly pid: number;
    /** -1: any. */
    readonly cpu: number;
    /** One of the two. */
    readonly period?: bigint | undefined;
    readonly frequency?: bigint | undefined;
    readonly inherit?: boolean | undefined;
    readonly excludeUser?: boolean | undefined;
    readonly excludeKernel?: boolean | undefined;
    readonly disabled?: boolean | undefined;
  }): NativeFd;
  controlPerfEvent(fd: number, operation: 'enable' | 'disable' | 'reset'): void;
}
