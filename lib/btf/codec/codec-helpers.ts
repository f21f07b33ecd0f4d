/** What compiled code calls for the types that no single load or store covers. In its scope they are `h`. */
import { Misfit } from './misfit';

/** A bool of several bytes: any non-zero byte is true. */
export function anyByte(view: DataView, at: number, size: number): boolean {
  for (let i = 0; i < size; i++) if (view.getUint8(at + i) !== 0) return true;
  return false;
}

export function setBool(
  view: DataView,
  at: number,
  size: number,
  value: boolean,
  littleEndian: boolean,
): void {
  const lowest = littleEndian ? 0 : size - 1;
  for (let i = 0; i < size; i++) view.setUint8(at + i, value && i === lowest ? 1 : 0);
}

export function getInt128(view: DataView, at: number, signed: boolean, littleEndian: boolean): bigint {
  const low = view.getBigUint64(littleEndian ? at : at + 8, littleEndian);
  const highAt = littleEndian ? at + 8 : at;
  const high = signed ? view.getBigInt64(highAt, littleEndian) : view.getBigUint64(highAt, littleEndian);
  return (high << 64n) | low;
}

export function setInt128(view: DataView, at: number, value: bigint, littleEndian: boolean): void {
  view.setBigUint64(littleEndian ? at : at + 8, BigInt.asUintN(64, value), littleEndian);
  view.setBigUint64(littleEndian ? at + 8 : at, BigInt.asUintN(64, value >> 64n), littleEndian);
}

/** `width` bits, the least significant one being bit `shift` of byte `at`, in little-endian order. */
export function getBits(view: DataView, at: number, shift: number, width: number, signed: boolean): bigint {
  let bits = 0n;
  for (let i = 0; i * 8 < shift + width; i++) bits |= BigInt(view.getUint8(at + i)) << BigInt(i * 8);
  bits >>= BigInt(shift);
  return signed ? BigInt.asIntN(width, bits) : BigInt.asUintN(width, bits);
}

export function setBits(view: DataView, at: number, shift: number, width: number, value: bigint): void {
  const mask = ((1n << BigInt(width)) - 1n) << BigInt(shift);
  const bits = (value << BigInt(shift)) & mask;
  for (let i = 0; i * 8 < shift + width; i++) {
    const byteMask = Number((mask >> BigInt(i * 8)) & 0xffn);
    const byte = Number((bits >> BigInt(i * 8)) & 0xffn);
    view.setUint8(at + i, (view.getUint8(at + i) & ~byteMask) | byte);
  }
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** A 64-bit integer as a number; one that a number cannot hold exactly is an error, never a rounded value. */
export function toSafeNumber(value: bigint): number {
  if (value > MAX_SAFE || value < -MAX_SAFE) {
    throw new Misfit('range', `${value} is not a safe integer: read it as a bigint`);
  }
  return Number(value);
}

/** The same of a 64-bit integer in memory, without making a BigInt, which would take longer than all the rest. */
export function getSafeNumber(view: DataView, at: number, signed: boolean, littleEndian: boolean): number {
  const highAt = littleEndian ? at + 4 : at;
  const high = signed ? view.getInt32(highAt, littleEndian) : view.getUint32(highAt, littleEndian);
  const value = high * 0x1_0000_0000 + view.getUint32(littleEndian ? at : at + 4, littleEndian);
  if (Number.isSafeInteger(value)) return value;
  return toSafeNumber(signed ? view.getBigInt64(at, littleEndian) : view.getBigUint64(at, littleEndian));
}

/** A number given where a bigint is due; what is not a safe integer stays a number, which the check then refuses. */
export function toBigInt(value: number): bigint | number {
  return Number.isSafeInteger(value) ? BigInt(value) : value;
}

/** A member that is called as something every object inherits (`constructor`, `__proto__`): that is not meant. */
export function ownMember(value: Record<string, unknown>, name: string): unknown {
  const member = value[name];
  if (Object.hasOwn(value, name)) return member;
  return typeof member === 'function' || member === Object.getPrototypeOf(value) ? undefined : member;
}
