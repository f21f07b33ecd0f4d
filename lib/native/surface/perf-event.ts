import type { NativeFd } from './fd';

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
