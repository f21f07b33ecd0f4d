import { ReadOnlyError } from '../../errors';
import { Misfit } from './misfit';
import { shown } from '../../util/shown';

const encoder = new TextEncoder();
// ignoreBOM: the three bytes of a byte order mark are text like any other.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const copies = new WeakSet<CharArray>();

/** The bytes of a C char array, up to 255 each, with the text in them as `string`. */
export class CharArray extends Uint8Array {
  /** The text up to the first NUL (or the end), as UTF-8; bytes that are not UTF-8 read as U+FFFD. */
  get string(): string {
    return decodeText(this);
  }

  /**
   * Stores the text and fills the rest with NULs. As in C, text may fill the array to its last byte, without a NUL.
   * @throws ValueRangeError when the text is too long, ReadOnlyError in a copy of read-only memory
   */
  set string(text: string) {
    if (copies.has(this)) throw new ReadOnlyError('this char array is a copy of read-only memory');
    let bytes;
    try {
      bytes = encodeText(text, this.length);
    } catch (error) {
      throw error instanceof Misfit ? error.toError('string') : error;
    }
    this.set(bytes);
  }

  /** The same bytes from `begin` to before `end`, as text too. */
  override subarray(begin?: number, end?: number): CharArray {
    const { buffer, byteOffset, length } = super.subarray(begin, end);
    const part = new CharArray(buffer, byteOffset, length);
    return copies.has(this) ? markCopy(part) : part;
  }

  override toString(): string {
    return this.string;
  }

  toJSON(): string {
    return this.string;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `CharArray(${this.length}) ${JSON.stringify(this.string)}`;
  }
}

/** Marks a copy of read-only memory: setting its text would be lost silently. */
export function markCopy(array: CharArray): CharArray {
  copies.add(array);
  return array;
}

/** Short ASCII, which nearly all of it is, is faster by hand than through a decoder. */
function decodeText(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  const end = nul === -1 ? bytes.length : nul;
  if (end <= 32) {
    let text = '';
    for (let i = 0; i < end; i++) {
      const byte = bytes[i] as number;
      if (byte > 127) return decoder.decode(Uint8Array.prototype.subarray.call(bytes, 0, end));
      text += String.fromCharCode(byte);
    }
    return text;
  }
  return decoder.decode(Uint8Array.prototype.subarray.call(bytes, 0, end));
}

/** The text as `length` bytes, padded with NULs. Throws a Misfit. */
export function encodeText(text: unknown, length: number): Uint8Array {
  if (typeof text !== 'string') throw new Misfit('type', `expected a string, got ${shown(text)}`);
  if (/\p{Surrogate}/u.test(text)) {
    throw new Misfit('range', `${shown(text)} has a lone surrogate, which UTF-8 cannot express`);
  }
  const nul = text.indexOf('\0');
  if (nul !== -1 && /[^\0]/.test(text.slice(nul))) {
    throw new Misfit(
      'range',
      `${shown(text)} has a NUL inside: what follows it would be lost; write bytes instead`,
    );
  }
  const needed = encoder.encode(text.replace(/\0+$/, ''));
  if (needed.length > length) {
    throw new Misfit('range', `${shown(text)} takes ${needed.length} bytes, there are ${length}`);
  }
  const bytes = new Uint8Array(length);
  bytes.set(needed);
  return bytes;
}
