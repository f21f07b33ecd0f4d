import { isStackOverflow } from '../../util/stack-overflow';
import type { Channel, Consumer, ReaderCore } from './consumer';
import { RecordMemory } from '../record/record-memory';

/** The caller of consume() who wants plain copies. */
export class Collector implements Consumer {
  readonly waiting = false;
  readonly stuck = false;
  readonly #core: ReaderCore;
  readonly records: unknown[] = [];
  #stopped = false;

  constructor(core: ReaderCore) {
    this.#core = core;
  }

  /** Whether the next record is one that is not of its type. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /**
   * Appends what a ring has now, and answers whether there may be more to collect. A record that is not of its type stays in
   * the ring, as all behind it do, until it is the first one: then it is skipped, and its error thrown. So nothing
   * good is lost with it.
   */
  collect(channel: Channel): boolean {
    const { native } = this.#core;
    const taken = native.take(channel.number);
    if (taken === 0) return false;
    const before = this.records.length;
    const memory = new RecordMemory();
    memory.begin(channel.source, taken);
    try {
      channel.form.plains(memory, 0, memory.count, this.records);
    } catch (error) {
      const good = this.records.length - before;
      const first = this.records.length === 0;
      // Without stack nothing is known of the record.
      native.release(channel.number, first && !isStackOverflow(error) ? 1 : good, true);
      if (first) throw error;
      this.#stopped = true;
      return false;
    } finally {
      memory.end(false);
    }
    native.releaseAll(channel.number);
    return true;
  }

  wake(): void {
    // It waits for nothing.
  }

  end(): void {
    // Nothing closes the reader in the middle of a call that runs no user code.
  }
}
