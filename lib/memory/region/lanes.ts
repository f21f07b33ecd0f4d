import type { Lane } from '../../btf/codec/text/access';
import {
  BigInt64Array,
  BigUint64Array,
  DataView,
  Float32Array,
  Float64Array,
  Int16Array,
  Int32Array,
  Int8Array,
  Uint16Array,
  Uint32Array,
  Uint8Array,
} from '../../util/primordials';

/** What a lane is where there is no memory: every load from it is `undefined`, which sends compiled code the slow way. */
export const NONE = {
  i8: new Int8Array(0),
  u8: new Uint8Array(0),
  i16: new Int16Array(0),
  u16: new Uint16Array(0),
  i32: new Int32Array(0),
  u32: new Uint32Array(0),
  i64: new BigInt64Array(0),
  u64: new BigUint64Array(0),
  f32: new Float32Array(0),
  f64: new Float64Array(0),
  view: new DataView(new ArrayBuffer(0)),
} as const;

export type LaneArray = Lanes[Lane];

/**
 * The memory of a region as one TypedArray for each kind of load and store.
 *
 * TypedArrays and not a DataView: before V8 has optimised a function its DataView methods go byte by byte (V8,
 * src/builtins/data-view.tq), so that a counter which the kernel changes meanwhile could be read half old, half
 * new. An aligned TypedArray access is one load or store always.
 *
 * The fields change when the memory does, their hidden classes never: that keeps compiled accessors optimised.
 */
export class Lanes {
  i8: Int8Array = NONE.i8;
  u8: Uint8Array = NONE.u8;
  i16: Int16Array = NONE.i16;
  u16: Uint16Array = NONE.u16;
  i32: Int32Array = NONE.i32;
  u32: Uint32Array = NONE.u32;
  i64: BigInt64Array = NONE.i64;
  u64: BigUint64Array = NONE.u64;
  f32: Float32Array = NONE.f32;
  f64: Float64Array = NONE.f64;
  view: DataView = NONE.view;

  /** Spreads the lanes over the first `size` bytes of a buffer; of a ring buffer they are up to 2 GiB, hence `>>>`. */
  fill(buffer: ArrayBuffer, size: number): void {
    this.i8 = new Int8Array(buffer, 0, size);
    this.u8 = new Uint8Array(buffer, 0, size);
    this.i16 = new Int16Array(buffer, 0, size >>> 1);
    this.u16 = new Uint16Array(buffer, 0, size >>> 1);
    this.i32 = new Int32Array(buffer, 0, size >>> 2);
    this.u32 = new Uint32Array(buffer, 0, size >>> 2);
    this.i64 = new BigInt64Array(buffer, 0, size >>> 3);
    this.u64 = new BigUint64Array(buffer, 0, size >>> 3);
    this.f32 = new Float32Array(buffer, 0, size >>> 2);
    this.f64 = new Float64Array(buffer, 0, size >>> 3);
    this.view = new DataView(buffer, 0, size);
  }

  assign(other: Omit<Lanes, 'fill' | 'assign'>): void {
    this.i8 = other.i8;
    this.u8 = other.u8;
    this.i16 = other.i16;
    this.u16 = other.u16;
    this.i32 = other.i32;
    this.u32 = other.u32;
    this.i64 = other.i64;
    this.u64 = other.u64;
    this.f32 = other.f32;
    this.f64 = other.f64;
    this.view = other.view;
  }
}

/** A TypedArray for a lane over part of a buffer. */
export function laneArray(lane: Lane, buffer: ArrayBuffer, offset: number, length: number): LaneArray {
  switch (lane) {
    case 'i8':
      return new Int8Array(buffer, offset, length);
    case 'u8':
      return new Uint8Array(buffer, offset, length);
    case 'i16':
      return new Int16Array(buffer, offset, length);
    case 'u16':
      return new Uint16Array(buffer, offset, length);
    case 'i32':
      return new Int32Array(buffer, offset, length);
    case 'u32':
      return new Uint32Array(buffer, offset, length);
    case 'i64':
      return new BigInt64Array(buffer, offset, length);
    case 'u64':
      return new BigUint64Array(buffer, offset, length);
    case 'f32':
      return new Float32Array(buffer, offset, length);
    case 'f64':
      return new Float64Array(buffer, offset, length);
  }
}

export function getLane(view: DataView, lane: Lane, at: number): number | bigint {
  switch (lane) {
    case 'i8':
      return view.getInt8(at);
    case 'u8':
      return view.getUint8(at);
    case 'i16':
      return view.getInt16(at, true);
    case 'u16':
      return view.getUint16(at, true);
    case 'i32':
      return view.getInt32(at, true);
    case 'u32':
      return view.getUint32(at, true);
    case 'i64':
      return view.getBigInt64(at, true);
    case 'u64':
      return view.getBigUint64(at, true);
    case 'f32':
      return view.getFloat32(at, true);
    case 'f64':
      return view.getFloat64(at, true);
  }
}

export function setLane(view: DataView, lane: Lane, at: number, value: number | bigint): void {
  const number = value as number;
  const bigint = value as bigint;
  switch (lane) {
    case 'i8':
    case 'u8': {
      view.setUint8(at, number);
      return;
    }
    case 'i16':
    case 'u16': {
      view.setUint16(at, number, true);
      return;
    }
    case 'i32':
    case 'u32': {
      view.setUint32(at, number, true);
      return;
    }
    case 'i64':
    case 'u64': {
      view.setBigUint64(at, bigint, true);
      return;
    }
    case 'f32': {
      view.setFloat32(at, number, true);
      return;
    }
    case 'f64': {
      view.setFloat64(at, number, true);
      return;
    }
  }
}
