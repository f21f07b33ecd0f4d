/** All members of a struct, as text: its plain copy, and the stores of what was given for it. */
import type { FlatMember } from '../../layout/members';
import { integer, joined, literalKey } from './compile-text';

/** An object literal of the members, by an expression for each. */
export function objectText<T extends { readonly name: string }>(
  members: readonly T[],
  value: (member: T, i: number) => string,
): string {
  return `{ ${joined(members, (member, i) => `${literalKey(member.name)}: ${value(member, i)}`, ', ')} }`;
}

/**
 * Statements that store the members that are `staged`; `store` has them for the value `v` of one, `all` those for the sequence
 * of stores that `reconcile` may have added.
 */
export function storeText(
  members: readonly FlatMember[],
  store: (i: number) => string,
  all: (staged: string) => string,
): string {
  const each = joined(
    members,
    (_, i) => `if ((v = staged[${integer(i)}]) !== undefined) { ${store(i)} }`,
    '\n',
  );
  if (!members.some((member) => member.overlaps)) return each;
  const last = integer(members.length);
  return `${each}
    if (staged.length > ${last}) for (const each of staged[${last}]) ${all('each')};`;
}
