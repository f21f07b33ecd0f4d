/**
 * Values in memory to JavaScript values and back, for map keys and values, records, and the snapshots of variables.
 * One compiled codec a type: compile.ts says why.
 */
import { endianness } from 'node:os';
import { ArgumentError, UnsupportedError } from '../../errors';
import { arrayBody } from './codec-array';
import { scalarBody } from './codec-scalar';
import { structBody } from './codec-struct';
import { compile } from './text/compile-text';
import * as helpers from './codec-helpers';
import { asError } from './misfit';
import type { ScalarOptions } from './text/access';
import { isScalar } from './text/scalar';
import type { Codec, CompiledCodec, Steps } from './steps';
import type { Type } from '../layout/layout-model';

export type CodecOptions = ScalarOptions;

const codecs = new WeakMap<Type, Map<string, CompiledCodec>>();

/** The codec of a type. 128-bit integers and pointers are bigint whatever `int64` says, and so are arrays of 64 bits. */
export function codecFor<T = unknown>(type: Type, options: CodecOptions = {}): Codec<T> {
  return compiledCodec(type, options) as CompiledCodec<T>;
}

export function compiledCodec(type: Type, options: CodecOptions = {}): CompiledCodec {
  const { int64 = 'bigint', littleEndian = true } = options;
  let variants = codecs.get(type);
  if (variants === undefined) codecs.set(type, (variants = new Map<string, CompiledCodec>()));
  const key = `${int64} ${String(littleEndian)}`;
  let codec = variants.get(key);
  if (codec === undefined) variants.set(key, (codec = make(type, { int64, littleEndian })));
  return codec;
}

function make(type: Type, options: Required<CodecOptions>): CompiledCodec {
  refuseBigEndianHost();
  const nested = (inner: Type): CompiledCodec => compiledCodec(inner, options);
  const body = isScalar(type)
    ? scalarBody(type, options, nested)
    : type.kind === 'array'
      ? arrayBody(type, options, nested)
      : structBody(type, options, nested);
  const steps = compile(body.text, { h: helpers, ...body.scope }) as Steps;
  return finish(type, steps, body.gaps, options.int64 === 'number');
}

function finish(type: Type, steps: Steps, gaps: boolean, mayThrow: boolean): CompiledCodec {
  const { size } = type;
  const { read, stage, store } = steps;
  const put: Steps['store'] = gaps
    ? (view, offset, staged) => {
        clear(view, offset, size);
        store(view, offset, staged);
      }
    : store;
  return {
    size,
    gaps,
    put,
    readInner: read,
    stage,
    store,
    read: mayThrow
      ? (view, offset) => {
          try {
            return read(view, offset);
          } catch (error) {
            throw asError(error);
          }
        }
      : read,
    write(view, offset, value, partial = false) {
      if (!Number.isInteger(offset) || offset < 0 || offset + size > view.byteLength) {
        throw new ArgumentError(
          `a value of ${size} bytes at offset ${offset} does not fit into ${view.byteLength} bytes`,
        );
      }
      let staged;
      try {
        staged = stage(value, partial);
      } catch (error) {
        throw asError(error);
      }
      if (partial) store(view, offset, staged);
      else put(view, offset, staged);
    },
  };
}

function clear(view: DataView, offset: number, size: number): void {
  if (size > 64) new Uint8Array(view.buffer, view.byteOffset + offset, size).fill(0);
  else for (let i = 0; i < size; i++) view.setUint8(offset + i, 0);
}

/** TypedArrays are in the host's order: on a big-endian host all of them would read wrong. */
function refuseBigEndianHost(): void {
  if (endianness() === 'BE') throw new UnsupportedError('big-endian machines are not supported');
}
