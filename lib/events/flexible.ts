/** The array at the end of a record, as long as the record is. */
import { typedArrayOf } from '../btf/array-form';
import { CharArray } from '../btf/char-array';
import { codecFor } from '../btf/codec';
import type { ArrayType } from '../btf/type';
import type { LiveOptions } from '../memory/live';
import * as primordials from '../primordials';
import { bytesAt, type RecordMemory } from './record-memory';

/** Reads the array that starts at `at`, of whose bytes there are `size`: a copy. */
export function flexible(
  type: ArrayType,
  options: LiveOptions,
): (memory: RecordMemory, at: number, size: number) => unknown {
  const { element } = type;
  const lengthIn = (size: number): number => (element.size === 0 ? 0 : Math.floor(size / element.size));
  if (element.kind === 'char') return (memory, at, size) => new CharArray(bytesAt(memory, at, size).buffer);
  const name = typedArrayOf(element);
  if (name !== undefined) {
    const Elements = primordials[name];
    return (memory, at, size) => {
      const length = lengthIn(size);
      return new Elements(bytesAt(memory, at, length * element.size).buffer, 0, length);
    };
  }
  const codec = codecFor(element, options);
  return (memory, at, size) => {
    const length = lengthIn(size);
    const view = new DataView(bytesAt(memory, at, length * element.size).buffer);
    return Array.from({ length }, (_, i) => codec.read(view, i * element.size));
  };
}
