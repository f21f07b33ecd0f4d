/**
 * What a struct or an array is while it lives in a region: its view, and its snapshot and store on shared memory.
 */
import { compiledCodec } from '../../btf/codec/codec';
import { asError } from '../../btf/codec/misfit';
import type { Type } from '../../btf/layout/layout-model';
import { isAligned, type CompositeType, type Live, type LiveOps, type LiveOptions } from './composite';
import { arrayOps } from './live-array';
import { structOps } from './live-struct';
import type { Region } from '../region/region';

const known = new WeakMap<Type, Map<string, LiveOps>>();

export function liveOps(type: CompositeType, aligned: boolean, options: LiveOptions): LiveOps {
  let variants = known.get(type);
  if (variants === undefined) known.set(type, (variants = new Map<string, LiveOps>()));
  const key = `${options.int64} ${String(aligned)}`;
  let ops = variants.get(key);
  if (ops === undefined) {
    ops =
      type.kind === 'array'
        ? arrayOps(type, aligned, options, LIVE)
        : structOps(type, aligned, options, LIVE);
    variants.set(key, ops);
  }
  return ops;
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

const LIVE: Live = { ops: liveOps, read: readThrough, write: writeThrough };
