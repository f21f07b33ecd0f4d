/** The memory that the records of one batch, or of one iteration, are read from. */
import { ClosedError } from '../../errors';
import { outOfLine } from '../../btf/codec/text/compile-text';
import { Lanes, NONE } from '../../memory/region/lanes';
import { sizeOf } from '../../util/primordials';
import type { NativeRecordReader } from '../../native/surface/events';

/** More than this is copied by the addon, whose call takes as long as copying so much here. */
const COPY_HERE = 512;

/** Bytes before each record of a ring. linux/bpf.h, BPF_RINGBUF_HDR_SZ */
const HEADER = 8;

/**
 * The records of one ring. Its lanes may lie over the kernel's read-only pages, where a write ends the process. So
 * nothing is ever called on them: they are indexed into, which nobody can intercept, and what needs a DataView or a
 * TypedArray of its own gets a copy.
 */
export class RecordSource {
  readonly #native: NativeRecordReader;
  readonly #number: number;
  readonly lanes = new Lanes();
  /** Bytes: of a ring buffer twice the ring. */
  readonly size: number;
  /** Pairs: offset, length. */
  readonly index: Uint32Array;
  #scratch = new ArrayBuffer(COPY_HERE);
  #words = new Uint32Array(this.#scratch);
  #bytes = new Uint8Array(this.#scratch);
  #view = new DataView(this.#scratch);

  constructor(native: NativeRecordReader, number: number) {
    this.#native = native;
    this.#number = number;
    this.index = new Uint32Array(native.index(number));
    const memory = native.memory(number);
    this.size = sizeOf(memory);
    this.lanes.fill(memory, this.size);
    this.lanes.view = NONE.view;
  }

  /** A copy of some bytes, good until the next call. */
  scratch(offset: number, size: number): DataView {
    if (size > this.#bytes.length) this.#grow(size);
    if (size > COPY_HERE) {
      this.#native.copy(this.#number, offset, new Uint8Array(this.#scratch, 0, size));
    } else if ((offset & 3) === 0) {
      // The last word may reach beyond the record, but not beyond its padding.
      const from = this.lanes.u32;
      const first = offset >> 2;
      for (let i = 0; i < (size + 3) >> 2; i++) this.#words[i] = from[first + i] as number;
    } else {
      const from = this.lanes.u8;
      for (let i = 0; i < size; i++) this.#bytes[i] = from[offset + i] as number;
    }
    return this.#view;
  }

  /** A copy of the first bytes of `size`, and zeros for the others; good until the next call. */
  padded(offset: number, came: number, size: number): DataView {
    if (size > this.#bytes.length) this.#grow(size);
    const view = this.scratch(offset, came);
    this.#bytes.fill(0, came, size);
    return view;
  }

  /** A copy of some bytes, for good. */
  bytes(offset: number, size: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(size);
    if (size > 64) this.#native.copy(this.#number, offset, bytes);
    else for (let i = 0; i < size; i++) bytes[i] = this.lanes.u8[offset + i] as number;
    return bytes;
  }

  #grow(size: number): void {
    this.#scratch = new ArrayBuffer(Math.ceil(size / 4096) * 4096);
    this.#words = new Uint32Array(this.#scratch);
    this.#bytes = new Uint8Array(this.#scratch);
    this.#view = new DataView(this.#scratch);
  }
}

/**
 * What the views of one batch share. `end()` empties it: every access after that finds nothing and throws, while
 * the next batch has one of its own.
 */
export class RecordMemory extends Lanes {
  source: RecordSource | undefined;
  index: Uint32Array = NONE.u32;
  /** How many records there are. */
  count = 0;
  /** Where the records are even (of one length, in a row): from one to the next. 0: they are where `index` says. */
  stride = 0;
  /** Of even records: where the first one is, and how long each. */
  first = 0;
  length = 0;
  /** It ended because the reader was closed, perhaps in the middle of a loop over the batch, which then ends as well. */
  cut = false;

  /** `taken`: what NativeRecordReader.take() answered. */
  begin(source: RecordSource, taken: number): void {
    this.assign(source.lanes);
    const { index } = source;
    this.source = source;
    this.index = index;
    this.count = Math.abs(taken);
    if (taken < 0) {
      this.first = index[0] as number;
      this.length = index[1] as number;
      this.stride = (this.length + HEADER + 7) & ~7;
    } else {
      this.stride = 0;
    }
  }

  end(cut: boolean): void {
    this.cut = cut;
    this.assign(NONE);
    this.source = undefined;
    this.index = NONE.u32;
    this.count = 0;
    this.stride = 0;
  }

  offsetOf(i: number): number {
    return this.stride === 0 ? (this.index[2 * i] as number) : this.first + i * this.stride;
  }

  lengthOf(i: number): number {
    return this.stride === 0 ? (this.index[2 * i + 1] as number) : this.length;
  }
}

export function over(): ClosedError {
  return new ClosedError(
    'the batch of this record is over: views are valid during the callback; read() what you want to keep',
  );
}

/** For a loop that finds no record more: whether it may end so. An async listener must not take its batch for an empty one. */
export const ended = outOfLine((memory: RecordMemory): 0 => {
  if (memory.source === undefined && !memory.cut) throw overBatch();
  return 0;
});

export function overBatch(): ClosedError {
  return new ClosedError(
    'this batch is over: batches are valid during the callback, and before its first await; read() what you want to keep',
  );
}

/** What compiled code reads through, where one load is not enough. */
export const scratch = outOfLine((memory: RecordMemory, offset: number, size: number): DataView => {
  if (memory.source === undefined) throw over();
  return memory.source.scratch(offset, size);
});

export function padded(memory: RecordMemory, offset: number, came: number, size: number): DataView {
  if (memory.source === undefined) throw over();
  return memory.source.padded(offset, Math.max(0, Math.min(came, size)), size);
}

export function bytesAt(memory: RecordMemory, offset: number, size: number): Uint8Array<ArrayBuffer> {
  if (memory.source === undefined) throw over();
  return memory.source.bytes(offset, size);
}
