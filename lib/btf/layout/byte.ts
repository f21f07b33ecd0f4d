import type { ArrayType, IntType } from './layout-model';

/** What is known of memory whose type is not. */
export const BYTE: IntType = { kind: 'int', spelling: 'unsigned char', size: 1, signed: false };

export function bytesType(length: number): ArrayType {
  const spelling = `unsigned char[${length}]`;
  return { kind: 'array', spelling, size: length, length, element: BYTE };
}
