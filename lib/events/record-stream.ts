import { checkOptions, refuse } from '../check';
import type { Channel, Consumer, ReaderCore } from './consumer';
import type { RecordForm } from './record-batch';
import { RecordMemory } from './record-memory';

export interface StreamOptions {
  /** Ends the iteration: it throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

interface Waiter<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: Error) => void;
}

const rejected = (error: Error): Promise<never> => Promise.reject(error);

/** The kernel gets room back after so many records, or a sixteenth of the ring. */
const GIVE_BACK = 64;
const DONE = { value: undefined, done: true } as const;

export function checkSignal(
  signal: unknown,
  name = 'options.signal',
): asserts signal is AbortSignal | undefined {
  if (signal !== undefined && !(signal instanceof AbortSignal)) refuse(name, 'an AbortSignal', signal);
}

export function checkStreamOptions(options: StreamOptions): void {
  checkOptions(options, 'options', { signal: 'any' });
  checkSignal(options.signal);
}

/**
 * The records one by one, as plain copies. They are read out of the ring only when they are asked for: who is slow
 * leaves them in the kernel, and who stops leaves the rest to the next one.
 */
export class RecordStream<T> implements AsyncIterableIterator<T, undefined>, Consumer {
  readonly #open: () => ReaderCore;
  readonly #ended: () => void;
  readonly #form: RecordForm | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #memory = new RecordMemory();
  readonly #waiters: Waiter<T>[] = [];
  #core: ReaderCore | undefined;
  #current: RecordForm | undefined;
  #channel: Channel | undefined;
  /** Which ring to look into first, so that each has its turn. */
  #turn = 0;
  #next = 0;
  #count = 0;
  #givenBack = 0;
  #held = 0;
  #done = false;
  #failure: { readonly error: unknown } | undefined;

  /**
   * @internal `open` gives the reader when the first record is asked for; `ended` is called when the iteration is over.
   * `form` takes the place of the reader's own.
   */
  constructor(
    open: () => ReaderCore,
    form: RecordForm | undefined,
    { signal }: StreamOptions,
    ended: () => void = () => undefined,
  ) {
    this.#open = open;
    this.#ended = ended;
    this.#form = form;
    this.#signal = signal;
  }

  /** @internal */
  get waiting(): boolean {
    return this.#waiters.length > 0;
  }

  /** @internal What fails ends the iteration. */
  get stuck(): boolean {
    return false;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#next < this.#count && this.#waiters.length === 0) {
      let value;
      try {
        value = this.#take();
      } catch (error) {
        this.#finish();
        return rejected(error as Error);
      }
      return Promise.resolve({ value, done: false });
    }
    if (this.#done) return this.#afterEnd();
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#wait();
    });
  }

  /** Ends the iteration (`break` calls it): what was not given out stays in the ring. */
  return(): Promise<IteratorResult<T, undefined>> {
    this.#finish();
    return Promise.resolve(DONE);
  }

  throw(error?: unknown): Promise<IteratorResult<T, undefined>> {
    this.#finish();
    return rejected(error as Error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** @internal */
  wake(): void {
    while (this.#waiters.length > 0) {
      let value;
      try {
        if (this.#next >= this.#count && !this.#refill()) return;
        value = this.#take();
      } catch (error) {
        this.#fail(error);
        return;
      }
      this.#waiters.shift()?.resolve({ value, done: false });
    }
    this.#core?.update();
  }

  /** @internal The reader closes: a clean end. */
  end(): void {
    this.#finish();
  }

  #afterEnd(): Promise<IteratorResult<T, undefined>> {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure === undefined ? Promise.resolve(DONE) : rejected(failure.error as Error);
  }

  /** Once the records at hand are gone. New ones come with a turn of the event loop, never at once: timers must have theirs. */
  #wait(): void {
    try {
      if (this.#core === undefined) {
        this.#begin();
        this.wake();
      } else {
        this.#giveBack();
      }
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#core?.update();
  }

  #begin(): void {
    this.#signal?.throwIfAborted();
    const core = this.#open();
    core.attach(this);
    this.#core = core;
    this.#signal?.addEventListener('abort', this.#abort, { once: true });
  }

  readonly #abort = (): void => {
    this.#fail(this.#signal?.reason);
  };

  #refill(): boolean {
    this.#giveBack();
    const core = this.#core;
    if (core === undefined) return false;
    const { channels, native } = core;
    for (let i = 0; i < channels.length; i++) {
      const channel = channels[(this.#turn + i) % channels.length] as Channel;
      const count = native.take(channel.number);
      if (count === 0) continue;
      this.#turn = (this.#turn + i + 1) % channels.length;
      this.#channel = channel;
      this.#current = this.#form ?? channel.form;
      this.#memory.begin(channel.source, count);
      this.#next = 0;
      this.#count = count;
      this.#givenBack = 0;
      return true;
    }
    return false;
  }

  #take(): T {
    const i = this.#next++;
    const value = this.#current?.plain(this.#memory, i) as T;
    this.#held += this.#memory.index[2 * i + 1] as number;
    if ((this.#next & (GIVE_BACK - 1)) === 0 || this.#held > this.#memory.u8.length / 32) this.#giveBack();
    return value;
  }

  #giveBack(): void {
    const channel = this.#channel;
    if (channel === undefined || this.#core === undefined) return;
    this.#held = 0;
    if (this.#next >= this.#count) {
      this.#channel = undefined;
      this.#core.native.releaseAll(channel.number);
    } else {
      const count = this.#next - this.#givenBack;
      this.#givenBack = this.#next;
      this.#core.native.release(channel.number, count, false);
    }
  }

  #fail(error: unknown): void {
    const first = this.#waiters.shift();
    this.#finish();
    if (first === undefined) this.#failure = { error };
    else first.reject(error as Error);
  }

  #finish(): void {
    if (this.#done) return;
    this.#done = true;
    const core = this.#core;
    const channel = this.#channel;
    const given = this.#next - this.#givenBack;
    this.#core = undefined;
    this.#channel = undefined;
    this.#next = 0;
    this.#count = 0;
    this.#memory.end();
    this.#signal?.removeEventListener('abort', this.#abort);
    for (const waiter of this.#waiters.splice(0)) waiter.resolve(DONE);
    try {
      if (channel !== undefined) core?.native.release(channel.number, given, true);
    } finally {
      core?.detach(this);
      this.#ended();
    }
  }
}
