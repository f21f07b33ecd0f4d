import { UnsupportedError } from '../errors';
import type { ElementCalls } from './element-calls';

/** linux/errno.h, and the kernel's own ENOTSUPP */
const ENOENT = 2;
const EINTR = 4;
const EAGAIN = 11;
const EINVAL = 22;
const ENOSPC = 28;
const EOPNOTSUPP = 95;
const ENOTSUPP = 524;

/** The kernel (before 5.6), or the map type, has no such operation. */
export function hasNoBatches(errno: number): boolean {
  return errno === ENOTSUPP || errno === EOPNOTSUPP || errno === EINVAL;
}

export interface BatchOptions {
  /** How many elements are read at once; default: as many as 256 KiB hold, at most 4096. */
  readonly size?: number | undefined;
  /** BPF_F_LOCK: each value is copied with its spin lock held, so that it is whole. Default 0; kernel 5.6 */
  readonly flags?: number | undefined;
}

const BYTES = 256 * 1024;
const MOST = 4096;

export function batchSize(calls: ElementCalls, maxEntries: number, wanted: number | undefined): number {
  if (wanted !== undefined) return Math.max(1, Math.min(wanted, maxEntries));
  const { keySize, valueSize } = calls.layout;
  const fitting = Math.floor(BYTES / Math.max(1, keySize + valueSize));
  return Math.max(1, Math.min(fitting, MOST, maxEntries));
}

/**
 * Reads a map from start to end, some elements at a time, into arrays of its own: any number of walks can go on at once,
 * and whatever the consumer does to the map meanwhile.
 *
 * With bpf_map_lookup_batch (kernel 5.6) the kernel's position in a hash map is a bucket, which no deletion disturbs.
 * Where there are no batches, the walk goes from key to key (bpf_map_get_next_key), and one that was deleted makes the
 * kernel start over.
 */
export class BatchReader {
  readonly #calls: ElementCalls;
  readonly #remove: boolean;
  readonly #maxEntries: number;
  readonly #flags: number;
  readonly #tokens: Uint8Array;
  #room = 0;
  #walk: KeyWalk | undefined;
  #state: 'start' | 'middle' | 'end' = 'start';
  /** Overwritten by each next(). */
  keys = new Uint8Array(0);
  values = new Uint8Array(0);

  constructor(calls: ElementCalls, maxEntries: number, size: number, remove: boolean, flags: number) {
    this.#calls = calls;
    this.#remove = remove;
    this.#maxEntries = maxEntries;
    this.#flags = flags;
    this.#tokens = new Uint8Array(2 * Math.max(4, calls.layout.keySize));
    this.#grow(size);
  }

  /** How many elements are in `keys` and `values` now; 0 at the end. */
  next(): number {
    while (this.#state !== 'end') {
      if (this.#walk !== undefined) return this.#walk.fill(this);
      const count = this.#batch();
      if (count > 0) return count;
    }
    return 0;
  }

  #batch(): number {
    const first = this.#state === 'start';
    const { native } = this.#calls;
    const { keys, values } = this;
    const answer = native.lookupBatch(first, this.#remove, this.#flags, this.#tokens, keys, values);
    const { count, errno } = answer;
    if (errno === 0 || count > 0) this.#state = 'middle';
    const name = this.#remove ? 'bpf_map_lookup_and_delete_batch' : 'bpf_map_lookup_batch';
    switch (errno) {
      case 0:
        break;
      case ENOENT:
        this.#state = 'end';
        break;
      case ENOSPC:
        // A bucket of a hash map has more elements than there is room for, and comes whole or not at all. Never more
        // than there are elements: socket maps mean something else by it.
        if (count === 0 && this.#room > 2 * this.#maxEntries) throw this.#calls.batchError(name, answer);
        if (count === 0) this.#grow(this.#room * 2);
        break;
      case EINTR:
      case EAGAIN:
        // Kernels before 6.14: the element went away between its key and its value.
        break;
      default:
        if (!first || !hasNoBatches(errno)) throw this.#calls.batchError(name, answer);
        this.#walk = new KeyWalk(this.#calls, this.#remove, this.#maxEntries, this.#flags);
    }
    return count;
  }

  #grow(room: number): void {
    const { keySize, valueSize } = this.#calls.layout;
    this.#room = room;
    this.keys = new Uint8Array(room * keySize);
    this.values = new Uint8Array(room * valueSize);
  }
}

/** From key to key. The next key is asked for before elements are handed out: the consumer may delete those. */
class KeyWalk {
  readonly #calls: ElementCalls;
  readonly #remove: boolean;
  readonly #flags: number;
  readonly #next: Uint8Array;
  #more: boolean | undefined;
  #left: number;

  constructor(calls: ElementCalls, remove: boolean, maxEntries: number, flags: number) {
    this.#calls = calls;
    this.#remove = remove;
    this.#flags = flags;
    this.#next = new Uint8Array(calls.layout.keySize);
    // Whoever deletes keys faster than they are listed makes the kernel start over for ever.
    this.#left = 4 * maxEntries + MOST;
  }

  fill({ keys, values }: { keys: Uint8Array; values: Uint8Array }): number {
    const calls = this.#calls;
    const { keyBytes, valueBytes } = calls;
    const { keySize, valueSize } = calls.layout;
    const room = keySize === 0 ? 0 : keys.length / keySize;
    this.#more ??= this.#advance(true);
    let count = 0;
    while (this.#more && count < room) {
      keyBytes.set(this.#next);
      // A key that went away in between is left out.
      if (this.#remove ? this.#take() : calls.lookup(this.#flags)) {
        keys.set(this.#next, count * keySize);
        values.set(valueBytes, count * valueSize);
        count++;
      }
      keyBytes.set(this.#next);
      this.#more = this.#advance(this.#remove);
    }
    return count;
  }

  #advance(first: boolean): boolean {
    if (this.#left-- === 0) {
      throw new UnsupportedError(
        `list the keys of map '${this.#calls.map}': they are deleted faster than they can be listed, and ` +
          'this kernel has no batches for it, which would not mind',
      );
    }
    const more = this.#calls.nextKey(first);
    if (more) this.#next.set(this.#calls.keyBytes);
    return more;
  }

  #take(): boolean {
    const found = this.#calls.lookup(this.#flags);
    return this.#calls.delete() && found;
  }
}
