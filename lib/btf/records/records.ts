/** BTF's records as they are in the file, decoded: one interface a kind (Documentation/bpf/btf.rst). */

/** The kinds by number; 0 is void, which has no record, and the last stands for all that came later. */
export const KIND_NAMES = [
  'void',
  'int',
  'ptr',
  'array',
  'struct',
  'union',
  'enum',
  'fwd',
  'typedef',
  'volatile',
  'const',
  'restrict',
  'func',
  'func_proto',
  'var',
  'datasec',
  'float',
  'decl_tag',
  'type_tag',
  'enum64',
  'unknown',
] as const;

export type Kind = (typeof KIND_NAMES)[number];

/** 'variadic': the parameter that stands for `...` has type 0 and no name. */
export interface RawParameter {
  readonly name: string;
  readonly type: number;
}

export interface RawMember {
  readonly name: string;
  readonly type: number;
  /** Bits from the start of the struct. */
  readonly bitOffset: number;
  /** The width of a bitfield where the struct's kind_flag is set; the old encoding has it in the member's int type. */
  readonly bitSize: number;
}

export interface RawEnumerator {
  readonly name: string;
  readonly value: number | bigint;
}

export interface RawSectionEntry {
  /** A var, or an extern func. */
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

interface Record<K extends Kind> {
  readonly kind: K;
  readonly id: number;
  /** '' for what has no name. */
  readonly name: string;
}

/** What refers to one other type and adds no more than its kind says. */
export interface RawReference<K extends Kind> extends Record<K> {
  readonly type: number;
}

export type RawVoid = Record<'void'>;

export interface RawInt extends Record<'int'> {
  readonly size: number;
  readonly signed: boolean;
  readonly isChar: boolean;
  readonly isBool: boolean;
  /** Where the value starts and how wide it is: of interest for bitfields in the old encoding only. */
  readonly bitOffset: number;
  readonly bits: number;
}

export interface RawArray extends Record<'array'> {
  readonly type: number;
  readonly indexType: number;
  readonly length: number;
}

export interface RawStruct<K extends 'struct' | 'union' = 'struct' | 'union'> extends Record<K> {
  readonly size: number;
  readonly members: readonly RawMember[];
  /** Whether members' places are written with their widths: then they have 24 bits, else 32. */
  readonly kindFlag: boolean;
}

export interface RawEnum<K extends 'enum' | 'enum64' = 'enum' | 'enum64'> extends Record<K> {
  readonly size: number;
  readonly signed: boolean;
  readonly constants: readonly RawEnumerator[];
}

export interface RawForward extends Record<'fwd'> {
  readonly isUnion: boolean;
}

export type Linkage = 'static' | 'global' | 'extern';

export interface RawFunction extends RawReference<'func'> {
  readonly linkage: Linkage;
}

export interface RawPrototype extends RawReference<'func_proto'> {
  readonly parameters: readonly RawParameter[];
}

export interface RawVariable extends RawReference<'var'> {
  readonly linkage: Linkage;
}

export interface RawSection extends Record<'datasec'> {
  readonly size: number;
  readonly entries: readonly RawSectionEntry[];
}

export interface RawFloat extends Record<'float'> {
  readonly size: number;
}

export interface RawDeclarationTag extends RawReference<'decl_tag'> {
  /** The member's or parameter's index; -1 where the tag belongs to the whole. */
  readonly component: number;
  /** The name is an attribute of its own, not the text of a btf_decl_tag (Linux 6.15 and later). */
  readonly isAttribute: boolean;
}

export interface RawTypeTag extends RawReference<'type_tag'> {
  /** The name is an attribute of its own, not the text of a btf_type_tag (Linux 6.15 and later). */
  readonly isAttribute: boolean;
}

/** Of a kind that came after this version, whose length the BTF's layout section tells. */
export interface RawUnknown extends Record<'unknown'> {
  readonly number: number;
}

export type RawType =
  | RawVoid
  | RawInt
  | RawReference<'ptr'>
  | RawArray
  | RawStruct<'struct'>
  | RawStruct<'union'>
  | RawEnum<'enum'>
  | RawForward
  | RawReference<'typedef'>
  | RawReference<'volatile'>
  | RawReference<'const'>
  | RawReference<'restrict'>
  | RawFunction
  | RawPrototype
  | RawVariable
  | RawSection
  | RawFloat
  | RawDeclarationTag
  | RawTypeTag
  | RawEnum<'enum64'>
  | RawUnknown;
