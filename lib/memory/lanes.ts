import type { Lane } from '../btf/scalar';

/**
 * What a lane is before it is used, and whenever there is no memory to use: compiled code compares with these, or, where
 * that is faster, with what they hold, which should be rare in real memory.
 */
export const NONE = {
  i8: new Int8Array(1),
  u8: new Uint8Array(1),
  i16: new Int16Array(1),
  u16: new Uint16Array(1),
  i32: Int32Array.of(-0x61c8_8647),
  u32: Uint32Array.of(0x9e37_79b9),
  i64: new BigInt64Array(1),
  u64: new BigUint64Array(1),
  f32: Float32Array.of(-6.626e-34),
  f64: Float64Array.of(-6.62607015e-304),
  view: new DataView(new ArrayBuffer(1)),
} as const;

export type LaneArray = (typeof NONE)[Lane];

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
  i8 = NONE.i8;
  u8 = NONE.u8;
  i16 = NONE.i16;
  u16 = NONE.u16;
  i32 = NONE.i32;
  u32 = NONE.u32;
  i64 = NONE.i64;
  u64 = NONE.u64;
  f32 = NONE.f32;
  f64 = NONE.f64;
  view = NONE.view;

  clear(): void {
    Object.assign(this, NONE);
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
