/** Random C declarations, and a walk over what they have. */
import fc from 'fast-check';
import {
  endingSpec,
  plainSpec,
  renderStruct,
  renderTypedef,
  structSpec,
  type MemberSpec,
  type Place,
  type StructSpec,
} from '../support/struct-arbitrary';

/** More would make one declaration crowd out the others. */
const MOST_LEAVES = 150;

export type Spec = StructSpec | (MemberSpec & { readonly kind: 'plain' });

export interface Declaration {
  readonly spec: Spec;
  /** The C type: 'struct t3', 'union t3', or a typedef's 't3'. */
  readonly type: string;
  readonly index: number;
  readonly text: string;
  readonly place: Place;
  /** Bytes behind the type's own, for its flexible arrays. */
  readonly extra: number;
}

const anySpec: fc.Arbitrary<Spec> = fc.oneof(
  { weight: 5, arbitrary: endingSpec },
  { weight: 4, arbitrary: structSpec },
  { weight: 1, arbitrary: plainSpec },
);

/** The same ones for a seed. */
export function randomSpecs(seed: number, count: number): Spec[] {
  const fits = (spec: Spec): boolean => {
    const leaves = countLeaves(declarationOf(spec, 0).place);
    return leaves > 0 && leaves <= MOST_LEAVES;
  };
  return fc.sample(anySpec.filter(fits), { seed, numRuns: count });
}

export function declarationOf(spec: Spec, index: number): Declaration {
  const name = `t${String(index)}`;
  if ('kind' in spec) {
    const { text, place } = renderTypedef(spec, name);
    return { spec, type: name, index, text, place, extra: extraOf(place, text) };
  }
  const { text, place } = renderStruct(spec, name);
  return { spec, type: `${spec.keyword} ${name}`, index, text, place, extra: extraOf(place, text) };
}

function hasOpen(place: Place): boolean {
  switch (place.kind) {
    case 'leaf':
      return false;
    case 'array':
      return place.open || hasOpen(place.element);
    case 'struct':
      return place.members.some(([, member]) => hasOpen(member));
  }
}

/** 0 to 40, often 0, where only padding is left; the same for the same declaration. */
function extraOf(place: Place, text: string): number {
  return hasOpen(place) && text.length % 4 !== 0 ? (text.length * 7) % 41 : 0;
}

/** Of flexible arrays one element. */
function countLeaves(place: Place): number {
  switch (place.kind) {
    case 'leaf':
      return 1;
    case 'array':
      return (place.open ? 1 : place.length) * countLeaves(place.element);
    case 'struct':
      return place.members.reduce((sum, [, member]) => sum + countLeaves(member), 0);
  }
}

/** Declarations with one member less, anywhere, or a simpler one. */
export function simpler(spec: Spec): Spec[] {
  if ('kind' in spec) return spec.lengths.length === 0 ? [] : [{ ...spec, lengths: spec.lengths.slice(1) }];
  const { members } = spec;
  const replaced = (i: number, by: readonly MemberSpec[]): StructSpec => ({
    ...spec,
    members: [...members.slice(0, i), ...by, ...members.slice(i + 1)],
  });
  return [
    ...(spec.attribute === '' ? [] : [{ ...spec, attribute: '' }]),
    ...members.map((_, i) => replaced(i, [])),
    ...members.flatMap((member, i) => {
      if (member.kind === 'padding' || member.kind === 'bits') return [];
      const fewer = member.lengths.map((_, at) => ({ ...member, lengths: member.lengths.toSpliced(at, 1) }));
      if (member.kind === 'plain') return fewer.map((each) => replaced(i, [each]));
      return [
        ...fewer.map((each) => replaced(i, [each])),
        replaced(i, member.struct.members),
        ...simpler(member.struct).map((struct) => replaced(i, [{ ...member, struct: struct as StructSpec }])),
      ];
    }),
  ].filter((each) => each.members.length > 0);
}
