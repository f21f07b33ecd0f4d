/**
 * What a struct or an array is while it lives in a region: its view, and its snapshot and store on shared memory.
 */
import { alignmentOf } from '../../btf/codec/access-alignment';
import { compiledCodec } from '../../btf/codec/codec';
import { isBytes } from '../../btf/codec/codec-scalar';
import { asError } from '../../btf/codec/misfit';
import type { ArrayType, StructType, Type } from '../../btf/layout/layout-model';
import { arrayOps } from './live-array';
import { structOps } from './live-struct';
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

const known = new WeakMap<Type, Map<string, LiveOps>>();

export function liveOps(type: CompositeType, aligned: boolean, options: LiveOptions): LiveOps {
  let variants = known.get(type);
  if (variants === undefined) known.set(type, (variants = new Map<string, LiveOps>()));
  const key = `${options.int64} ${String(aligned)}`;
  let ops = variants.get(key);
  if (ops === undefined) {
    ops = type.kind === 'array' ? arrayOps(type, aligned, options) : structOps(type, aligned, options);
    variants.set(key, ops);
  }
  return ops;
}

export function isAligned(type: Type, offset: number): boolean {
  return offset % alignmentOf(type) === 0;
}

/** A snapshot. */
export function readThrough(
  region: Region,
  offset: number,
  type: CompositeType,
  options: LiveOptions,
): unknown {
  const view = region.reading(offset, type.size);
  region.checkRange(offset, type.size);
  try {
    if (region.shared && isAligned(type, offset)) return liveOps(type, true, options).read(region, offset);
    return compiledCodec(type, options).read(view, offset);
  } catch (error) {
    throw region.explain(asError(error));
  }
}

/** Checks all of a value, which may leave members out, then stores it. */
export function writeThrough(
  region: Region,
  offset: number,
  type: CompositeType,
  options: LiveOptions,
  value: unknown,
  subject: string,
): void {
  const codec = compiledCodec(type, options);
  let staged;
  try {
    staged = codec.stage(value, true);
  } catch (error) {
    throw asError(error, subject);
  }
  const view = region.writing();
  region.checkRange(offset, type.size);
  try {
    if (region.shared && isAligned(type, offset)) liveOps(type, true, options).store(region, offset, staged);
    else codec.store(view, offset, staged);
  } catch (error) {
    throw region.explain(error);
  }
  region.written(view, offset, type.size);
}

/** A type that scalars-by-name code cannot hold in one value: it has a view. */
export function isComposite(type: Type): type is CompositeType {
  return type.kind === 'array' || type.kind === 'struct' || type.kind === 'union';
}

const BYTE: Type = { kind: 'int', spelling: 'unsigned char', size: 1, signed: false };
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
