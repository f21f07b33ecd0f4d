/**
 * How each scalar type is read, checked and written, as text for compile.ts. The codec, the variables and the
 * views all take it from here: who looks for "how is a bool read" finds one function.
 */
import type { Lane, LaneAccess, Place, ScalarOptions, ViewAccess } from './access';
import { bitfieldAccess } from './bitfield';
import { flag, integer } from './compile-text';
import type {
  EnumType,
  FloatType,
  IntType,
  BoolType,
  CharType,
  PointerType,
  Type,
} from '../../layout/layout-model';

export type ScalarType = IntType | CharType | BoolType | FloatType | EnumType | PointerType;

/** What a scalar type accepts, for the message. */
export interface Expected {
  readonly spelling: string;
  readonly jsType: 'number' | 'bigint' | 'boolean';
  /** '0 to 255' */
  readonly range: string;
}

export interface Scalar {
  readonly access: LaneAccess | ViewAccess;
  /** An expression for the value to check and store, from what the user gave: numbers become bigints where bigints are due. */
  coerce(value: string): string;
  /** An expression: true when the value does not fit. */
  misfit(value: string): string;
  readonly expected: Expected;
}

/** Statements: `v` becomes the value to store of what was given; where that does not fit, `refuse` is run. */
export function checkText(scalar: Scalar, given: string, v: string, refuse: string): string {
  return `${v} = ${scalar.coerce(given)};
    if (${scalar.misfit(v)}) ${refuse};`;
}

export function isScalar(type: Type): type is ScalarType {
  return type.kind !== 'array' && type.kind !== 'struct' && type.kind !== 'union';
}

export function scalarAccess(type: ScalarType, options: ScalarOptions, place?: Place): Scalar {
  const { jsType, bits, signed } = shapeOf(type);
  const width = place !== undefined && place.bitSize > 0 ? place.bitSize : bits;
  const asNumber = options.int64 === 'number' && type.kind === 'int' && type.size === 8;
  const byte = place === undefined ? 0 : Math.floor(place.bitOffset / 8);
  const plain =
    place !== undefined && place.bitSize > 0
      ? bitfieldAccess(place, jsType, signed, options.littleEndian ?? true)
      : wholeAccess(type, byte, options.littleEndian ?? true);
  const check = checks(type, jsType, width, signed);
  if (!asNumber) return { ...check, access: plain };
  const access = safeNumber(plain);
  if (access.lane === undefined || width !== 64) return { ...check, access };
  const args = `${flag(signed)}, ${flag(options.littleEndian ?? true)}`;
  return {
    ...check,
    access: { ...access, get: (view, at) => `h.getSafeNumber(${view}, ${at} + ${integer(byte)}, ${args})` },
  };
}

interface Shape {
  readonly jsType: Expected['jsType'];
  readonly bits: number;
  readonly signed: boolean;
}

function shapeOf(type: ScalarType): Shape {
  switch (type.kind) {
    case 'bool':
      return { jsType: 'boolean', bits: 1, signed: false };
    case 'float':
      return { jsType: 'number', bits: type.size * 8, signed: true };
    case 'pointer':
      return { jsType: 'bigint', bits: 64, signed: false };
    default:
      return { jsType: type.size >= 8 ? 'bigint' : 'number', bits: type.size * 8, signed: type.signed };
  }
}

/** The lane of a type that fills one; none for 128 bits and for bools of more than a byte. */
export function laneOf(type: ScalarType): Lane | undefined {
  switch (type.kind) {
    case 'bool':
      return type.size === 1 ? 'u8' : undefined;
    case 'float':
      return type.size === 4 ? 'f32' : 'f64';
    case 'pointer':
      return 'u64';
    default: {
      const letter = type.signed ? 'i' : 'u';
      return type.size === 16 ? undefined : (`${letter}${type.size * 8}` as Lane);
    }
  }
}

function wholeAccess(type: ScalarType, byte: number, littleEndian: boolean): LaneAccess | ViewAccess {
  const lane = laneOf(type);
  const order = flag(littleEndian);
  const start = (at: string): string => `${at} + ${integer(byte)}`;
  if (type.kind === 'bool') {
    if (lane !== undefined) {
      return {
        lane,
        byte,
        decode: (loaded: string) => `(${loaded} !== 0)`,
        encode: (value: string) => `(${value} ? 1 : 0)`,
      };
    }
    const size = integer(type.size);
    return {
      get: (view, at) => `h.anyByte(${view}, ${start(at)}, ${size})`,
      set: (view, at, value) => `h.setBool(${view}, ${start(at)}, ${size}, ${value}, ${order});`,
    };
  }
  if (lane !== undefined)
    return { lane, byte, decode: (loaded: string) => loaded, encode: (value: string) => value };
  const signed = flag('signed' in type && type.signed);
  return {
    get: (view, at) => `h.getInt128(${view}, ${start(at)}, ${signed}, ${order})`,
    set: (view, at, value) => `h.setInt128(${view}, ${start(at)}, ${value}, ${order});`,
  };
}

function safeNumber(access: LaneAccess | ViewAccess): LaneAccess | ViewAccess {
  if (access.lane === undefined) {
    return { ...access, get: (view: string, at: string) => `h.toSafeNumber(${access.get(view, at)})` };
  }
  return { ...access, decode: (loaded: string) => `h.toSafeNumber(${access.decode(loaded)})` };
}

function checks(
  type: ScalarType,
  jsType: Expected['jsType'],
  bits: number,
  signed: boolean,
): Pick<Scalar, 'coerce' | 'misfit' | 'expected'> {
  const spelling =
    bits === type.size * 8 || type.kind === 'bool'
      ? type.spelling || type.kind
      : `${type.spelling} : ${bits}`;
  const same = (value: string): string => value;
  if (jsType === 'boolean') {
    return {
      coerce: same,
      misfit: (v) => `typeof ${v} !== 'boolean'`,
      expected: { spelling, jsType, range: 'true or false' },
    };
  }
  if (type.kind === 'float') {
    const single = type.size === 4;
    return {
      coerce: same,
      // Rounding is what C does too, but a finite number must not become infinite.
      misfit: (v) =>
        `typeof ${v} !== 'number'` +
        (single ? ` || (Math.abs(Math.fround(${v})) === Infinity && Math.abs(${v}) !== Infinity)` : ''),
      expected: { spelling, jsType, range: single ? 'up to 3.4028234663852886e38' : 'any number' },
    };
  }
  const low = signed ? -(1n << BigInt(bits - 1)) : 0n;
  const high = signed ? -low - 1n : (1n << BigInt(bits)) - 1n;
  const expected = { spelling, jsType, range: `${low} to ${high}` };
  if (jsType === 'bigint') {
    const wrap = `BigInt.as${signed ? 'Int' : 'Uint'}N(${integer(bits)}, `;
    return {
      coerce: (v) => `(typeof ${v} === 'number' ? h.toBigInt(${v}) : ${v})`,
      misfit: (v) => `typeof ${v} !== 'bigint' || ${wrap}${v}) !== ${v}`,
      expected,
    };
  }
  return {
    coerce: same,
    misfit: (v) => `typeof ${v} !== 'number' || ${wrapNumber(v, bits, signed)} !== ${v}`,
    expected,
  };
}

/** The value cut to `bits` bits, by the operations that V8 turns into one or two instructions. */
function wrapNumber(value: string, bits: number, signed: boolean): string {
  if (bits === 32) return signed ? `(${value} | 0)` : `(${value} >>> 0)`;
  const shift = integer(32 - bits);
  return signed ? `(${value} << ${shift} >> ${shift})` : `(${value} & ${integer(2 ** bits - 1)})`;
}
