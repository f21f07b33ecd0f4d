import { BusyError, ClosedError } from '../../errors';
import type { NativeRecordReader } from '../../native/surface/events';
import type { Channel, Consumer, ReaderCore } from './consumer';
import { Watcher } from './watcher';

/** What is behind a reader: who consumes its records, and when they are looked for. */
export class Core implements ReaderCore {
  readonly native: NativeRecordReader;
  readonly channels: Channel[] = [];
  readonly #name: string;
  readonly #watcher: Watcher;
  readonly #close: () => void;
  #consumer: Consumer | undefined;
  #closed = false;

  /** `close` is called where its rings cannot be read any more. */
  constructor(native: NativeRecordReader, name: string, busyPoll: boolean, close: () => void) {
    this.native = native;
    this.#name = name;
    this.#close = close;
    this.#watcher = new Watcher(native, busyPoll, () => {
      if (this.#consumer?.waiting !== true) {
        this.#watcher.rest();
        return;
      }
      this.flush();
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  check(operation: string): void {
    if (this.#closed) throw new ClosedError(`${operation}: the reader of ${this.#name} is closed`);
  }

  /** Makes it the one consumer, if there is no other. */
  claim(operation: string, consumer: Consumer): void {
    this.check(operation);
    if (this.#consumer !== undefined && this.#consumer !== consumer) {
      throw new BusyError(
        `${operation}: the records of ${this.#name} go to somebody else already (a listener of 'records', an iteration, ` +
          'or consume()); a reader has one consumer at a time',
      );
    }
    this.#consumer = consumer;
  }

  attach(consumer: Consumer): void {
    this.claim('read', consumer);
  }

  detach(consumer: Consumer): void {
    if (this.#consumer !== consumer) return;
    this.#consumer = undefined;
    this.update();
  }

  update(): void {
    if (!this.#closed) this.#watcher.want(this.#consumer?.waiting === true);
  }

  reference(on: boolean): void {
    if (!this.#closed) this.#watcher.reference(on);
  }

  /** Looks for records now. There may be more than come at once: the next turn of the event loop looks again. */
  flush(): void {
    const consumer = this.#consumer;
    try {
      consumer?.wake();
    } catch (error) {
      // Somebody else reads the ring, too. Without this the same error would come with each turn of the event loop.
      if (consumer?.stuck === true) this.#close();
      throw error;
    } finally {
      this.update();
    }
  }

  close(): void {
    const consumer = this.#consumer;
    this.#consumer = undefined;
    try {
      consumer?.end();
    } finally {
      this.#closed = true;
      this.native.close();
    }
  }
}
