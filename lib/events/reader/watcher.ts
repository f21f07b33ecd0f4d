import { WATCH, type NativeRecordReader } from '../../native/surface/events';

/** When a reader looks for records, and whether that keeps the process alive. */
export class Watcher {
  readonly #native: NativeRecordReader;
  readonly #busyPoll: boolean;
  readonly #readable: () => void;
  #mode: number = WATCH.stopped;
  #wanted = false;
  #referenced: boolean | undefined;
  /** What the addon was told last; a new watch is referenced. */
  #told = true;

  /** `readable` is called when there may be records. */
  constructor(native: NativeRecordReader, busyPoll: boolean, readable: () => void) {
    this.#native = native;
    this.#busyPoll = busyPoll;
    this.#readable = readable;
  }

  /** Whether somebody waits for records. Polling goes on when nobody does any more: mostly somebody soon will again. */
  want(wanted: boolean): void {
    this.#wanted = wanted;
    if (wanted) {
      this.#set(WATCH.poll);
      // More may be there than one turn takes, and records that were submitted without a wake-up.
      this.#native.spin(this.#busyPoll);
    } else if (this.#busyPoll || this.#mode !== WATCH.poll) {
      this.#rest();
    }
    this.#tell();
  }

  reference(on: boolean): void {
    this.#referenced = on;
    if (!this.#wanted) this.#rest();
    this.#tell();
  }

  /** Nobody waits: records stay in the kernel, and the event loop must not spin because of them. */
  rest(): void {
    this.#rest();
    this.#tell();
  }

  #rest(): void {
    this.#set(this.#referenced === true ? WATCH.idle : WATCH.stopped);
  }

  #set(mode: number): void {
    if (mode === this.#mode) return;
    this.#mode = mode;
    this.#native.watch(mode, mode === WATCH.poll ? this.#readable : undefined);
  }

  #tell(): void {
    const keep = this.#wanted ? this.#referenced !== false : this.#referenced === true;
    if (keep === this.#told || this.#mode === WATCH.stopped) return;
    this.#told = keep;
    this.#native.reference(keep);
  }
}
