import { onAbort, ON_ABORT, type OnAbort } from '../../util/abort';
import { checkOptions, checkSignal } from '../../util/check';
import { isStackOverflow } from '../../util/stack-overflow';
import { DEEP, ensureStack, SHALLOW } from '../../native/load/ensure-stack';
import type { Channel, Consumer, ReaderCore } from './consumer';
import type { RecordForm } from '../record/record-batch';
import { RecordMemory } from '../record/record-memory';

export interface StreamOptions {
  /** Ends the iteration when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** How: 'throw' (the default) throws the signal's reason, 'end' ends the loop without an error. */
  readonly onAbort?: 'throw' | 'end' | undefined;
}

interface Waiter<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: Error) => void;
}

const rejected = (error: Error): Promise<never> => Promise.reject(error);

/** So many records are read at once. */
const AT_ONCE = 64;

/** The kernel gets the room of so many back at once, or a sixteenth of the ring. */
const GIVE_BACK = 256;

/** Milliseconds that more is taken in one turn of the event loop: a turn costs as much as some hundred records. */
const TURN = 1;
const now = performance.now.bind(performance);

const DONE = { value: undefined, done: true } as const;

export function checkStreamOptions(options: StreamOptions): void {
  checkOptions<StreamOptions>(options, 'options', { signal: 'any', onAbort: ON_ABORT });
  checkSignal(options.signal);
}

/**
 * The records one by one, as plain copies. They are taken from the ring only when they are given out: who is slow
 * leaves them in the kernel, and who stops leaves the rest to the next one.
 */
export class RecordStream<T> implements AsyncIterableIterator<T, undefined>, Consumer {
  readonly #open: () => ReaderCore;
  readonly #lost: () => number | undefined;
  readonly #ended: () => void;
  readonly #form: RecordForm | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort: OnAbort;
  readonly #memory = new RecordMemory();
  readonly #waiters: Waiter<T>[] = [];
  #core: ReaderCore | undefined;
  #current: RecordForm | undefined;
  #channel: Channel | undefined;
  /** Which ring to look into first, so that each has its turn. */
  #turn = 0;
  /** Records that are read, to be given out, and how many of them are. */
  #ready: unknown[] = [];
  #given = 0;
  /** How many records of `#memory` are read, how many of those the kernel has back, and the bytes of the others. */
  #read = 0;
  #givenBack = 0;
  #held = 0;
  /** Until when more is taken in this turn of the event loop. */
  #turnEnds = 0;
  #done = false;
  /** Hears of the signal no more. */
  #forget = (): void => undefined;
  #failure: { readonly error: unknown } | undefined;

  /**
   * @internal `open` gives the reader when the first record is asked for; `ended` is called when the iteration is over.
   * `form` takes the place of the reader's own.
   */
  constructor(
    open: () => ReaderCore,
    form: RecordForm | undefined,
    { signal, onAbort: whenAborted = 'throw' }: StreamOptions,
    ended: () => void = () => undefined,
    lost: () => number | undefined = () => undefined,
  ) {
    this.#lost = lost;
    this.#open = open;
    this.#ended = ended;
    this.#form = form;
    this.#signal = signal;
    this.#onAbort = whenAborted;
  }

  /** As in MapRecords. */
  get lost(): number | undefined {
    return this.#lost();
  }

  /** As all of a Consumer: for the reader. */
  get waiting(): boolean {
    return this.#waiters.length > 0;
  }

  /** What fails ends the iteration. */
  get stuck(): boolean {
    return false;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#given < this.#ready.length) {
      return Promise.resolve({ value: this.#ready[this.#given++] as T, done: false });
    }
    return this.#nextRead();
  }

  /** Apart, so that V8 has little to put into the loop above it. */
  #nextRead(): Promise<IteratorResult<T, undefined>> {
    if (this.#done) return this.#afterEnd();
    try {
      if (this.#readMore() || this.#refillInTurn()) return this.next();
      // It looks for records before it waits.
      ensureStack(DEEP);
    } catch (error) {
      // Nothing has changed then: the caller may go on from where there is more of it.
      if (isStackOverflow(error)) throw error;
      this.#finish();
      return rejected(error as Error);
    }
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#wait();
    });
  }

  /** Ends the iteration (`break` calls it): what was not given out stays in the ring. */
  return(): Promise<IteratorResult<T, undefined>> {
    ensureStack(SHALLOW);
    this.#finish();
    return Promise.resolve(DONE);
  }

  throw(error?: unknown): Promise<IteratorResult<T, undefined>> {
    ensureStack(SHALLOW);
    this.#finish();
    return rejected(error as Error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  wake(): void {
    this.#turnEnds = now() + TURN;
    while (this.#waiters.length > 0) {
      let value;
      try {
        if (this.#given >= this.#ready.length && !this.#readMore() && !this.#refill()) return;
        value = this.#ready[this.#given++] as T;
      } catch (error) {
        this.#fail(error);
        return;
      }
      this.#waiters.shift()?.resolve({ value, done: false });
    }
    this.#core?.update();
  }

  /** The reader closes: a clean end. */
  end(): void {
    this.#finish();
  }

  #afterEnd(): Promise<IteratorResult<T, undefined>> {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure === undefined ? Promise.resolve(DONE) : rejected(failure.error as Error);
  }

  /** Once the records at hand are gone, and the time for this turn of the event loop: timers must have theirs. */
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
    if (this.#signal?.aborted === true && this.#onAbort === 'end') {
      this.#finish();
      return;
    }
    this.#signal?.throwIfAborted();
    const core = this.#open();
    core.attach(this);
    this.#core = core;
    this.#forget = onAbort(this.#signal, this.#abort);
  }

  readonly #abort = (): void => {
    if (this.#onAbort === 'end') this.#finish();
    else this.#fail(this.#signal?.reason);
  };

  #refillInTurn(): boolean {
    return this.#core !== undefined && now() < this.#turnEnds && this.#refill();
  }

  #refill(): boolean {
    ensureStack(SHALLOW);
    this.#giveBack();
    const core = this.#core;
    if (core === undefined) return false;
    const { channels, native } = core;
    for (let i = 0; i < channels.length; i++) {
      const channel = channels[(this.#turn + i) % channels.length] as Channel;
      const taken = native.take(channel.number);
      if (taken === 0) continue;
      this.#turn = (this.#turn + i + 1) % channels.length;
      this.#channel = channel;
      this.#current = this.#form ?? channel.form;
      this.#memory.begin(channel.source, taken);
      this.#read = 0;
      this.#givenBack = 0;
      return this.#readMore();
    }
    return false;
  }

  /** Reads the next records of those that are taken; false where there are none. All that were read are given out. */
  #readMore(): boolean {
    const memory = this.#memory;
    const from = this.#read;
    if (this.#channel === undefined || from >= memory.count) return false;
    const most = (memory.source?.size ?? 0) / 32;
    if (from - this.#givenBack >= GIVE_BACK || this.#held > most) {
      ensureStack(SHALLOW);
      this.#giveBack();
    }
    let end = from;
    let held = this.#held;
    while (end < memory.count && end - from < AT_ONCE && held <= most) held += memory.lengthOf(end++);
    const ready: unknown[] = [];
    let failed: { readonly error: unknown } | undefined;
    try {
      this.#current?.plains(memory, from, end, ready);
    } catch (error) {
      if (isStackOverflow(error)) throw error;
      // Those before it come first. It counts as given out: the next iteration goes on after it.
      end = from + Math.max(1, ready.length);
      if (ready.length === 0) failed = { error };
    }
    this.#held = held;
    this.#ready = ready;
    this.#given = 0;
    this.#read = end;
    if (failed !== undefined) throw failed.error;
    return true;
  }

  /** What was given out. */
  #giveBack(): void {
    const channel = this.#channel;
    if (channel === undefined || this.#core === undefined) return;
    const count = this.#outstanding();
    this.#held = 0;
    this.#givenBack += count;
    if (this.#givenBack < this.#memory.count) {
      this.#core.native.release(channel.number, count, false);
    } else {
      this.#channel = undefined;
      this.#core.native.releaseAll(channel.number);
    }
  }

  /** How many records were given out, and not given back. */
  #outstanding(): number {
    return this.#read - (this.#ready.length - this.#given) - this.#givenBack;
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
    const given = this.#outstanding();
    this.#core = undefined;
    this.#channel = undefined;
    this.#ready = [];
    this.#given = 0;
    this.#read = 0;
    this.#givenBack = 0;
    this.#memory.end(false);
    this.#forget();
    for (const waiter of this.#waiters.splice(0)) waiter.resolve(DONE);
    try {
      if (channel !== undefined) core?.native.release(channel.number, given, true);
    } finally {
      core?.detach(this);
      this.#ended();
    }
  }
}
