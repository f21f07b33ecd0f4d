/** The constants of an enum in C, with what makes the compiler give it its size. */
import type { RawEnum } from '../records/records';

/** ` {\n\tA = 1,\n}`; `nameOf` makes names that are not taken. */
export function enumBody(type: RawEnum, nameOf: (name: string) => string): string {
  if (type.constants.length === 0) return '';
  const suffix = type.kind === 'enum' ? '' : type.signed ? 'LL' : 'ULL';
  const lines = type.constants.map(({ name, value }) => `\t${nameOf(name)} = ${String(value)}${suffix},\n`);
  return ` {\n${lines.join('')}}${sizeAttribute(type)}`;
}

function sizeAttribute({ size, kind, constants }: RawEnum): string {
  if (size === 1) return ' __attribute__((mode(byte)))';
  if (size === 2) return ' __attribute__((packed))';
  if (size !== 8) return '';
  // Constants that need more than 32 bits make it as large by themselves.
  const isWide =
    kind === 'enum64' && constants.some(({ value }) => BigInt.asUintN(64, BigInt(value)) >> 32n !== 0n);
  return isWide ? '' : ' __attribute__((mode(word)))';
}
