/** When the event loop calls a reader back. 'idle': never, but it can keep the process alive. */
export const WATCH = { stopped: 0, idle: 1, poll: 2 } as const;

/** What readers of ring buffers and of perf buffers have in common. One source is a ring, or a CPU's perf buffer. */
export interface NativeRecordReader {
  /**
   * The records' memory. Of a ring buffer it is the kernel's read-only pages, where a write ends the process: it must
   * never reach users, nor anything that a user could have replaced. Zeros after close().
   */
  memory(source: number): ArrayBuffer;
  /** Pairs of uint32: offset in `memory` and length of each record that was taken. */
  index(source: number): ArrayBuffer;
  /**
   * Puts the records that are there into `index`, and answers how many. Negative: they are all of one length, in a row as
   * the kernel lays them out, and `index` has the first one only. 'busy' where those before are not given back.
   */
  take(source: number): number;
  /** Gives the first `count` of the records that are taken back to the kernel; after `last` the others can be taken again. */
  release(source: number, count: number, last: boolean): void;
  releaseAll(source: number): void;
  copy(source: number, offset: number, to: Uint8Array): void;
  /** `mode`: one of WATCH. The callback is kept as long as the mode calls it. */
  watch(mode: number, callback?: () => void): void;
  /**
   * Calls back without a wake-up, in every turn of the event loop that finds committed records: `always`, or until there
   * are none. Only while it polls.
   */
  spin(always: boolean): void;
  /** Whether the watch keeps the process alive. */
  reference(on: boolean): void;
  /** Safe to call more than once. */
  close(): void;
}

/** libbpf's ring_buffer, and the pages of its rings. Holds its maps by descriptors of its own. */
export interface NativeRingBuffer extends NativeRecordReader {
  /** ring_buffer__new, ring_buffer__add; the number of the ring. */
  add(fd: number, name: string): number;
  /** ring__size, ring__avail_data_size, ring__consumer_pos, ring__producer_pos */
  state(ring: number): NativeRingState;
}

export interface NativeRingState {
  readonly size: number;
  readonly available: number;
  readonly consumerPosition: number;
  readonly producerPosition: number;
}

/** libbpf's perf_buffer; a source is a CPU's buffer. `memory` is a copy of our own here. */
export interface NativePerfBuffer extends NativeRecordReader {
  /** The CPU of each source. */
  sources(): number[];
  /** How many records the kernel said it lost, since the last call. */
  takeLost(): number;
}

/** libbpf's user_ring_buffer. */
export interface NativeUserRingBuffer {
  readonly closed: boolean;
  /** The number of the sample; 0 where the ring is full. */
  reserve(size: number): number;
  /** As many bytes as were reserved. */
  submit(sample: number, bytes: Uint8Array): void;
  discard(sample: number): void;
  /** reserve(), filled and submitted; false where the ring is full. */
  send(bytes: Uint8Array): boolean;
  /** Called when the kernel has drained something; undefined: no more. */
  watch(callback: (() => void) | undefined): void;
  /** Discards what is reserved. Safe to call more than once. */
  close(): void;
}
