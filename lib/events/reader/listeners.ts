import type { Channel, Consumer, ReaderCore } from './consumer';
import { RecordMemory } from '../record/record-memory';
import type { Batch } from './types';

type Listener<T> = (batch: Batch<T>) => void;

/** Those who get whole batches: the listeners of 'records', or the caller of consume(). */
export class Listeners<T> implements Consumer {
  readonly #core: ReaderCore;
  #listeners: readonly Listener<T>[] = [];
  /** Of the batch that is being handed out. */
  #memory: RecordMemory | undefined;
  #channel: Channel | undefined;
  /** Whether they wait in the event loop; consume() does not. */
  readonly #loop: boolean;
  #stuck = false;

  constructor(core: ReaderCore, loop: boolean) {
    this.#core = core;
    this.#loop = loop;
  }

  get waiting(): boolean {
    return this.#loop && this.#listeners.length > 0;
  }

  get stuck(): boolean {
    return this.#stuck;
  }

  add(listener: Listener<T>): void {
    this.#listeners = [...this.#listeners, listener];
  }

  delete(listener: Listener<T>): void {
    const at = this.#listeners.lastIndexOf(listener);
    if (at >= 0) this.#listeners = this.#listeners.filter((_, i) => i !== at);
  }

  /** One batch of each ring: the event loop has other work, too. */
  wake(): void {
    // flush() in a listener: what has come since is for the next turn, or those who produce as fast would never let go.
    if (this.#memory !== undefined) return;
    const { channels } = this.#core;
    // By their index: an iterator could be another's.
    for (let i = 0; i < channels.length; i++) {
      if (this.#core.closed || !this.waiting) return;
      this.deliver(channels[i] as Channel);
    }
  }

  /** Hands one batch out, and answers how many records were in it. */
  deliver(channel: Channel): number {
    const { native } = this.#core;
    this.#stuck = true;
    const taken = native.take(channel.number);
    this.#stuck = false;
    if (taken === 0) return 0;
    const memory = new RecordMemory();
    memory.begin(channel.source, taken);
    const { count } = memory;
    const batch = channel.form.makeBatch(memory, channel.form, channel.origin) as Batch<T>;
    this.#memory = memory;
    this.#channel = channel;
    try {
      for (const listener of this.#listeners) listener(batch);
    } finally {
      this.#finish(false);
    }
    return count;
  }

  end(): void {
    this.#finish(true);
  }

  /** The batch is over, and counts as consumed. */
  #finish(closed: boolean): void {
    const channel = this.#channel;
    this.#memory?.end(closed);
    this.#memory = undefined;
    this.#channel = undefined;
    if (channel === undefined || this.#core.closed) return;
    this.#stuck = true;
    this.#core.native.releaseAll(channel.number);
    this.#stuck = false;
  }
}
