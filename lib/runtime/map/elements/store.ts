/** Storing and deleting many elements. */
import { types } from 'node:util';
import { refuse } from '../../../util/check';
import { batchSize } from './batch-reader';
import { BatchWriter } from './batch-writer';
import { checkFlags, type Elements } from './elements';

/** How many were stored: all of them. */
export function setMany<K, In>(
  elements: Elements<K, unknown, In>,
  entries: Iterable<readonly [K, In]>,
  flags: number,
): number {
  checkFlags(flags);
  const { key, value, calls } = elements;
  const { keySize, valueSize } = calls.layout;
  const writer = writerOf(elements, entries, flags);
  try {
    for (const entry of entries) {
      const place = `[${String(writer.done + writer.count)}]`;
      if (!Array.isArray(entry)) refuse(`entries${place}`, 'an array of key and value', entry);
      const staged = elements.stageKey(entry[0], `${place}, `);
      const stagedValue = elements.stageValue(entry[1], `${place}, `);
      key.put(writer.keyView, writer.count * keySize, staged);
      value.put(writer.valueView, writer.count * valueSize, stagedValue);
      writer.count++;
      if (writer.full) writer.update();
    }
  } finally {
    writer.update();
  }
  return writer.done;
}

/** How many were there. */
export function deleteMany<K>(elements: Elements<K, unknown, never>, keys: Iterable<K>): number {
  const { keySize } = elements.calls.layout;
  const writer = writerOf(elements, keys, 0);
  try {
    for (const key of keys) {
      const staged = elements.stageKey(key, `[${String(writer.done + writer.count)}], `);
      elements.key.put(writer.keyView, writer.count * keySize, staged);
      writer.count++;
      if (writer.full) writer.delete();
    }
  } finally {
    writer.delete();
  }
  return writer.deleted;
}

function writerOf(
  { calls, maxEntries }: Elements<unknown, unknown, never>,
  items: unknown,
  flags: number,
): BatchWriter {
  const given = items as Partial<Iterable<unknown>> | null;
  if (typeof given !== 'object' || typeof given?.[Symbol.iterator] !== 'function') {
    refuse('what is to be stored or deleted', 'an iterable', items);
  }
  const known = Array.isArray(items)
    ? items.length
    : types.isMap(items) || types.isSet(items)
      ? items.size
      : Infinity;
  const room = batchSize(calls, maxEntries, undefined);
  return new BatchWriter(calls, Math.max(1, Math.min(room, Math.floor(known) || 1)), flags);
}
