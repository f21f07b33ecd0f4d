/** How bitfields are read and written. */
import { UnsupportedError } from '../../../errors';
import { flag, integer } from './compile-text';
import type { Lane, LaneAccess, Place, ViewAccess } from './access';

/**
 * A bitfield that one aligned word holds is a load, a shift and a mask of that word, and writing it a load, a merge
 * and a store, as a C compiler does it (and, as in C, not atomic: neighbours in the word are written back).
 * One that crosses words, in a packed struct, goes byte by byte.
 */
export function bitfieldAccess(
  place: Place,
  jsType: 'number' | 'bigint' | 'boolean',
  signed: boolean,
  littleEndian: boolean,
): LaneAccess | ViewAccess {
  if (!littleEndian) {
    throw new UnsupportedError(
      'bitfields of big-endian objects cannot be read: their bits count from the other end',
    );
  }
  const word = bitfieldWord(place);
  if (word === undefined || (word.size === 8 && jsType !== 'bigint')) return crossing(place, jsType, signed);
  const { byte, size } = word;
  const shift = place.bitOffset - byte * 8;
  const lane = `u${size * 8}` as Lane;
  return size === 8
    ? { lane, byte, ...wideField(shift, place.bitSize, signed, jsType) }
    : { lane, byte, ...field(shift, place.bitSize, signed, jsType) };
}

/** The smallest aligned word around the bits that does not reach beyond the struct. */
export function bitfieldWord({
  bitOffset,
  bitSize,
  room,
}: Place): { byte: number; size: 1 | 2 | 4 | 8 } | undefined {
  for (const size of [1, 2, 4, 8] as const) {
    const byte = Math.floor(bitOffset / (size * 8)) * size;
    if (bitOffset + bitSize <= (byte + size) * 8 && byte + size <= room) return { byte, size };
  }
  return undefined;
}

type Codec = Pick<LaneAccess, 'decode' | 'encode'>;

/** Bits of a word of up to 32. */
function field(shift: number, width: number, signed: boolean, jsType: string): Codec {
  const mask = width === 32 ? 0xffff_ffff : 2 ** width - 1;
  const up = integer(32 - shift - width);
  const down = integer(32 - width);
  const bits = signed
    ? (loaded: string): string => `(${loaded} << ${up} >> ${down})`
    : (loaded: string): string => `(${loaded} << ${up} >>> ${down})`;
  const keep = integer(~(mask << shift));
  const merge = (value: string, loaded: string): string =>
    `((${loaded} & ${keep}) | ((${value} & ${integer(mask | 0)}) << ${integer(shift)})) >>> 0`;
  switch (jsType) {
    case 'boolean':
      return {
        decode: (loaded) => `(${bits(loaded)} !== 0)`,
        encode: (value, loaded) => merge(`(${value} ? 1 : 0)`, loaded),
      };
    case 'bigint':
      return {
        decode: (loaded) => `BigInt(${bits(loaded)})`,
        encode: (value, loaded) => merge(`Number(BigInt.asUintN(${integer(width)}, ${value}))`, loaded),
      };
    default:
      return { decode: bits, encode: merge };
  }
}

/** Bits of a 64-bit word. */
function wideField(shift: number, width: number, signed: boolean, jsType: string): Codec {
  if (jsType !== 'bigint') throw new UnsupportedError('a 64-bit word holds only bitfields of 64-bit types');
  const mask = (1n << BigInt(width)) - 1n;
  const keep = BigInt.asUintN(64, ~(mask << BigInt(shift)));
  const cut = `BigInt.as${signed ? 'Int' : 'Uint'}N(${integer(width)}, `;
  return {
    decode: (loaded) => `${cut}${loaded} >> ${integer(shift)}n)`,
    encode: (value, loaded) => `((${loaded} & ${keep}n) | ((${value} & ${mask}n) << ${integer(shift)}n))`,
  };
}

/** Bits that no aligned word inside the struct holds. */
function crossing(place: Place, jsType: string, signed: boolean): ViewAccess {
  const byte = Math.floor(place.bitOffset / 8);
  const args = `${integer(place.bitOffset % 8)}, ${integer(place.bitSize)}`;
  const base = (at: string): string => `${at} + ${integer(byte)}`;
  const get = (view: string, at: string): string =>
    `h.getBits(${view}, ${base(at)}, ${args}, ${flag(signed)})`;
  const set = (view: string, at: string, value: string): string =>
    `h.setBits(${view}, ${base(at)}, ${args}, ${value});`;
  switch (jsType) {
    case 'boolean':
      return {
        get: (view, at) => `(${get(view, at)} !== 0n)`,
        set: (view, at, value) => set(view, at, `(${value} ? 1n : 0n)`),
      };
    case 'bigint':
      return { get, set };
    default:
      return {
        get: (view, at) => `Number(${get(view, at)})`,
        set: (view, at, value) => set(view, at, `BigInt(${value})`),
      };
  }
}
