/** What structs and arrays in a region have in common: their types, and what can be done with one. */
import { alignmentOf } from '../../btf/codec/access-alignment';
import { isBytes } from '../../btf/codec/codec-scalar';
import { BYTE } from '../../btf/layout/byte';
import type { ArrayType, StructType, Type } from '../../btf/layout/layout-model';
import type { Region } from '../region/region';

/** Everything that takes memory with it. */
export type CompositeType = ArrayType | StructType;

export interface LiveOptions {
  /** What 64-bit integers in structs are. */
  readonly int64: 'bigint' | 'number';
}

/** Where a value is: `get()` gives its view, the same one as long as the memory is. */
export interface Place {
  get(): unknown;
}

/**
 * A composite type at addresses of one kind: multiples of its alignment, or not. `read` and `store` work on the
 * kernel's pages with one load or store a member, so that no member is read half old, half new.
 */
export interface LiveOps {
  readonly place: (region: Region, offset: number) => Place;
  readonly read: (region: Region, offset: number) => unknown;
  readonly store: (region: Region, offset: number, staged: unknown) => void;
}

/**
 * What views need to make the views and values inside of theirs; live.ts has it. It is handed down, because structs are in
 * arrays and arrays in structs.
 */
export interface Live {
  readonly ops: (type: CompositeType, aligned: boolean, options: LiveOptions) => LiveOps;
  /** A snapshot. */
  readonly read: (region: Region, offset: number, type: CompositeType, options: LiveOptions) => unknown;
  /** Checks all of a value, which may leave members out, then stores it. */
  readonly write: (
    region: Region,
    offset: number,
    type: CompositeType,
    options: LiveOptions,
    value: unknown,
    subject: string,
  ) => void;
}

export function isAligned(type: Type, offset: number): boolean {
  return offset % alignmentOf(type) === 0;
}

/** A type that scalars-by-name code cannot hold in one value: it has a view. */
export function isComposite(type: Type): type is CompositeType {
  return type.kind === 'array' || type.kind === 'struct' || type.kind === 'union';
}

const byteArrays = new WeakMap<Type, ArrayType>();

/** The type as views see it: floats that JavaScript has no number for are arrays of bytes. */
export function viewType(type: Type): Type {
  if (!isBytes(type)) return type;
  let bytes = byteArrays.get(type);
  if (bytes === undefined) {
    bytes = { kind: 'array', spelling: type.kind, size: type.size, length: type.size, element: BYTE };
    byteArrays.set(type, bytes);
  }
  return bytes;
}
