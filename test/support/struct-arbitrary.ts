/** Random struct declarations in C, for fast-check: bitfields, packed, aligned, nested, anonymous, arrays. */
import fc from 'fast-check';

export interface ScalarSpec {
  readonly c: string;
  /** Bits that a bitfield of it may have; 0 for none. */
  readonly bits: number;
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
export const PRELUDE = 'enum color { RED, GREEN = 100000 };\ntypedef unsigned long long u64;\n';

const integer = (c: string, bits: number): ScalarSpec => ({ c, bits });
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
  integer('_Bool', 1),
];
const OTHERS = ['__int128', 'unsigned __int128', 'float', 'double', 'void *', 'int (*)(void)'].map((c) =>
  integer(c, 0),
);

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
      fc.record({
        kind: fc.constant('plain'),
        scalar: fc.constantFrom(...INTEGERS, ...OTHERS),
        lengths,
        attribute,
      }),
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

/** A member that C can name: by its path from the outermost struct. */
export interface NamedMember {
  readonly path: string;
  readonly scalar?: ScalarSpec;
  readonly isBitfield: boolean;
}

/** The declaration `struct TAG { … };` and the members in it. Names are m0, m1, … throughout. */
export function renderStruct(spec: StructSpec, tag: string): { text: string; members: NamedMember[] } {
  const members: NamedMember[] = [];
  let next = 0;
  const body = (struct: StructSpec, prefix: string, reachable: boolean): string =>
    struct.members.map((member) => memberText(member, prefix, reachable)).join(' ');
  const memberText = (member: MemberSpec, prefix: string, reachable: boolean): string => {
    if (member.kind === 'padding') return `${member.scalar.c} : ${String(member.width)};`;
    const name = `m${String(next++)}`;
    const add = (extra: Omit<NamedMember, 'path'>): void => {
      if (reachable) members.push({ path: prefix + name, ...extra });
    };
    if (member.kind === 'bits') {
      add({ scalar: member.scalar, isBitfield: true });
      return `${member.scalar.c} ${name} : ${String(member.width)}${member.attribute};`;
    }
    const dimensions = (list: readonly number[]): string => list.map((n) => `[${String(n)}]`).join('');
    if (member.kind === 'plain') {
      add({ scalar: member.scalar, isBitfield: false });
      const declarator = `${name}${dimensions(member.lengths)}`;
      const pointer = member.scalar.c.includes('(*)');
      return `${pointer ? member.scalar.c.replace('(*)', `(*${declarator})`) : `${member.scalar.c} ${declarator}`}${member.attribute};`;
    }
    const { struct } = member;
    const isArray = member.named && member.lengths.length > 0;
    if (member.named) add({ isBitfield: false });
    const inner = body(struct, member.named ? `${prefix}${name}.` : prefix, reachable && !isArray);
    const declarator = member.named ? ` ${name}${dimensions(member.lengths)}` : '';
    return `${struct.keyword}${struct.attribute} { ${inner} }${declarator};`;
  };
  const text = `${spec.keyword}${spec.attribute} ${tag} { ${body(spec, '', true)} };`;
  return { text, members };
}
