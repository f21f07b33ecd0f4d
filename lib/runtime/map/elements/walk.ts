/** All elements of a map, some at a time. */
import { viewOf } from '../../../util/bytes';
import { checkInteger } from '../../../util/check';
import { BatchReader, batchSize, type BatchOptions } from './batch-reader';
import type { ElementCodecs } from './element-codecs';
import { checkFlags, type Elements } from './elements';

/** Elements as the kernel gives them. */
export interface RawBatch {
  readonly count: number;
  /** `count` keys, one after the other; overwritten by the next batch. */
  readonly keys: Uint8Array;
  /** `count` values; of per-CPU maps each is one value per possible CPU, rounded up to 8 bytes. */
  readonly values: Uint8Array;
}

/** Without what elements are given as, which no walk looks at. */
type Walked<K, V> = Elements<K, V, never>;

export function* entries<K, V>(
  elements: Walked<K, V>,
  options: BatchOptions,
): Generator<[K, V], void, undefined> {
  const { key, value, calls } = elements;
  const { keySize, valueSize } = calls.layout;
  const reader = readerOf(elements, options, false);
  for (let count = reader.next(); count > 0; count = reader.next()) {
    const keys = viewOf(reader.keys);
    const values = viewOf(reader.values);
    for (let i = 0; i < count; i++) yield [key.read(keys, i * keySize), value.read(values, i * valueSize)];
  }
}

export function* keys<K>(elements: Walked<K, unknown>, options: BatchOptions): Generator<K, void, undefined> {
  const { key, calls } = elements;
  const { keySize } = calls.layout;
  const reader = readerOf(elements, options, false);
  for (let count = reader.next(); count > 0; count = reader.next()) {
    const bytes = viewOf(reader.keys);
    for (let i = 0; i < count; i++) yield key.read(bytes, i * keySize);
  }
}

export function* values<V>(
  elements: Walked<unknown, V>,
  options: BatchOptions,
): Generator<V, void, undefined> {
  const { value, calls } = elements;
  const { valueSize } = calls.layout;
  const reader = readerOf(elements, options, false);
  for (let count = reader.next(); count > 0; count = reader.next()) {
    const bytes = viewOf(reader.values);
    for (let i = 0; i < count; i++) yield value.read(bytes, i * valueSize);
  }
}

/** With `remove` they are deleted in the same step; what cannot be read then comes with the error. */
export function* batches<K, V>(
  elements: Walked<K, V>,
  options: BatchOptions,
  remove: boolean,
): Generator<[K, V][], void, undefined> {
  const reader = readerOf(elements, options, remove);
  for (let count = reader.next(); count > 0; count = reader.next()) {
    const read = <A, B>(codecs: ElementCodecs<A, B>): [A, B][] => decode(codecs, reader, count, elements);
    let batch;
    try {
      batch = read(elements);
    } catch (error) {
      throw remove ? elements.withTaken(error, read) : error;
    }
    yield batch;
  }
}

export function* rawBatches(
  elements: Walked<unknown, unknown>,
  options: BatchOptions,
): Generator<RawBatch, void, undefined> {
  const { keySize, valueSize } = elements.calls.layout;
  const reader = readerOf(elements, options, false);
  for (let count = reader.next(); count > 0; count = reader.next()) {
    const { keys: allKeys, values: allValues } = reader;
    yield {
      count,
      keys: allKeys.subarray(0, count * keySize),
      values: allValues.subarray(0, count * valueSize),
    };
  }
}

/** How many there were. */
export function clear(elements: Walked<unknown, unknown>): number {
  const reader = readerOf(elements, {}, true);
  let deleted = 0;
  for (let count = reader.next(); count > 0; count = reader.next()) deleted += count;
  return deleted;
}

function readerOf(elements: Walked<unknown, unknown>, options: BatchOptions, remove: boolean): BatchReader {
  const { calls, maxEntries, shape } = elements;
  // Looked at once: a getter may answer differently each time.
  const { size, flags = 0 } = options;
  if (size !== undefined) checkInteger(size, 'options.size', 1, 0xff_ffff);
  checkFlags(flags);
  const kind = { remove, bounded: shape.type !== 'lpm_trie' };
  return new BatchReader(calls, maxEntries, batchSize(calls, maxEntries, size), kind, flags);
}

function decode<K, V>(
  { key, value }: ElementCodecs<K, V>,
  reader: BatchReader,
  count: number,
  { calls }: Walked<unknown, unknown>,
): [K, V][] {
  const { keySize, valueSize } = calls.layout;
  const keyView = viewOf(reader.keys);
  const valueView = viewOf(reader.values);
  const decoded: [K, V][] = [];
  for (let i = 0; i < count; i++) {
    decoded.push([key.read(keyView, i * keySize), value.read(valueView, i * valueSize)]);
  }
  return decoded;
}
