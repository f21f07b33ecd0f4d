/** BTF's enums, of 32 and of 64 bits → the layout model. */
import type { RawBtf } from '../records/record-table';
import { fitsInteger } from './same-layout';
import type { RawEnum } from '../records/records';
import type { EnumType } from './layout-model';

export const ENUM_SIZES = [1, 2, 4, 8] as const;

/** The enum, whose size is one of ENUM_SIZES. */
export function resolveEnum(btf: RawBtf, raw: RawEnum, spelling: string): EnumType {
  const size = raw.size as EnumType['size'];
  if (raw.kind === 'enum' && size === 8 && raw.constants.length > 0) {
    throw btf.error(
      raw.id,
      'has 8 bytes, but constants of 4: clang before 15 cuts them off; take a newer one',
    );
  }
  const signed = raw.signed || isSignedInDisguise(raw);
  const constants = raw.constants.map(({ name, value: wide }) => {
    const value = size === 8 ? BigInt(wide) : signed ? Number(wide) | 0 : Number(wide);
    if (!fitsInteger(value, size, signed)) {
      throw btf.error(raw.id, `its constant '${name}' does not fit ${String(size)} bytes`);
    }
    return { name, value };
  });
  return { kind: 'enum', spelling, size, signed, constants };
}

/**
 * Clang before 15 never says that an enum is signed. Of a packed one it shows: -1 is written as 32 bits, which an
 * unsigned enum of 8 or 16 could not hold. (In an enum of 4 bytes -1 cannot be told from 4294967295.)
 */
function isSignedInDisguise({ size, constants }: RawEnum): boolean {
  return size < 4 && constants.some(({ value }) => value >= 0x80000000);
}
