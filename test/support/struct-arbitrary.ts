/** Random struct declarations in C, for fast-check: bitfields, packed, aligned, nested, anonymous, arrays. */
import fc from 'fast-check';

export interface ScalarSpec {
  readonly c: string;
  /** Bits that a bitfield of it may have; 0 for none. */
  readonly bits: number;
  readonly kind: 'int' | 'bool' | 'float' | 'pointer';
}

export type MemberSpec =
  | {
      readonly kind: 'plain';
      readonly scalar: ScalarSpec;
      readonly lengths: readonly number[];
      readonly attribute: string;
    }
  | { readonly kind: 'bits'; readonly scalar: ScalarSpec; readonly width: number; readonly attribute: string }
  | { readonly kind: 'padding'; readonly scalar: ScalarSpec; readonly width: number }
  | {
      readonly kind: 'nested';
      readonly struct: StructSpec;
      readonly named: boolean;
      readonly lengths: readonly number[];
    };

export interface StructSpec {
  readonly keyword: 'struct' | 'union';
  readonly attribute: string;
  readonly members: readonly MemberSpec[];
}

/** What the types need to be declared before. */
export const PRELUDE = `
enum color { RED, GREEN = 100000 };
enum balance { DEBT = -5, CREDIT = 100000 };
enum __attribute__((packed)) tiny { NO, YES = 200 };
enum __attribute__((packed)) tiny_signed { BELOW = -3, ABOVE = 100 };
enum __attribute__((packed)) small { LITTLE, MUCH = 40000 };
enum __attribute__((packed)) small_signed { DEEP = -1000, HIGH = 1000 };
enum wide { NARROW, WIDE = 1ULL << 63 };
enum wide_signed { WEST = -(1LL << 40), EAST = 1LL << 40 };
typedef unsigned long long u64;
typedef volatile short changing;
typedef enum tiny answer_t;
typedef answer_t answer_chain_t;
typedef unsigned int counter_t;
typedef volatile counter_t counter_chain_t;
`;

const integer = (c: string, bits: number): ScalarSpec => ({ c, bits, kind: 'int' });
const INTEGERS = [
  integer('char', 8),
  integer('signed char', 8),
  integer('unsigned char', 8),
  integer('short', 16),
  integer('unsigned short', 16),
  integer('int', 32),
  integer('unsigned int', 32),
  integer('long', 64),
  integer('u64', 64),
  integer('enum color', 32),
  integer('enum balance', 32),
  integer('enum tiny', 8),
  integer('enum tiny_signed', 8),
  integer('enum small', 16),
  integer('enum small_signed', 16),
  integer('enum wide', 64),
  integer('enum wide_signed', 64),
  integer('changing', 16),
  integer('answer_chain_t', 8),
  integer('counter_chain_t', 32),
  { c: '_Bool', bits: 1, kind: 'bool' } as const,
];
const OTHERS: readonly ScalarSpec[] = [
  { c: '__int128', bits: 0, kind: 'int' },
  { c: 'unsigned __int128', bits: 0, kind: 'int' },
  { c: 'float', bits: 0, kind: 'float' },
  { c: 'double', bits: 0, kind: 'float' },
  { c: 'void *', bits: 0, kind: 'pointer' },
  { c: 'int (*)(void)', bits: 0, kind: 'pointer' },
];

const attribute = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constant(' __attribute__((packed))') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(1, 2, 4, 8, 32).map((n) => ` __attribute__((aligned(${String(n)})))`),
  },
);
const lengths = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 3 }) },
);
const plainMember = fc.record({
  kind: fc.constant('plain' as const),
  scalar: fc.constantFrom(...INTEGERS, ...OTHERS),
  lengths,
  attribute,
});
const bitScalar = fc.constantFrom(...INTEGERS);

export const structSpec: fc.Arbitrary<StructSpec> = fc.letrec<{ struct: StructSpec; member: MemberSpec }>(
  (tie) => ({
    struct: fc.record({
      keyword: fc.constantFrom('struct', 'struct', 'struct', 'union'),
      attribute,
      members: fc.array(tie('member'), { minLength: 1, maxLength: 8, depthIdentifier: 'struct' }),
    }),
    member: fc.oneof(
      { depthIdentifier: 'struct', maxDepth: 3 },
      plainMember,
      bitScalar.chain((scalar) =>
        fc.record({
          kind: fc.constant('bits'),
          scalar: fc.constant(scalar),
          width: fc.integer({ min: 1, max: scalar.bits }),
          attribute,
        }),
      ),
      bitScalar.chain((scalar) =>
        fc.record({
          kind: fc.constant('padding'),
          scalar: fc.constant(scalar),
          width: fc.integer({ min: 0, max: scalar.bits }),
        }),
      ),
      fc.record({ kind: fc.constant('nested'), struct: tie('struct'), named: fc.boolean(), lengths }),
    ),
  }),
).struct;

/** The same, more often than not with a flexible array at its end, or at that of the struct or union at its end. */
export const endingSpec: fc.Arbitrary<StructSpec> = fc
  .tuple(
    structSpec,
    plainMember,
    fc.integer({ min: 0, max: 5 }),
    fc.boolean(),
    fc.constantFrom('struct', 'union'),
  )
  .map(([spec, member, way, named, keyword]) => {
    const tail: MemberSpec = { ...member, lengths: [0, ...member.lengths.slice(0, 1).filter((n) => n > 0)] };
    if (way > 3) return spec;
    const inner: StructSpec = { keyword, attribute: '', members: [member, tail] };
    const last: MemberSpec = way < 2 ? tail : { kind: 'nested', struct: inner, named, lengths: [] };
    return { ...spec, members: [...spec.members, last] };
  });

/** A scalar, or an array: what a typedef may name. */
export const plainSpec: fc.Arbitrary<MemberSpec & { readonly kind: 'plain' }> = plainMember;

/** A member that C can name: by its path from the outermost struct. */
export interface NamedMember {
  readonly path: string;
  readonly scalar?: ScalarSpec;
  readonly isBitfield: boolean;
}

/** What C has at a place, anonymous structs and unions flattened. */
export type Place =
  | { readonly kind: 'leaf'; readonly scalar: ScalarSpec; readonly width: number }
  | {
      readonly kind: 'array';
      readonly length: number;
      /** Flexible: nothing that has a size lies behind it. */
      readonly open: boolean;
      readonly element: Place;
    }
  | { readonly kind: 'struct'; readonly members: readonly (readonly [name: string, place: Place])[] };

/** Whether it takes no memory. An unnamed bitfield takes some, though it is no member. */
function isEmpty(member: MemberSpec): boolean {
  switch (member.kind) {
    case 'bits':
      return false;
    case 'padding':
      return member.width === 0;
    case 'plain':
      return member.lengths.includes(0);
    case 'nested':
      return (member.named && member.lengths.includes(0)) || member.struct.members.every(isEmpty);
  }
}

const isLast = ({ keyword, members }: StructSpec, index: number): boolean =>
  keyword === 'union' ||
  members.slice(index + 1).every((member) => member.kind === 'padding' || isEmpty(member));

/** Something of the type `inner` in arrays of these lengths. */
function arrays(lengths: readonly number[], last: boolean, inner: Place): Place {
  const [length, ...rest] = lengths;
  if (length === undefined) return inner;
  return { kind: 'array', length, open: last && length === 0, element: arrays(rest, false, inner) };
}

const dimensions = (lengths: readonly number[]): string => lengths.map((n) => `[${String(n)}]`).join('');

const declare = ({ c }: ScalarSpec, declarator: string): string =>
  c.includes('(*)') ? c.replace('(*)', `(*${declarator})`) : `${c} ${declarator}`;

/** `typedef … NAME;` and what it is. */
export function renderTypedef(
  { scalar, lengths }: MemberSpec & { readonly kind: 'plain' },
  name: string,
): { text: string; place: Place } {
  const text = `typedef ${declare(scalar, name + dimensions(lengths))};`;
  return { text, place: arrays(lengths, true, { kind: 'leaf', scalar, width: 0 }) };
}

/** The declaration `struct TAG { … };`, the members in it, and what it is. Names are m0, m1, … throughout. */
export function renderStruct(
  spec: StructSpec,
  tag: string,
): { text: string; members: NamedMember[]; place: Place } {
  const members: NamedMember[] = [];
  let next = 0;
  type Places = (readonly [name: string, place: Place])[];
  const body = (
    struct: StructSpec,
    prefix: string,
    reachable: boolean,
    last: boolean,
  ): { text: string; places: Places } => {
    const places: Places = [];
    const text = struct.members.map((member, i) => {
      const sized = struct.members
        .slice(0, i)
        .some((before) => before.kind !== 'padding' && !isEmpty(before));
      // C allows the brackets to be empty at the very end of a struct that has something else.
      const bare = struct.keyword === 'struct' && i === struct.members.length - 1 && sized;
      return memberText(member, prefix, reachable, last && isLast(struct, i), bare, places);
    });
    return { text: text.join(' '), places };
  };
  const memberText = (
    member: MemberSpec,
    prefix: string,
    reachable: boolean,
    last: boolean,
    bare: boolean,
    places: Places,
  ): string => {
    if (member.kind === 'padding') return `${member.scalar.c} : ${String(member.width)};`;
    const name = `m${String(next++)}`;
    const add = (extra: Omit<NamedMember, 'path'>): void => {
      if (reachable) members.push({ path: prefix + name, ...extra });
    };
    if (member.kind === 'bits') {
      add({ scalar: member.scalar, isBitfield: true });
      places.push([name, { kind: 'leaf', scalar: member.scalar, width: member.width }]);
      return `${member.scalar.c} ${name} : ${String(member.width)}${member.attribute};`;
    }
    if (member.kind === 'plain') {
      const flexible = bare && member.lengths[0] === 0;
      // sizeof and an initialiser do not work on them.
      if (!flexible) add({ scalar: member.scalar, isBitfield: false });
      places.push([name, arrays(member.lengths, last, { kind: 'leaf', scalar: member.scalar, width: 0 })]);
      const lengths = dimensions(member.lengths);
      return `${declare(member.scalar, name + (flexible ? lengths.replace('[0]', '[]') : lengths))}${member.attribute};`;
    }
    const { struct } = member;
    const isArray = member.named && member.lengths.length > 0;
    if (member.named) add({ isBitfield: false });
    const path = member.named ? `${prefix}${name}.` : prefix;
    const inner = body(struct, path, reachable && !isArray, last && !isArray);
    if (!member.named) places.push(...inner.places);
    else places.push([name, arrays(member.lengths, last, { kind: 'struct', members: inner.places })]);
    const declarator = member.named ? ` ${name}${dimensions(member.lengths)}` : '';
    return `${struct.keyword}${struct.attribute} { ${inner.text} }${declarator};`;
  };
  const { text, places } = body(spec, '', true, true);
  return {
    text: `${spec.keyword}${spec.attribute} ${tag} { ${text} };`,
    members,
    place: { kind: 'struct', members: places },
  };
}
