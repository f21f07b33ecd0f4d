/** Scalars of C as text, from their bytes. */

export interface IntegerPlace {
  /** Bytes. */
  readonly at: number;
  /** For bitfields: where it starts in the byte at `at`, counted as the byte order has it. */
  readonly bit?: number;
  readonly bits: number;
  /** Of the whole type, bytes. */
  readonly size: number;
}

/** Only the bytes that the value has bits in are read. */
export function integerAt(
  view: DataView,
  place: IntegerPlace,
  signed: boolean,
  littleEndian: boolean,
): bigint {
  const { at, bit = 0, bits } = place;
  const count = Math.ceil((bit + bits) / 8);
  let value = 0n;
  for (let index = 0; index < count; index++) {
    const byte = view.getUint8(at + (littleEndian ? count - 1 - index : index));
    value = (value << 8n) | BigInt(byte);
  }
  value >>= BigInt(littleEndian ? bit : count * 8 - bit - bits);
  return signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

/** Bitfields and 128-bit integers in hexadecimal, as libbpf has them. */
export function integerText(value: bigint, size: number, isBitfield: boolean): string {
  return isBitfield || size === 16 ? `0x${BigInt.asUintN(128, value).toString(16)}` : String(value);
}

/** C's "%f"; what JavaScript has no type for, in hexadecimal. */
export function floatText(view: DataView, at: number, size: number, littleEndian: boolean): string {
  if (size !== 4 && size !== 8) {
    return `0x${integerAt(view, { at, bits: size * 8, size }, false, littleEndian).toString(16)}`;
  }
  const value = size === 4 ? view.getFloat32(at, littleEndian) : view.getFloat64(at, littleEndian);
  if (Number.isNaN(value)) {
    const negative = (view.getUint8(littleEndian ? at + size - 1 : at) & 0x80) !== 0;
    return negative ? '-nan' : 'nan';
  }
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (Object.is(value, -0)) return '-0.000000';
  // toFixed gives up at 10^21; numbers that large are integers.
  return Math.abs(value) < 1e21 ? value.toFixed(6) : `${String(BigInt(value))}.000000`;
}

/** `"text"` of a char array that has a NUL; undefined where it has none. */
export function bytesText(view: DataView, at: number, length: number): string | undefined {
  let text = '';
  for (let index = at; index < Math.min(at + length, view.byteLength); index++) {
    const byte = view.getUint8(index);
    if (byte === 0) return `"${text}"`;
    const printable = byte >= 0x20 && byte < 0x7f;
    text += printable ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return undefined;
}
