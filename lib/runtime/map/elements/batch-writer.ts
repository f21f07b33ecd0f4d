import type { NativeBatch } from '../../../native/surface/elements';
import { hasNoBatches } from './batch-reader';
import type { ElementCalls } from './element-calls';
import { BPF_F_LOCK } from '../../../uapi/map-flags';
import { ERRNO } from '../../../uapi/errno';

/**
 * Stores or deletes many elements: they are collected, and go to the kernel some at a time (bpf_map_update_batch,
 * bpf_map_delete_batch, kernel 5.6), or one by one where there are no batches.
 */
export class BatchWriter {
  readonly #calls: ElementCalls;
  readonly #flags: number;
  readonly #room: number;
  readonly #keys: Uint8Array;
  readonly #values: Uint8Array;
  readonly keyView: DataView;
  readonly valueView: DataView;
  #batches: boolean;
  /** Elements that wait. */
  count = 0;
  /** Elements that were dealt with. */
  done = 0;
  /** Of those that were to be deleted, those that were there. */
  deleted = 0;

  constructor(calls: ElementCalls, room: number, flags: number) {
    const { keySize, valueSize } = calls.layout;
    this.#calls = calls;
    this.#flags = flags;
    this.#room = room;
    this.#keys = new Uint8Array(room * keySize);
    this.#values = new Uint8Array(room * valueSize);
    this.keyView = new DataView(this.#keys.buffer);
    this.valueView = new DataView(this.#values.buffer);
    // The only flag that batches take.
    this.#batches = flags === 0 || flags === BPF_F_LOCK;
  }

  get full(): boolean {
    return this.count === this.#room;
  }

  /** Stores what waits. @throws BpfError that says which element it was; those before it are stored */
  update(): void {
    this.#all((from) => {
      const keys = this.#part(this.#keys, 'keySize', from, this.count);
      const values = this.#part(this.#values, 'valueSize', from, this.count);
      if (this.#batches) {
        const answer = this.#calls.native.updateBatch(this.count - from, this.#flags, keys, values);
        this.#check('bpf_map_update_batch', answer, from + answer.count);
        return answer.count;
      }
      this.#calls.keyBytes.set(this.#part(this.#keys, 'keySize', from, from + 1));
      this.#calls.valueBytes.set(this.#part(this.#values, 'valueSize', from, from + 1));
      this.#calls.update(this.#flags, this.#element(from));
      return 1;
    });
  }

  /** Deletes what waits; what is not there is passed over. */
  delete(): void {
    this.#all((from) => {
      const keys = this.#part(this.#keys, 'keySize', from, this.count);
      if (this.#batches) {
        const answer = this.#calls.native.deleteBatch(this.count - from, keys);
        this.deleted += answer.count;
        // The kernel stops at a key that is not there.
        if (answer.errno === ERRNO.ENOENT) return answer.count + 1;
        this.#check('bpf_map_delete_batch', answer, from + answer.count);
        return answer.count;
      }
      this.#calls.keyBytes.set(this.#part(this.#keys, 'keySize', from, from + 1));
      if (this.#calls.delete(this.#element(from))) this.deleted++;
      return 1;
    });
  }

  /** `step` deals with elements from an index on, and says with how many. */
  #all(step: (from: number) => number): void {
    let from = 0;
    try {
      while (from < this.count) from += step(from);
    } finally {
      this.done += from;
      this.count = 0;
    }
  }

  #part(bytes: Uint8Array, size: 'keySize' | 'valueSize', from: number, to: number): Uint8Array {
    const each = this.#calls.layout[size];
    return bytes.subarray(from * each, to * each);
  }

  /** Old kernels, and types without batches, refuse the first: go on one by one, which says more when it fails, too. */
  #check(syscall: string, answer: NativeBatch, at: number): void {
    if (answer.errno === 0) return;
    if (!hasNoBatches(answer.errno)) throw this.#calls.batchError(syscall, answer, this.#element(at));
    this.#batches = false;
  }

  #element(index: number): string {
    return `element [${String(this.done + index)}] of map '${this.#calls.map}'`;
  }
}
