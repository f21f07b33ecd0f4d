/** The readers as users see them: what a reader of a generated map gives has the type that the module has for it. */
import { PerfBuffer as AnyPerfBuffer, type PerfBufferOptions } from './perf-buffer';
import type { RecordMap } from './record-map';
import type { ReaderOptions } from './record-reader';
import { RingBuffer as AnyRingBuffer } from './ring-buffer';
import type { Int64Kind, RecordOf, RecordTypeOf, UnknownRecords } from './typed-records';

type Typed<Options, T, I> = Omit<Options, 'type' | 'int64'> & {
  readonly type?: T;
  readonly int64?: I;
};

/** Makes a RingBuffer. */
export interface RingBufferConstructor {
  new <
    M extends RecordMap,
    const T extends RecordTypeOf<M> | undefined = undefined,
    I extends Int64Kind | undefined = undefined,
  >(
    map: M,
    options?: Typed<ReaderOptions, T, I>,
  ): RingBuffer<RecordOf<M, T, I>>;
  /** Of a map that the compiler knows nothing of, records are what you say. */
  new <T>(map: RecordMap & UnknownRecords, options?: ReaderOptions): RingBuffer<T>;
  readonly prototype: RingBuffer;
}

/** Makes a PerfBuffer. */
export interface PerfBufferConstructor {
  new <
    M extends RecordMap,
    const T extends RecordTypeOf<M> | undefined = undefined,
    I extends Int64Kind | undefined = undefined,
  >(
    map: M,
    options?: Typed<PerfBufferOptions, T, I>,
  ): PerfBuffer<RecordOf<M, T, I>>;
  /** Of a map that the compiler knows nothing of, records are what you say. */
  new <T>(map: RecordMap & UnknownRecords, options?: PerfBufferOptions): PerfBuffer<T>;
  readonly prototype: PerfBuffer;
}

export type RingBuffer<T = unknown> = AnyRingBuffer<T>;
export const RingBuffer: RingBufferConstructor = AnyRingBuffer;

export type PerfBuffer<T = unknown> = AnyPerfBuffer<T>;
export const PerfBuffer: PerfBufferConstructor = AnyPerfBuffer;
