import { bytesAt, ended, overBatch, type RecordMemory } from './record-memory';

/** Whose records they are. */
export interface RecordOrigin {
  /** The map's name. */
  readonly map: string;
  /** Of a perf buffer: the CPU that wrote them. */
  readonly cpu: number | undefined;
}

/** How the records of a batch are read. */
export interface RecordForm {
  readonly makeBatch: MakeBatch;
  /** Appends plain copies of the records from number `from` to before `end`. What was appended stays, whatever a later one throws. */
  plains(memory: RecordMemory, from: number, end: number, to: unknown[]): void;
  /** What `at(i)` of a batch gives. */
  view(memory: RecordMemory, i: number): unknown;
}

export type MakeBatch = (memory: RecordMemory, form: RecordForm, origin: RecordOrigin) => RecordBatch;

/**
 * The records that came with one wake-up, in the kernel's memory. Valid during the callback: after it every use of the
 * batch or of a view from it throws ClosedError. Structs are views, which cost nothing to keep nobody from; `read()`
 * copies.
 */
export class RecordBatch<V = unknown, T = unknown> implements Iterable<V> {
  readonly #memory: RecordMemory;
  readonly #form: RecordForm;
  /** The name of the map they come from. */
  readonly map: string;
  /** Of a perf buffer: the CPU that wrote them. */
  readonly cpu: number | undefined;

  /** @internal */
  constructor(memory: RecordMemory, form: RecordForm, origin: RecordOrigin) {
    this.#memory = memory;
    this.#form = form;
    this.map = origin.map;
    this.cpu = origin.cpu;
  }

  /** How many records there are; 0 once the reader is closed. @throws ClosedError after the callback */
  get length(): number {
    return this.#memory.count || ended(this.#memory);
  }

  /** Record number i, from the end for negative ones; undefined where there is none. @throws ClosedError after the callback */
  at(i: number): V | undefined {
    const place = this.#place(i);
    return place === undefined ? undefined : (this.#form.view(this.#memory, place) as V);
  }

  /** A copy of the bytes of record number i. */
  bytes(i: number): Uint8Array<ArrayBuffer> | undefined {
    const place = this.#place(i);
    if (place === undefined) return undefined;
    return bytesAt(this.#memory, this.#memory.offsetOf(place), this.#memory.lengthOf(place));
  }

  /** Ends where the reader is closed meanwhile. @throws ClosedError after the callback */
  forEach(use: (record: V, i: number, batch: this) => void): void {
    this.#live();
    for (let i = 0; i < this.#memory.count; i++) use(this.#form.view(this.#memory, i) as V, i, this);
  }

  /** The records in their order. Ends where the reader is closed meanwhile. @throws ClosedError after the callback */
  *[Symbol.iterator](): Iterator<V, undefined> {
    for (let i = 0; i < this.#memory.count; i++) yield this.#form.view(this.#memory, i) as V;
    ended(this.#memory);
  }

  /** Plain copies of all of them. */
  read(): T[] {
    this.#live();
    const records: T[] = [];
    this.#form.plains(this.#memory, 0, this.#memory.count, records);
    return records;
  }

  #live(): void {
    if (this.#memory.source === undefined) throw overBatch();
  }

  #place(i: number): number | undefined {
    this.#live();
    const integer = Math.trunc(i) || 0;
    const place = integer < 0 ? this.#memory.count + integer : integer;
    return place >= 0 && place < this.#memory.count ? place : undefined;
  }
}
