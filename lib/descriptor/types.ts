/**
 * A descriptor is plain data (JSON): the maps, programs and variables of a BPF library or object, and the
 * layouts of their types. `describe()` makes one from a compiled object, generated modules contain one, and
 * `openSubskeleton()` looks its symbols up in the final object. docs/descriptor.md documents the format.
 */

/** The version of the format. A reader refuses any other. */
export const DESCRIPTOR_VERSION = 1;

/**
 * A type, either by its C name, a key of `Descriptor.types`, or written out in place when nothing names it.
 * Two different types of one name get distinct keys: 'struct foo' and 'struct foo___2'.
 */
export type TypeRef = string | ArrayDescription | PointerDescription | StructDescription | EnumDescription;

interface NamedDescription {
  /** The type's C name, where it is not its key in `Descriptor.types`: 'struct foo' for the key 'struct foo___2'. */
  c?: string;
}

export interface IntDescription extends NamedDescription {
  kind: 'int';
  size: number;
  signed?: true;
}
export interface CharDescription extends NamedDescription {
  kind: 'char';
  signed?: true;
}
export interface BoolDescription extends NamedDescription {
  kind: 'bool';
  size: number;
}
export interface FloatDescription extends NamedDescription {
  kind: 'float';
  size: number;
}
export interface EnumDescription extends NamedDescription {
  kind: 'enum';
  size: number;
  signed?: true;
  /** Values of 64-bit enums are decimal strings: JSON has no bigint. */
  constants: Record<string, number | string>;
}
export interface PointerDescription {
  kind: 'pointer';
  /** The C name of the pointer type: 'struct sock *', 'int (*)(void)'. */
  c: string;
}
export interface ArrayDescription {
  kind: 'array';
  length: number;
  element: TypeRef;
}
export interface MemberDescription {
  /** Absent for anonymous structs and unions. */
  name?: string;
  type: TypeRef;
  /** Byte offset; for a bitfield the *bit* offset is `bit`, and `offset` is absent. */
  offset?: number;
  bit?: number;
  bits?: number;
  /** The C declaration. */
  c?: string;
  tags?: string[];
}
export interface StructDescription extends NamedDescription {
  kind: 'struct' | 'union';
  size: number;
  members: MemberDescription[];
}
export type TypeDescription =
  IntDescription | CharDescription | BoolDescription | FloatDescription | EnumDescription | StructDescription;

export interface VariableDescription {
  name: string;
  /** '.data', '.rodata', '.bss', '.kconfig', '.data.custom', …; absent where the library only declares it. */
  section?: string;
  type: TypeRef;
  /** Bytes: the section entry's size, which for a flexible array at the end exceeds that of the type. */
  size: number;
  /** The C declaration without its initialiser: 'volatile u64 requests'. */
  c: string;
  weak?: true;
  /** Only declared here: defined by another library or by the final object (or by the kernel's config). */
  extern?: true;
  tags?: string[];
}

export interface MapDescription {
  name: string;
  /** The kernel's name of the map type, lower case without the prefix: 'hash', 'ringbuf'. Absent if only declared without it. */
  type?: string;
  key?: TypeRef;
  value?: TypeRef;
  keySize?: number;
  valueSize?: number;
  maxEntries?: number;
  flags?: number;
  /** Pinned by its name in the object's pin path (LIBBPF_PIN_BY_NAME). */
  pinned?: true;
  /** What the maps in a map of maps look like. */
  inner?: InnerMapDescription;
  extern?: true;
  weak?: true;
  tags?: string[];
}

export type InnerMapDescription = Omit<
  MapDescription,
  'name' | 'pinned' | 'inner' | 'extern' | 'weak' | 'tags'
>;

export interface ProgramDescription {
  name: string;
  /** The ELF section, e.g. 'raw_tp/sys_enter'. */
  section: string;
  /** The function's C declaration. */
  c?: string;
  weak?: true;
  tags?: string[];
}

/** A kernel symbol (`__ksym`) that the library refers to: a variable or a kernel function. */
export interface KsymDescription {
  name: string;
  kind: 'variable' | 'function';
  c: string;
  weak?: true;
}

/** A function of another library that this one only declares, or a routine in `.text`: a subprogram, not a program. */
export interface FunctionDescription {
  name: string;
  c: string;
  extern?: true;
  weak?: true;
}

/** The npm package that ships the library (docs/libraries.md). */
export interface PackageDescription {
  name: string;
  version: string;
}

export interface Descriptor {
  version: typeof DESCRIPTOR_VERSION;
  name: string;
  byteOrder: 'little' | 'big';
  license?: string;
  package?: PackageDescription;
  maps: MapDescription[];
  programs: ProgramDescription[];
  variables: VariableDescription[];
  functions: FunctionDescription[];
  ksyms: KsymDescription[];
  /** struct_ops variables ('.struct_ops', '.struct_ops.link'). */
  structOps: VariableDescription[];
  types: Record<string, TypeDescription>;
}
