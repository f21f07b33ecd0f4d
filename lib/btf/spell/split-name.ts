/** How users name types: with the keyword that C wants before the names of structs, unions and enums. */
import type { Kind } from '../records/records';

const TAGGED: Readonly<Record<string, readonly Kind[]>> = {
  struct: ['struct'],
  union: ['union'],
  enum: ['enum', 'enum64'],
};
const UNTAGGED: readonly Kind[] = ['typedef', 'int', 'float', 'func', 'var', 'datasec'];

/** 'struct sock' → the kinds to look among, and 'sock'. A kind that is given is the only one. */
export function splitSpelling(
  spelling: string,
  kind: Kind | undefined,
): { readonly kinds: readonly Kind[]; readonly bare: string } {
  const [, keyword = '', bare = ''] = /^(struct|union|enum)\s+(\S.*)$/.exec(spelling) ?? [];
  if (keyword === '') return { kinds: kind === undefined ? UNTAGGED : [kind], bare: spelling };
  return { kinds: kind === undefined ? (TAGGED[keyword] ?? []) : [kind], bare };
}
