/** Reading flexible arrays, where each value is as long as it happens to be: records, and bytes that users give. */
import { isFlexible, elementsIn } from '../layout/flexible';
import { typedArrayOf } from '../layout/array-form';
import { flatMembers } from '../layout/members';
import { CharArray } from './char-array';
import { compiledCodec, type CodecOptions } from './codec';
import { within } from './misfit';
import type { ArrayType, Type } from '../layout/layout-model';
import * as primordials from '../../util/primordials';

/** Of the `size` bytes from a flexible array's start those that its elements take. */
export function bytesOfElements(type: ArrayType, size: number): number {
  return elementsIn(type, size) * type.element.size;
}

/**
 * Makes an array of all the bytes of a buffer, which is the array's own from then on: what the codec of an array of that
 * length makes, without compiling one for each length. The function throws Misfits.
 */
export function elementReader(type: ArrayType, options: CodecOptions): (buffer: ArrayBuffer) => unknown {
  const { element } = type;
  if (element.kind === 'char') return (buffer) => new CharArray(buffer);
  const name = typedArrayOf(element);
  if (name !== undefined) {
    const Elements = primordials[name];
    if (options.littleEndian !== false) return (buffer) => new Elements(buffer);
    return (buffer) => new Elements(reversed(buffer, element.size));
  }
  const codec = compiledCodec(element, options);
  return (buffer) => {
    const view = new DataView(buffer);
    const read = (i: number): unknown => {
      try {
        return codec.readInner(view, i * element.size);
      } catch (error) {
        throw within(error, `[${String(i)}]`);
      }
    };
    return Array.from({ length: elementsIn(type, buffer.byteLength) }, (_, i) => read(i));
  };
}

/** The elements in the other byte order. */
function reversed(buffer: ArrayBuffer, size: number): ArrayBuffer {
  const bytes = new Uint8Array(buffer);
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
  return buffer;
}

/**
 * Fills the flexible arrays of a value in, which its codec has left empty; of a flexible array itself that is all of it.
 * @param value plain, as the codec has read it from the start of `view`
 * @throws Misfit
 */
export function readFlexible(type: Type, value: unknown, view: DataView, options: CodecOptions): unknown {
  if (type.kind === 'array') {
    if (type.length > 0) return value;
    const from = view.byteOffset;
    const size = bytesOfElements(type, view.byteLength);
    return elementReader(type, options)(view.buffer.slice(from, from + size) as ArrayBuffer);
  }
  if (type.kind !== 'struct' && type.kind !== 'union') return value;
  const members = value as Record<string, unknown>;
  for (const { name, type: member, bitOffset, last } of flatMembers(type)) {
    if (!last || !isFlexible(member)) continue;
    const from = bitOffset / 8;
    const rest = new DataView(view.buffer, view.byteOffset + from, view.byteLength - from);
    try {
      members[name] = readFlexible(member, members[name], rest, options);
    } catch (error) {
      throw within(error, `.${name}`);
    }
  }
  return value;
}
