import { readSync } from 'node:fs';
import { checkInteger, checkOptions, checkUint64 } from '../../util/check';
import { ArgumentError, ClosedError } from '../../errors';
import { loadAddon } from '../../native/load/load';
import type { NativeFd } from '../../native/surface/handles';
import { onlineCpus } from '../../util/online-cpus';
import { alternatives } from '../../util/suggest';

/** linux/perf_event.h: enum perf_hw_id, the events of type 0. */
const HARDWARE = [
  'cpu_cycles',
  'instructions',
  'cache_references',
  'cache_misses',
  'branch_instructions',
  'branch_misses',
  'bus_cycles',
  'stalled_cycles_frontend',
  'stalled_cycles_backend',
  'ref_cpu_cycles',
] as const;

/** enum perf_sw_ids, the events of type 1. */
const SOFTWARE = [
  'cpu_clock',
  'task_clock',
  'page_faults',
  'context_switches',
  'cpu_migrations',
  'page_faults_min',
  'page_faults_maj',
  'alignment_faults',
  'emulation_faults',
  'dummy',
  'bpf_output',
  'cgroup_switches',
] as const;

/** The kernel's names, lower case: PERF_COUNT_HW_… and PERF_COUNT_SW_…. */
export type PerfEventName = (typeof HARDWARE)[number] | (typeof SOFTWARE)[number];

export interface PerfEventOptions {
  /** By name, or as perf_event_open(2) has it: `type` and `config`, for raw, cache, tracepoint and other PMUs' events. */
  readonly event:
    | PerfEventName
    | {
        readonly type: number;
        readonly config: bigint | number;
        readonly config1?: bigint | number | undefined;
        readonly config2?: bigint | number | undefined;
      };
  /** One thread (0: the calling one); default all, which needs a CPU. */
  readonly pid?: number | undefined;
  /** One CPU; default any, which needs a pid. */
  readonly cpu?: number | undefined;
  /** An attached program runs after every so many events (of clocks: nanoseconds). */
  readonly period?: bigint | number | undefined;
  /** Or about so many times a second; limited by the sysctl kernel.perf_event_max_sample_rate. */
  readonly frequency?: bigint | number | undefined;
  /** Count the threads and processes, too, that the thread starts from now on. */
  readonly inherit?: boolean | undefined;
  readonly excludeUser?: boolean | undefined;
  readonly excludeKernel?: boolean | undefined;
  /** Do not count before enable(), or before a program is attached. */
  readonly disabled?: boolean | undefined;
}

/** What a PerfEvent has counted. */
export interface PerfEventCount {
  readonly value: bigint;
  /** Nanoseconds; less of the second where several events share a counter of the CPU. */
  readonly timeEnabled: bigint;
  readonly timeRunning: bigint;
}

/** What is counted, wherever that is. */
export const COUNTING = {
  event: 'any',
  pid: 'integer',
  period: 'any',
  frequency: 'any',
  inherit: 'boolean',
  excludeUser: 'boolean',
  excludeKernel: 'boolean',
} as const;
const OPTIONS = { ...COUNTING, cpu: 'integer', disabled: 'boolean' } as const;

function resolveEvent(event: unknown): {
  type: number;
  config: bigint;
  config1?: bigint | undefined;
  config2?: bigint | undefined;
} {
  if (typeof event === 'string') {
    const type = (SOFTWARE as readonly string[]).includes(event) ? 1 : 0;
    const names: readonly string[] = type === 1 ? SOFTWARE : HARDWARE;
    if (names.includes(event)) return { type, config: BigInt(names.indexOf(event)) };
    throw new ArgumentError(
      `options.event: there is no event '${event}'${alternatives(event, [...SOFTWARE, ...HARDWARE])}`,
    );
  }
  checkOptions<Exclude<PerfEventOptions['event'], string>>(event, 'options.event', {
    type: 'integer',
    config: 'any',
    config1: 'any',
    config2: 'any',
  });
  const { type, config, config1, config2 } = event as Record<string, unknown>;
  checkInteger(type, 'options.event.type', 0, 0xffff_ffff);
  const optional = (value: unknown, name: string): bigint | undefined =>
    value === undefined ? undefined : checkUint64(value, `options.event.${name}`);
  return {
    type,
    config: checkUint64(config, 'options.event.config'),
    config1: optional(config1, 'config1'),
    config2: optional(config2, 'config2'),
  };
}

/**
 * A perf event (perf_event_open(2)): counts something of a thread or a CPU, and runs the programs that are attached to
 * it. Needs CAP_PERFMON, or the sysctl kernel.perf_event_paranoid.
 */
export class PerfEvent {
  readonly #native: NativeFd;
  readonly pid: number;
  readonly cpu: number;

  private constructor(native: NativeFd, pid: number, cpu: number) {
    this.#native = native;
    this.pid = pid;
    this.cpu = cpu;
  }

  /** @throws BpfError of perf_event_open: ENOENT where the machine does not have the event */
  static open(options: PerfEventOptions): PerfEvent {
    checkOptions<PerfEventOptions>(options, 'options', OPTIONS);
    const { event, pid = -1, cpu = -1, period, frequency, ...flags } = options;
    if (pid === -1 && cpu === -1) {
      throw new ArgumentError('options needs a pid or a cpu: openOnEachCpu() is for all of them');
    }
    if (period !== undefined && frequency !== undefined) {
      throw new ArgumentError('options.period and options.frequency exclude each other');
    }
    const native = loadAddon().openPerfEvent({
      ...resolveEvent(event),
      ...flags,
      pid,
      cpu,
      subject: `perf event${typeof event === 'string' ? ` '${event}'` : ''}`,
      period: period === undefined ? undefined : checkUint64(period, 'options.period'),
      frequency: frequency === undefined ? undefined : checkUint64(frequency, 'options.frequency'),
    });
    return new PerfEvent(native, pid, cpu);
  }

  /** One on each CPU that is online: of all threads, or of the one that `pid` names. */
  static openOnEachCpu(options: Omit<PerfEventOptions, 'cpu'>): PerfEvent[] {
    const events: PerfEvent[] = [];
    try {
      for (const cpu of onlineCpus()) events.push(PerfEvent.open({ ...options, cpu }));
      return events;
    } catch (error) {
      for (const event of events) event.close();
      throw error;
    }
  }

  /** -1 once closed. */
  get fd(): number {
    return this.#native.fd;
  }

  get closed(): boolean {
    return this.#native.fd < 0;
  }

  /** What it has counted so far. */
  read(): PerfEventCount {
    const values = new BigUint64Array(3);
    readSync(this.#open(), values);
    return { value: values[0] ?? 0n, timeEnabled: values[1] ?? 0n, timeRunning: values[2] ?? 0n };
  }

  enable(): void {
    loadAddon().controlPerfEvent(this.#open(), 'enable');
  }

  disable(): void {
    loadAddon().controlPerfEvent(this.#open(), 'disable');
  }

  /** Starts from 0 again; the times go on. */
  reset(): void {
    loadAddon().controlPerfEvent(this.#open(), 'reset');
  }

  /** Safe to call more than once. A link that was made to it keeps it counting. */
  close(): void {
    this.#native.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #open(): number {
    const { fd } = this.#native;
    if (fd < 0) throw new ClosedError('this perf event is closed');
    return fd;
  }
}
