import { inspect } from 'node:util';
import { refuse } from '../../util/check';
import { ensureStack, SHALLOW } from '../../native/load/ensure-stack';
import { SHORT, type RecordType } from '../record/record-form';
import { Collector } from './collector';
import type { Channel } from './consumer';
import { Listeners } from './listeners';
import type { Core } from './reader-core';
import { checkStreamOptions, RecordStream, type StreamOptions } from './record-stream';
import type { Batch } from './types';
import { show } from '../../util/show';

export interface RecordOptions {
  /**
   * What the records are: the C name of a struct, or { tag, types }. Without it they are what the map's definition says
   * (`__type(value, struct event)`), else Uint8Arrays; null: Uint8Arrays always.
   */
  readonly type?: RecordType | undefined;
  /**
   * What 64-bit integers become. 'number' makes no garbage, and throws ValueRangeError where one is not a safe integer. Default:
   * as in the map, see BpfMap.withInt64().
   */
  readonly int64?: 'bigint' | 'number' | undefined;
  /**
   * 'zero': records may be shorter than their type, as those of programs that submit no more than is used. What is missing is 0, an
   * array at the end is as long as what came (in a perf buffer up to 7 bytes longer: the kernel pads). Default: RecordError.
   */
  readonly short?: 'zero' | undefined;
}

export interface ReaderOptions extends RecordOptions {
  /**
   * Looks for records in every turn of the event loop, which then never sleeps: the lowest latency, for a whole CPU.
   * Only while somebody waits for records.
   */
  readonly busyPoll?: boolean | undefined;
}

export const RECORD_OPTIONS = { type: 'any', int64: ['bigint', 'number'], short: SHORT } as const;
export const READER_OPTIONS = { ...RECORD_OPTIONS, busyPoll: 'boolean' } as const;

/** How often one call of consume() looks for more, when they come faster than they go. */
const ROUNDS = 1024;

/** What readers of ring buffers and of perf buffers have in common. */
export abstract class RecordReader<T = unknown> {
  readonly #core: Core;
  readonly #listeners: Listeners<T>;

  /** @internal */
  protected constructor(core: Core) {
    this.#core = core;
    this.#listeners = new Listeners<T>(core, true);
    core.onStuck(() => {
      this.close();
    });
  }

  get closed(): boolean {
    return this.#core.closed;
  }

  /**
   * The records one by one, as plain copies, from all maps in turn. Who is slow leaves them in the kernel; `break`
   * leaves the rest to the next iteration. While it waits, the process stays alive (but see unref()).
   * @param type instead of the one that the reader was made with
   * @throws (when iterated) RecordError for a record that is not of the type; BusyError while somebody else consumes
   */
  records<R = unknown>(type: RecordType, options?: StreamOptions): AsyncIterableIterator<R, undefined>;
  records(type?: undefined, options?: StreamOptions): AsyncIterableIterator<T, undefined>;
  records(type?: RecordType, options: StreamOptions = {}): AsyncIterableIterator<unknown, undefined> {
    checkStreamOptions(options);
    this.#core.check('read');
    return new RecordStream(() => this.#core, this.#core.formLike(type), options);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    return this.records();
  }

  /**
   * 'records': calls the listener with whole batches, the fastest way. A batch and its views are valid during the call
   * only. What a listener throws is an uncaught exception; its batch counts as consumed.
   * @throws BusyError while somebody iterates
   */
  on(event: 'records', listener: (batch: Batch<T>) => void): this {
    checkListener(event, listener);
    ensureStack(SHALLOW);
    this.#core.claim('listen', this.#listeners);
    this.#listeners.add(listener);
    this.#core.update();
    return this;
  }

  /** Takes a listener away. Without any, records stay in the kernel. */
  off(event: 'records', listener: (batch: Batch<T>) => void): this {
    checkListener(event, listener);
    ensureStack(SHALLOW);
    this.#listeners.delete(listener);
    if (!this.#listeners.waiting) this.#core.detach(this.#listeners);
    return this;
  }

  /**
   * What is there now, for scripts that poll: as plain copies, or handed in batches to `use`, and answers how many
   * there were. It looks at the rings themselves, and needs no wake-up. ring_buffer__consume
   * @throws BusyError while somebody listens or iterates; RecordError for a record that is not of the type, which is skipped
   * then: as plain copies those before it come first, and the next call throws
   */
  consume(): T[];
  consume(use: (batch: Batch<T>) => void): number;
  consume(use?: (batch: Batch<T>) => void): T[] | number {
    if (use !== undefined && typeof use !== 'function') refuse('use', 'a function', use);
    ensureStack(SHALLOW);
    return use === undefined ? this.#collect() : this.#drain(use);
  }

  /**
   * Gives out the records that were submitted without a wake-up (BPF_RB_NO_WAKEUP), to the listeners or to the
   * iteration that waits; where nobody does, nothing happens.
   */
  flush(): void {
    this.#core.check('flush');
    ensureStack(SHALLOW);
    this.#core.flush();
  }

  /** Keeps the process alive for this reader, even while nobody waits for records. */
  ref(): this {
    this.#core.reference(true);
    return this;
  }

  /** Lets the process end although somebody waits for records. */
  unref(): this {
    this.#core.reference(false);
    return this;
  }

  /** Ends iterations and batches, and lets go of the maps. Twice is fine, and so is the middle of a callback. */
  close(): void {
    if (this.#core.closed) return;
    ensureStack(SHALLOW);
    this.#core.leave(this);
    this.#core.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  [inspect.custom](_depth: number, options: object): string {
    return show(this.constructor.name, this.shown(), options);
  }

  /** @internal What inspect() shows. */
  protected shown(): Record<string, () => unknown> {
    return { maps: () => Array.from(this.#core.maps, ({ name }) => name), closed: () => this.closed };
  }

  /** @internal An iteration whose end closes the reader. */
  recordsThenClose(options: StreamOptions, lost: () => number | undefined): RecordStream<T> {
    return new RecordStream<T>(
      () => this.#core,
      undefined,
      options,
      () => {
        this.close();
      },
      lost,
    );
  }

  #collect(): T[] {
    const collector = new Collector(this.#core);
    this.#core.claim('consume', collector);
    try {
      const { channels } = this.#core;
      // By their index: an iterator could be another's.
      for (let i = 0; i < channels.length; i++) {
        const channel = channels[i] as Channel;
        for (let round = 0; round < ROUNDS && collector.collect(channel); round++);
        if (collector.stopped) break;
      }
    } finally {
      this.#core.detach(collector);
    }
    return collector.records as T[];
  }

  #drain(use: (batch: Batch<T>) => void): number {
    const consumer = new Listeners<T>(this.#core, false);
    this.#core.claim('consume', consumer);
    consumer.add(use);
    let total = 0;
    try {
      const { channels } = this.#core;
      for (let i = 0; i < channels.length; i++) {
        const channel = channels[i] as Channel;
        for (let round = 0; round < ROUNDS && !this.closed; round++) {
          const count = consumer.deliver(channel);
          if (count === 0) break;
          total += count;
        }
      }
    } finally {
      this.#core.detach(consumer);
    }
    return total;
  }
}

function checkListener(event: unknown, listener: unknown): void {
  if (event !== 'records') refuse('event', "'records'", event);
  if (typeof listener !== 'function') refuse('listener', 'a function', listener);
}
