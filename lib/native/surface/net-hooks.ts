/** What is attached over netlink, and knows no links: the TC hook, and XDP as it was before links. */

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
  };
}
