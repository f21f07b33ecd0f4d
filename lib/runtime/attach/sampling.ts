/** `program.sample()`: a program that runs so many times a second on each CPU. */
import { closeAll } from '../../util/closable';
import { checkOptions, refuse } from '../../util/check';
import { checkOurs, OURS } from '../../util/ours';
import type { BpfLink } from '../link/bpf-link';
import { attachPerfEvent, type CookieOptions } from './attach-tracing';
import type { Attachable } from './attachable';
import { COUNTING, PerfEvent, type PerfEventOptions } from './perf-event';

/** `frequency` or `period` must be there. */
export interface SampleOptions extends Omit<PerfEventOptions, 'event' | 'cpu' | 'disabled'>, CookieOptions {
  /** What is counted. Default 'cpu_clock', which every machine has; 'cpu_cycles' needs the processor's counters. */
  readonly event?: PerfEventOptions['event'] | undefined;
}

const OPTIONS = { ...COUNTING, cookie: 'any' } as const;

/** A program's links to the perf events of all CPUs, which end together. */
export class Sampling {
  /** One per CPU that was online, in the order of `kernel.onlineCpus`. */
  readonly links: readonly BpfLink[];

  /** @internal */
  constructor(ours: typeof OURS, links: readonly BpfLink[]) {
    checkOurs(ours, 'Sampling', 'program.sample() gives one');
    this.links = Object.freeze(links);
  }

  /** Whether no link is open any more: closed here, one by one, or with their object. */
  get closed(): boolean {
    return this.links.every(({ closed }) => closed);
  }

  /** Ends the sampling on all CPUs. Safe to call more than once. */
  close(): void {
    closeAll(new Set(this.links));
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

export function sample(program: Attachable, options: SampleOptions): Sampling {
  checkOptions<SampleOptions>(options, 'options', OPTIONS);
  const { event = 'cpu_clock', cookie, ...counting } = options;
  if (counting.frequency === undefined && counting.period === undefined) {
    refuse('options', 'with a frequency or a period', options);
  }
  const links: BpfLink[] = [];
  const events = PerfEvent.openOnEachCpu({ ...counting, event });
  try {
    for (const opened of events) links.push(attachPerfEvent(program, opened, { cookie }));
  } catch (error) {
    closeAll(new Set(links));
    throw error;
  } finally {
    // Each link keeps its event.
    closeAll(new Set(events));
  }
  return new Sampling(OURS, links);
}
