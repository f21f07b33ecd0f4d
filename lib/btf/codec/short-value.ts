/** Values whose bytes end early: what is missing is zero, and arrays at the end are as long as what came. */
import { flatMembers } from '../layout/members';
import type { Type } from '../layout/layout-model';

/** What `short` of options can be. */
export const SHORT = ['zero'] as const;

/**
 * Shortens the arrays at the end of a plain value that was read from bytes filled up with zeros. An element that came in part counts.
 * @param length how many bytes came
 */
export function shorten(type: Type, value: unknown, length: number): unknown {
  if (type.kind === 'array') {
    const { size } = type.element;
    const count = size === 0 ? type.length : Math.ceil(Math.max(0, length) / size);
    return count >= type.length
      ? value
      : (value as { slice(from: number, end: number): unknown }).slice(0, count);
  }
  if (type.kind !== 'struct' && type.kind !== 'union') return value;
  const members = value as Record<string, unknown>;
  for (const { name, type: member, bitOffset, bitSize, last } of flatMembers(type)) {
    if (last && bitSize === 0) members[name] = shorten(member, members[name], length - bitOffset / 8);
  }
  return value;
}
