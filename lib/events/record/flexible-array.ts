/** The array at the end of a record, as long as the record is. */
import { typedArrayOf } from '../../btf/layout/array-form';
import { CharArray } from '../../btf/codec/char-array';
import { codecFor } from '../../btf/codec/codec';
import type { ArrayType } from '../../btf/layout/layout-model';
import type { LiveOptions } from '../../memory/view/live';
import * as primordials from '../../util/primordials';
import { bytesAt, type RecordMemory } from '../reader/record-memory';

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
