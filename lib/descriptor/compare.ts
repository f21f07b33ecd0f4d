/**
 * Whether two types look the same in memory and mean the same to a reader: sizes, signs, and each member by its name.
 * Names of types do not matter, nor how members are grouped in anonymous structs. Pointers are all alike.
 */
import { flatMembers, type FlatMember } from '../btf/layout/members';
import type { EnumType, StructType, Type } from '../btf/layout/layout-model';

export interface LayoutDifference {
  /** Where in the type: '' for the type itself, 'inner.flags', 'points[].x'. */
  readonly path: string;
  readonly kind: 'kind' | 'size' | 'sign' | 'length' | 'offset' | 'bits' | 'missing' | 'added' | 'constant';
  readonly expected: string;
  readonly found: string;
}

/** More than these help nobody. */
const MAX_DIFFERENCES = 100;

const NONE: readonly LayoutDifference[] = Object.freeze([]);

/** Verdicts on pairs of structs and enums: a library's variables share their types. */
const verdicts = new WeakMap<Type, WeakMap<Type, boolean>>();

/** Everything in which `found` differs from `expected`; empty if nothing (quick, and quicker the second time). */
export function compareTypes(expected: Type, found: Type): readonly LayoutDifference[] {
  if (sameLayout(expected, found)) return NONE;
  const differences: LayoutDifference[] = [];
  collect(differences, '', expected, found);
  return differences;
}

export function sameLayout(expected: Type, found: Type): boolean {
  if (expected === found) return true;
  if (expected.size !== found.size) return false;
  switch (expected.kind) {
    case 'int':
    case 'char':
      return (found.kind === 'int' || found.kind === 'char') && expected.signed === found.signed;
    case 'array':
      return (
        found.kind === 'array' &&
        expected.length === found.length &&
        sameLayout(expected.element, found.element)
      );
    case 'enum':
      return found.kind === 'enum' && remembered(expected, found, () => sameEnum(expected, found));
    case 'struct':
    case 'union':
      return (
        (found.kind === 'struct' || found.kind === 'union') &&
        expected.kind === found.kind &&
        remembered(expected, found, () => sameMembers(expected, found))
      );
    default:
      return expected.kind === found.kind;
  }
}

function remembered(expected: Type, found: Type, compare: () => boolean): boolean {
  let known = verdicts.get(expected);
  if (known === undefined) verdicts.set(expected, (known = new WeakMap()));
  let verdict = known.get(found);
  if (verdict === undefined) known.set(found, (verdict = compare()));
  return verdict;
}

function sameMembers(expected: StructType, found: StructType): boolean {
  const ours = flatMembers(expected);
  const theirs = flatMembers(found);
  return (
    ours.length === theirs.length &&
    ours.every((member, index) => {
      const other = theirs[index];
      return (
        other !== undefined &&
        member.name === other.name &&
        member.bitOffset === other.bitOffset &&
        member.bitSize === other.bitSize &&
        sameLayout(member.type, other.type)
      );
    })
  );
}

/** New constants are fine: values without a name are legal anyway. */
function sameEnum(expected: EnumType, found: EnumType): boolean {
  return expected.signed === found.signed && changedConstants(expected, found).length === 0;
}

function changedConstants(expected: EnumType, found: EnumType): LayoutDifference[] {
  const values = new Map(found.constants.map(({ name, value }) => [name, value]));
  const differences: LayoutDifference[] = [];
  for (const { name, value } of expected.constants) {
    const other = values.get(name);
    if (other === value) continue;
    differences.push({
      path: name,
      kind: 'constant',
      expected: String(value),
      found: other === undefined ? 'no such constant' : String(other),
    });
  }
  return differences;
}

function collect(into: LayoutDifference[], path: string, expected: Type, found: Type): void {
  if (into.length >= MAX_DIFFERENCES || sameLayout(expected, found)) return;
  const add = (kind: LayoutDifference['kind'], ours: string, theirs: string): void => {
    into.push({ path, kind, expected: ours, found: theirs });
  };
  if (kindOf(expected) !== kindOf(found)) {
    add('kind', described(expected), described(found));
    return;
  }
  if (expected.kind === 'array' && found.kind === 'array') {
    if (expected.length !== found.length) add('length', String(expected.length), String(found.length));
    collect(into, `${path}[]`, expected.element, found.element);
    return;
  }
  if (expected.size !== found.size) add('size', bytes(expected.size), bytes(found.size));
  if ('signed' in expected && 'signed' in found && expected.signed !== found.signed) {
    add('sign', sign(expected.signed), sign(found.signed));
  }
  if (expected.kind === 'enum' && found.kind === 'enum') {
    for (const change of changedConstants(expected, found))
      into.push({ ...change, path: within(path, change.path) });
  }
  if ('members' in expected && 'members' in found) collectMembers(into, path, expected, found);
}

function collectMembers(
  into: LayoutDifference[],
  path: string,
  expected: StructType,
  found: StructType,
): void {
  const theirs = new Map(flatMembers(found).map((member) => [member.name, member]));
  for (const member of flatMembers(expected)) {
    const at = within(path, member.name);
    const other = theirs.get(member.name);
    theirs.delete(member.name);
    if (other === undefined) {
      into.push({ path: at, kind: 'missing', expected: member.declaration, found: 'no such member' });
      continue;
    }
    if (member.bitOffset !== other.bitOffset) {
      into.push({ path: at, kind: 'offset', expected: place(member), found: place(other) });
    }
    if (member.bitSize !== other.bitSize) {
      into.push({ path: at, kind: 'bits', expected: width(member), found: width(other) });
    }
    collect(into, at, member.type, other.type);
  }
  for (const member of theirs.values()) {
    into.push({
      path: within(path, member.name),
      kind: 'added',
      expected: 'no such member',
      found: member.declaration,
    });
  }
}

/** Plain char is an integer of one byte: an array of it may be text here and numbers there. */
const kindOf = (type: Type): string => (type.kind === 'char' ? 'int' : type.kind);
const described = (type: Type): string => (type.spelling === '' ? type.kind : type.spelling);
const bytes = (size: number): string => `${String(size)} ${size === 1 ? 'byte' : 'bytes'}`;
const sign = (signed: boolean): string => (signed ? 'signed' : 'unsigned');
const within = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
const width = ({ bitSize, type }: FlatMember): string =>
  bitSize === 0 ? bytes(type.size) : `${String(bitSize)} bits`;

function place({ bitOffset }: FlatMember): string {
  const bit = bitOffset % 8;
  return `byte ${String(Math.floor(bitOffset / 8))}${bit === 0 ? '' : `, bit ${String(bit)}`}`;
}
