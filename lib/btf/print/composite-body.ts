/**
 * The members of a struct or union in C, so that a compiler gives each the offset that BTF says: padding is written
 * where it would not come by itself, and structs that are not aligned as usual are packed.
 */
import type { Formatter } from '../spell/spell';
import type { RawStruct } from '../records/records';
import type { RawBtf } from '../records/record-table';
import { resolveType } from '../layout/resolve';
import type { Member, StructType, Type } from '../layout/layout-model';

/** Unnamed bitfields that padding is made of, the widest first. */
const PADS = [
  ['long', 64],
  ['int', 32],
  ['short', 16],
  ['char', 8],
] as const;

/** Bitfields in a row: what is longer (two pages) gets an array, which has to have a name. */
const MAX_PADS = 1024;

const roundUp = (value: number, unit: number): number => Math.ceil(value / unit) * unit;

const packed = new WeakMap<StructType, boolean>();

/** Bytes: what the compiler aligns a value to. */
function compilerAlignment(type: Type): number {
  switch (type.kind) {
    case 'array':
      return compilerAlignment(type.element);
    case 'struct':
    case 'union':
      return isPacked(type) ? 1 : naturalAlignment(type);
    default:
      return type.size === 12 ? 4 : type.size;
  }
}

const naturalAlignment = (type: StructType): number =>
  type.members.reduce((most, member) => Math.max(most, compilerAlignment(member.type)), 1);

/** Whether a member, or the end, does not lie where its alignment would put it. */
function isPacked(type: StructType): boolean {
  let known = packed.get(type);
  if (known === undefined) {
    const misaligned = type.members.some(
      (member) => member.bitSize === 0 && member.bitOffset % (compilerAlignment(member.type) * 8) !== 0,
    );
    known = misaligned || type.size % naturalAlignment(type) !== 0;
    packed.set(type, known);
  }
  return known;
}

/** Where the compiler puts a member after `end` bits. */
function naturalPlace(member: Member, end: number, dense: boolean): number {
  if (member.bitSize === 0) return roundUp(end, (dense ? 1 : compilerAlignment(member.type)) * 8);
  const unit = member.type.size * 8;
  const fits = Math.floor(end / unit) === Math.floor((end + member.bitSize - 1) / unit);
  return dense || fits ? end : roundUp(end, unit);
}

/** Bitfields without names that lead from bit `from` to bit `to`. `exact`: a bitfield comes next, which aligns nothing. */
function padding(from: number, to: number, natural: number, exact: boolean): string {
  if (natural === to) return '';
  let text = '';
  const add = (name: string, bits: number): void => void (text += `\t${name}: ${String(bits)};\n`);
  const [name, unit] = PADS.find(([, bits]) => roundUp(from, bits) <= to) ?? ['char', 8];
  const edge = roundUp(from, unit);
  let at = from;
  if (edge > from && edge <= to) {
    // Where whole units follow, the first of them finds the edge by itself.
    if (exact) add(name, edge - from);
    else if (edge === to || to - edge <= edge - from) add(name, 0);
    at = edge;
  }
  const whole = Math.floor((to - at) / unit);
  if (whole > MAX_PADS) {
    const bytes = (whole * unit) / 8;
    text += `\tchar __padding_${String(at / 8)}[${String(bytes)}];\n`;
    at += bytes * 8;
  }
  for (; to - at >= unit; at += unit) add(name, unit);
  if (to > at) add(PADS.findLast(([, bits]) => bits >= to - at)?.[0] ?? 'long', to - at);
  return text;
}

/** `{ … }` over several lines, with the attributes behind it. */
export function compositeBody(btf: RawBtf, raw: RawStruct, formatter: Formatter): string {
  const type = resolveType(btf, raw.id) as StructType;
  const isStruct = raw.kind === 'struct';
  const dense = isPacked(type);
  let text = '';
  let end = 0;
  for (const [index, member] of type.members.entries()) {
    const rawMember = raw.members[index];
    if (rawMember === undefined) break;
    const { bitOffset, bitSize } = member;
    if (isStruct) {
      if (bitOffset < end) throw btf.error(raw.id, `member '${member.name}' overlaps the one before it`);
      text += padding(end, bitOffset, naturalPlace(member, end, dense), bitSize > 0);
      end = bitOffset + (bitSize === 0 ? member.type.size * 8 : bitSize);
    }
    const width = bitSize === 0 ? '' : `: ${String(bitSize)}`;
    text += `\t${formatter.declaration(rawMember.type, member.name).replaceAll('\n', '\n\t')}${width};\n`;
  }
  if (isStruct) {
    const whole = type.size * 8;
    text += padding(end, whole, roundUp(end, (dense ? 1 : naturalAlignment(type)) * 8), false);
  }
  return `${text === '' ? '{}' : `{\n${text}}`}${attributes(type, dense)}`;
}

function attributes(type: StructType, dense: boolean): string {
  if (type.kind === 'struct') return dense ? ' __attribute__((packed))' : '';
  const largest = type.members.reduce((most, member) => Math.max(most, member.type.size), 0);
  const own = dense ? ' __attribute__((packed))' : '';
  if (roundUp(largest, dense ? 1 : naturalAlignment(type)) === type.size) return own;
  // A union that is larger than its members was aligned by hand.
  return `${own} __attribute__((aligned(${String(type.size & -type.size)})))`;
}
