/** How a scalar gets in and out of memory: by one load or store of a lane, or through helpers. */

/** What one machine load or store can move, named after the TypedArray that does it. */
export type Lane = 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'i64' | 'u64' | 'f32' | 'f64';

export const LANE_SIZES: Readonly<Record<Lane, 1 | 2 | 4 | 8>> = {
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  i32: 4,
  u32: 4,
  i64: 8,
  u64: 8,
  f32: 4,
  f64: 8,
};

/** The suffix of DataView's get and set. */
export const LANE_METHODS: Readonly<Record<Lane, string>> = {
  i8: 'Int8',
  u8: 'Uint8',
  i16: 'Int16',
  u16: 'Uint16',
  i32: 'Int32',
  u32: 'Uint32',
  i64: 'BigInt64',
  u64: 'BigUint64',
  f32: 'Float32',
  f64: 'Float64',
};

/** Moved by one load or store of `lane`, `byte` bytes from where the value's struct (or the value) starts. */
export interface LaneAccess {
  readonly lane: Lane;
  readonly byte: number;
  /** The value in what was loaded. */
  decode(loaded: string): string;
  /** What to store for a value; `loaded` is what is there now, of which bitfields keep the rest. */
  encode(value: string, loaded: string): string;
  /** Reads through a DataView in another way, where there is a faster one. */
  readonly get?: (view: string, at: string) => string;
}

/** Everything else: read and written through helpers (helpers.ts, in scope as `h`) on a DataView. `at`: where the struct starts. */
export interface ViewAccess {
  readonly lane?: undefined;
  get(view: string, at: string): string;
  set(view: string, at: string, value: string): string;
}

export interface ScalarOptions {
  /** 64-bit integers as numbers, where they are safe. Enums and pointers stay bigint. */
  readonly int64?: 'bigint' | 'number' | undefined;
  readonly littleEndian?: boolean | undefined;
}

/** Where a bitfield lies: `bitSize` 0 is no bitfield. `room` is the size of the struct: no access may go beyond. */
export interface Place {
  readonly bitOffset: number;
  readonly bitSize: number;
  readonly room: number;
}
