/**
 * The layout model: what a value looks like in memory, and nothing more.
 *
 * It is a tree (pointers are opaque addresses, so nothing can refer back to itself), made from BTF by
 * `resolve.ts` or from a descriptor by `descriptor/types-table.ts`, and used by the codec, the views,
 * the verifier and the generator. typedef, const, volatile, restrict and tags are looked through; what
 * they said in C survives in the declarations that variables and members carry.
 *
 * `spelling` is the C name of the type without qualifiers: 'unsigned int', 'struct request', 'enum state',
 * 'request_t' for an anonymous struct that only a typedef names, '' for one that nothing names.
 * All sizes are bytes, all `bitOffset`s and `bitSize`s bits, little endian or big endian as the object is.
 */
export type Type =
  IntType | CharType | BoolType | FloatType | EnumType | PointerType | ArrayType | StructType;

/** An integer of 8 to 128 bits. 64 and 128 bits are bigint in JavaScript, the others number. */
export interface IntType {
  readonly kind: 'int';
  readonly spelling: string;
  readonly size: 1 | 2 | 4 | 8 | 16;
  readonly signed: boolean;
}

/** C's plain `char` (not `signed char` or `unsigned char`): an array of it is text. */
export interface CharType {
  readonly kind: 'char';
  readonly spelling: string;
  readonly size: 1;
  readonly signed: boolean;
}

/** `bool`: any non-zero byte is true; true is written as 1. */
export interface BoolType {
  readonly kind: 'bool';
  readonly spelling: string;
  readonly size: number;
}

/** float and double. Other sizes (long double) are kept, as bytes. */
export interface FloatType {
  readonly kind: 'float';
  readonly spelling: string;
  readonly size: number;
}

export interface EnumConstant {
  readonly name: string;
  /** number for enums up to 32 bits, bigint for enum64. */
  readonly value: number | bigint;
}

/** enum and enum64. Values without a name are legal and survive. */
export interface EnumType {
  readonly kind: 'enum';
  readonly spelling: string;
  readonly size: 1 | 2 | 4 | 8;
  readonly signed: boolean;
  readonly constants: readonly EnumConstant[];
}

/** Any pointer, function pointers too: a 64-bit address, opaque. `spelling` is e.g. 'struct sock *' or 'int (*)(void)'. */
export interface PointerType {
  readonly kind: 'pointer';
  readonly spelling: string;
  readonly size: 8;
}

/** `length` is 0 for zero-length and flexible arrays. int[2][3] is an array of 2 arrays of 3. */
export interface ArrayType {
  readonly kind: 'array';
  readonly spelling: string;
  readonly size: number;
  readonly length: number;
  readonly element: Type;
}

export interface Member {
  /** '' for an anonymous struct or union, whose members count as the outer one's. */
  readonly name: string;
  readonly type: Type;
  /**
   * From the start of the struct. Bits are counted as the byte order has it: for bitfields this is the position of
   * the least significant bit in little endian, and of the most significant one (bit 0 is the highest of byte 0)
   * in big endian.
   */
  readonly bitOffset: number;
  /** The width of a bitfield; 0 for ordinary members. */
  readonly bitSize: number;
  /** The C declaration, e.g. 'volatile u64 latency_ns'. */
  readonly declaration: string;
  /** BTF declaration tags (`btf_decl_tag`). */
  readonly tags: readonly string[];
}

export interface StructType {
  readonly kind: 'struct' | 'union';
  readonly spelling: string;
  readonly size: number;
  readonly members: readonly Member[];
}
