/** The options of each kind of attachment, as src/link/attach.cc reads them. 64-bit numbers are bigints. */

export type ProbeMode = 'default' | 'legacy' | 'perf' | 'link';

interface Many {
  readonly pattern?: string | undefined;
  readonly functions?: readonly string[] | undefined;
  readonly cookies?: BigUint64Array | undefined;
  readonly retprobe?: boolean | undefined;
  readonly session?: boolean | undefined;
}

export interface NativeAttachments {
  kprobe: {
    readonly function: string;
    readonly offset?: number | undefined;
    readonly retprobe?: boolean | undefined;
    readonly cookie?: bigint | undefined;
    readonly mode?: ProbeMode | undefined;
  };
  kprobeMulti: Many & {
    readonly addresses?: BigUint64Array | undefined;
    readonly uniqueMatch?: boolean | undefined;
  };
  ksyscall: {
    readonly name: string;
    readonly retprobe?: boolean | undefined;
    readonly cookie?: bigint | undefined;
  };
  uprobe: {
    readonly path: string;
    readonly function?: string | undefined;
    readonly offset?: number | undefined;
    readonly refCtrOffset?: number | undefined;
    /** undefined: all processes; 0: this one. */
    readonly pid?: number | undefined;
    readonly retprobe?: boolean | undefined;
    readonly cookie?: bigint | undefined;
    readonly mode?: ProbeMode | undefined;
  };
  uprobeMulti: Many & {
    readonly path: string;
    readonly pid?: number | undefined;
    readonly offsets?: BigUint64Array | undefined;
    readonly refCtrOffsets?: BigUint64Array | undefined;
  };
  usdt: {
    readonly path: string;
    readonly provider: string;
    readonly name: string;
    readonly pid?: number | undefined;
    readonly cookie?: bigint | undefined;
  };
  tracepoint: { readonly category: string; readonly name: string; readonly cookie?: bigint | undefined };
  rawTracepoint: { readonly name: string; readonly cookie?: bigint | undefined };
  /** `fd` is duplicated. */
  perfEvent: { readonly fd: number; readonly cookie?: bigint | undefined };
  trace: { readonly cookie?: bigint | undefined };
  lsm: object;
  freplace: { readonly target?: number | undefined; readonly function?: string | undefined };
  /** bpf_link_create to a descriptor or an interface's index. */
  target: {
    readonly target: number;
    /** By default the program's own. */
    readonly attachType?: number | undefined;
    readonly flags?: number | undefined;
    readonly relativeFd?: number | undefined;
    readonly relativeId?: number | undefined;
    readonly expectedRevision?: bigint | undefined;
  };
  netfilter: {
    readonly protocolFamily: number;
    readonly hook: number;
    readonly priority: number;
    readonly flags?: number | undefined;
  };
  /** Those of one group only: a map; a cgroup; a task. */
  iter: {
    readonly mapFd?: number | undefined;
    readonly order?: number | undefined;
    readonly cgroupFd?: number | undefined;
    readonly cgroupId?: bigint | undefined;
    readonly tid?: number | undefined;
    readonly pid?: number | undefined;
    readonly pidFd?: number | undefined;
  };
}
