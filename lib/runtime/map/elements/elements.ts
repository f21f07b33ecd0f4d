import { types } from 'node:util';
import { asError } from '../../../btf/codec/misfit';
import { viewOf } from '../../../util/bytes';
import { checkInteger, refuse } from '../../../util/check';
import { ValueRangeError } from '../../../errors';
import { BatchReader, batchSize, type BatchOptions } from './batch-reader';
import { BatchWriter } from './batch-writer';
import { ElementCalls } from './element-calls';
import { elementCodecs, type ElementCodec, type ElementCodecs, type ElementShape } from './element-codecs';

const MAX_FLAGS = Number.MAX_SAFE_INTEGER;

/** The elements of one map, typed. Keys and values are checked, by code that may be the user's, before anything is stored. */
export class Elements {
  readonly calls: ElementCalls;
  readonly #shape: ElementShape;
  readonly #key: ElementCodec;
  readonly #value: ElementCodec;
  readonly #keyOffset: number;
  readonly #valueOffset: number;
  readonly #maxEntries: number;

  constructor(calls: ElementCalls, shape: ElementShape, maxEntries: number) {
    const { key, value } = elementCodecs(shape);
    this.calls = calls;
    this.#shape = shape;
    this.#key = key;
    this.#value = value;
    this.#keyOffset = calls.layout.keyOffset;
    this.#valueOffset = calls.layout.valueOffset;
    this.#maxEntries = maxEntries;
  }

  get(key: unknown, flags: number): unknown {
    if (flags !== 0) checkFlags(flags);
    this.#putKey(key);
    return this.calls.lookup(flags) ? this.#read() : undefined;
  }

  has(key: unknown): boolean {
    this.#putKey(key);
    return this.calls.lookup(0);
  }

  set(key: unknown, value: unknown, flags: number): void {
    if (flags !== 0) checkFlags(flags);
    const staged = this.#stageKey(key);
    const stagedValue = this.#stageValue(value);
    this.#key.put(this.calls.view, this.#keyOffset, staged);
    this.#value.put(this.calls.view, this.#valueOffset, stagedValue);
    this.calls.update(flags);
  }

  delete(key: unknown): boolean {
    this.#putKey(key);
    return this.calls.delete();
  }

  take(key: unknown, flags: number): unknown {
    checkFlags(flags);
    this.#putKey(key);
    return this.calls.take(flags) ? this.#readTaken() : undefined;
  }

  push(value: unknown, flags: number): void {
    checkFlags(flags);
    this.#putValue(value);
    this.calls.update(flags);
  }

  pop(): unknown {
    return this.calls.take(0) ? this.#readTaken() : undefined;
  }

  peek(): unknown {
    return this.calls.lookup(0) ? this.#read() : undefined;
  }

  mayContain(value: unknown): boolean {
    this.#putValue(value);
    return this.calls.lookup(0);
  }

  *entries(options: BatchOptions): Generator<[unknown, unknown], void, undefined> {
    const reader = this.reader(options, false);
    const { keySize, valueSize } = this.calls.layout;
    for (let count = reader.next(); count > 0; count = reader.next()) {
      const keys = viewOf(reader.keys);
      const values = viewOf(reader.values);
      for (let i = 0; i < count; i++) {
        yield [this.#key.read(keys, i * keySize), this.#value.read(values, i * valueSize)];
      }
    }
  }

  *keys(options: BatchOptions): Generator {
    const reader = this.reader(options, false);
    const { keySize } = this.calls.layout;
    for (let count = reader.next(); count > 0; count = reader.next()) {
      const keys = viewOf(reader.keys);
      for (let i = 0; i < count; i++) yield this.#key.read(keys, i * keySize);
    }
  }

  *values(options: BatchOptions): Generator {
    const reader = this.reader(options, false);
    const { valueSize } = this.calls.layout;
    for (let count = reader.next(); count > 0; count = reader.next()) {
      const values = viewOf(reader.values);
      for (let i = 0; i < count; i++) yield this.#value.read(values, i * valueSize);
    }
  }

  /** The next elements as an array; undefined at the end. What was removed and cannot be read comes with the error. */
  batch(reader: BatchReader, removed: boolean): [unknown, unknown][] | undefined {
    const count = reader.next();
    if (count === 0) return undefined;
    const codecs = { key: this.#key, value: this.#value };
    try {
      return decode(codecs, reader, count, this.calls.layout);
    } catch (error) {
      if (!removed) throw error;
      const safe = elementCodecs({ ...this.#shape, int64: 'bigint' });
      throw withTaken(error, decode(safe, reader, count, this.calls.layout));
    }
  }

  reader(options: BatchOptions, remove: boolean): BatchReader {
    // Looked at once: a getter may answer differently each time.
    const { size, flags = 0 } = options;
    if (size !== undefined) checkInteger(size, 'options.size', 1, 0xff_ffff);
    checkFlags(flags);
    const room = batchSize(this.calls, this.#maxEntries, size);
    const kind = { remove, bounded: this.#shape.type !== 'lpm_trie' };
    return new BatchReader(this.calls, this.#maxEntries, room, kind, flags);
  }

  setMany(entries: Iterable<readonly [unknown, unknown]>, flags: number): number {
    checkFlags(flags);
    const writer = this.#writer(entries, flags);
    const { keySize, valueSize } = this.calls.layout;
    try {
      for (const entry of entries) {
        const place = `[${String(writer.done + writer.count)}]`;
        if (!Array.isArray(entry)) refuse(`entries${place}`, 'an array of key and value', entry);
        const [key, value] = entry;
        const staged = this.#stageKey(key, `${place}, `);
        const stagedValue = this.#stageValue(value, `${place}, `);
        this.#key.put(writer.keyView, writer.count * keySize, staged);
        this.#value.put(writer.valueView, writer.count * valueSize, stagedValue);
        writer.count++;
        if (writer.full) writer.update();
      }
    } finally {
      writer.update();
    }
    return writer.done;
  }

  deleteMany(keys: Iterable<unknown>): number {
    const writer = this.#writer(keys, 0);
    const { keySize } = this.calls.layout;
    try {
      for (const key of keys) {
        const staged = this.#stageKey(key, `[${String(writer.done + writer.count)}], `);
        this.#key.put(writer.keyView, writer.count * keySize, staged);
        writer.count++;
        if (writer.full) writer.delete();
      }
    } finally {
      writer.delete();
    }
    return writer.deleted;
  }

  #writer(items: unknown, flags: number): BatchWriter {
    const given = items as Partial<Iterable<unknown>> | null;
    if (typeof given !== 'object' || typeof given?.[Symbol.iterator] !== 'function') {
      refuse('what is to be stored or deleted', 'an iterable', items);
    }
    const known = Array.isArray(items)
      ? items.length
      : types.isMap(items) || types.isSet(items)
        ? items.size
        : Infinity;
    const room = batchSize(this.calls, this.#maxEntries, undefined);
    return new BatchWriter(this.calls, Math.max(1, Math.min(room, Math.floor(known) || 1)), flags);
  }

  #stageKey(key: unknown, place = ''): unknown {
    try {
      return this.#key.stage(key, false);
    } catch (error) {
      throw asError(error, `${place}key of map '${this.calls.map}'`);
    }
  }

  #stageValue(value: unknown, place = ''): unknown {
    try {
      return this.#value.stage(value, false);
    } catch (error) {
      throw asError(error, `${place}value of map '${this.calls.map}'`);
    }
  }

  #putKey(key: unknown): void {
    this.#key.put(this.calls.view, this.#keyOffset, this.#stageKey(key));
  }

  #putValue(value: unknown): void {
    this.#value.put(this.calls.view, this.#valueOffset, this.#stageValue(value));
  }

  #read(): unknown {
    return this.#value.read(this.calls.view, this.#valueOffset);
  }

  #readTaken(): unknown {
    try {
      return this.#read();
    } catch (error) {
      const { value } = elementCodecs({ ...this.#shape, int64: 'bigint' });
      throw withTaken(error, value.read(this.calls.view, this.#valueOffset));
    }
  }
}

function checkFlags(flags: unknown): void {
  checkInteger(flags, 'flags', 0, MAX_FLAGS);
}

function decode(
  { key, value }: ElementCodecs,
  reader: BatchReader,
  count: number,
  { keySize, valueSize }: { readonly keySize: number; readonly valueSize: number },
): [unknown, unknown][] {
  const keys = viewOf(reader.keys);
  const values = viewOf(reader.values);
  const entries: [unknown, unknown][] = [];
  for (let i = 0; i < count; i++) {
    entries.push([key.read(keys, i * keySize), value.read(values, i * valueSize)]);
  }
  return entries;
}

/** It is in the map no more: whoever asked for numbers, and got none that are safe, still gets it. */
function withTaken(error: unknown, taken: unknown): unknown {
  if (!(error instanceof ValueRangeError)) return error;
  const told = new ValueRangeError(`${error.message}; what was removed is the error's cause, with bigints`);
  told.cause = taken;
  return told;
}
