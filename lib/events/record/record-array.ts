import { ArgumentError, ReadOnlyError } from '../../errors';
import { setFallback } from '../../memory/region/fallback';
import { inspectLive, jsonOf } from '../../memory/view/inspect';
import { checkOurs, type OURS } from '../../util/ours';
import { over, type RecordMemory } from './record-memory';

/** How the elements are read: the compiled class of their struct. */
export interface RecordElements {
  /** Bytes of one. */
  readonly size: number;
  readonly view: (memory: RecordMemory, offset: number, length: number) => unknown;
  readonly plain: (memory: RecordMemory, offset: number, length: number) => unknown;
}

/**
 * An array of structs within a record in place. Nothing of it is read before an element is asked for, which is a view like the record.
 * Valid during the callback that the record came to, and read-only.
 */
export class RecordArray<V = unknown> implements Iterable<V> {
  readonly #memory: RecordMemory;
  readonly #offset: number;
  readonly #bytes: number;
  readonly #elements: RecordElements;
  readonly #length: number;

  /** @internal `bytes` from `offset` on belong to it. */
  constructor(
    ours: typeof OURS,
    memory: RecordMemory,
    offset: number,
    bytes: number,
    elements: RecordElements,
    length: number,
  ) {
    checkOurs(ours, 'RecordArray', 'a record has it');
    this.#memory = memory;
    this.#offset = offset;
    this.#bytes = bytes;
    this.#elements = elements;
    this.#length = length;
  }

  get length(): number {
    return this.#length;
  }

  /** Element number i, from the end for negative ones; undefined where there is none. @throws ClosedError after the callback */
  at(i: number): V | undefined {
    const integer = Math.trunc(i) || 0;
    const place = integer < 0 ? this.#length + integer : integer;
    return place >= 0 && place < this.#length ? (this.#element(place, this.#elements.view) as V) : undefined;
  }

  *[Symbol.iterator](): Iterator<V, undefined> {
    for (let i = 0; i < this.#length; i++) yield this.#element(i, this.#elements.view) as V;
  }

  /** Plain copies of all elements, to keep. */
  read(): unknown[] {
    return Array.from({ length: this.#length }, (_, i) => this.#element(i, this.#elements.plain));
  }

  /** Plain data: bigints as decimal strings, char arrays as text. */
  toJSON(): unknown {
    return jsonOf(this.read());
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth: number, options: object, inspect: unknown): string {
    return inspectLive(`RecordArray(${this.#length})`, () => this.read(), depth, options, inspect);
  }

  #element(i: number, read: RecordElements['view']): unknown {
    if (this.#memory.source === undefined) throw over();
    const { size } = this.#elements;
    return read(this.#memory, this.#offset + i * size, Math.min(size, this.#bytes - i * size));
  }
}

setFallback(RecordArray.prototype, {
  get(array, key) {
    if (typeof key !== 'string' || !/^(0|[1-9]\d*)$/.test(key)) return undefined;
    if (!(array instanceof RecordArray)) throw new ArgumentError('expected the array of a record');
    return { value: array.at(Number(key)) };
  },
  set(_, key) {
    throw new ReadOnlyError(`records are read-only: '${String(key)}' cannot be set`);
  },
});
