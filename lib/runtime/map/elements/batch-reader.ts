import { UnsupportedError } from '../../../errors';
import type { ElementCalls } from './element-calls';
import { ERRNO } from '../../../uapi/errno';

const { ENOENT, EINTR, EAGAIN, EINVAL, ENOSPC, EOPNOTSUPP, ENOTSUPP } = ERRNO;

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

/**
 * How many elements or keys a walk may see that the kernel may start over: whoever deletes the key it stands on, again and
 * again, would keep it going for ever.
 */
const walkLimit = (maxEntries: number): number => 4 * maxEntries + MOST;

/** `bounded`: whether a walk in batches ends by itself, as that over the buckets of a hash map does. */
export interface WalkKind {
  readonly remove: boolean;
  readonly bounded: boolean;
}

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
 * With bpf_map_lookup_batch (kernel 5.6) the kernel's position in a hash map is a bucket, which no deletion disturbs. In
 * other maps (LPM tries), and where there are no batches, the walk goes from key to key (bpf_map_get_next_key), and one that
 * was deleted makes the kernel start over.
 */
export class BatchReader {
  readonly #calls: ElementCalls;
  readonly #remove: boolean;
  readonly #maxEntries: number;
  readonly #flags: number;
  readonly #tokens: Uint8Array;
  #room = 0;
  #left: number;
  #walk: KeyWalk | undefined;
  #state: 'start' | 'middle' | 'end' = 'start';
  /** Overwritten by each next(). */
  keys = new Uint8Array(0);
  values = new Uint8Array(0);

  constructor(calls: ElementCalls, maxEntries: number, size: number, kind: WalkKind, flags: number) {
    this.#calls = calls;
    this.#remove = kind.remove;
    this.#left = kind.bounded ? Infinity : walkLimit(maxEntries);
    this.#maxEntries = maxEntries;
    this.#flags = flags;
    this.#tokens = new Uint8Array(2 * Math.max(4, calls.layout.keySize));
    this.#grow(size);
  }

  /** How many elements are in `keys` and `values` now; 0 at the end. */
  next(): number {
    while (this.#state !== 'end') {
      if (this.#walk !== undefined) return this.#walk.fill(this);
      if (this.#left <= 0) throw endless(this.#calls.map, this.#remove);
      const count = this.#batch();
      this.#left -= count;
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
  #failed: { readonly error: unknown } | undefined;

  constructor(calls: ElementCalls, remove: boolean, maxEntries: number, flags: number) {
    this.#calls = calls;
    this.#remove = remove;
    this.#flags = flags;
    this.#next = new Uint8Array(calls.layout.keySize);
    this.#left = walkLimit(maxEntries);
  }

  fill(room: { keys: Uint8Array; values: Uint8Array }): number {
    if (this.#failed !== undefined) throw this.#failed.error;
    const { keySize } = this.#calls.layout;
    const most = keySize === 0 ? 0 : room.keys.length / keySize;
    let count = 0;
    try {
      this.#more ??= this.#advance(true);
      while (this.#more && count < most) {
        if (this.#one(room, count)) count++;
        this.#more = this.#advance(this.#remove);
      }
    } catch (error) {
      // What was taken out is in the map no more: it is handed out before the error is.
      if (!this.#remove || count === 0) throw error;
      this.#failed = { error };
    }
    return count;
  }

  /** Puts the next key's element at `place`. False: it went away in between, and is left out. */
  #one({ keys, values }: { keys: Uint8Array; values: Uint8Array }, place: number): boolean {
    const calls = this.#calls;
    const { keyBytes, valueBytes } = calls;
    const { keySize, valueSize } = calls.layout;
    keyBytes.set(this.#next);
    const found = this.#remove ? this.#take() : calls.lookup(this.#flags);
    if (found) {
      keys.set(this.#next, place * keySize);
      values.set(valueBytes, place * valueSize);
    }
    keyBytes.set(this.#next);
    return found;
  }

  #advance(first: boolean): boolean {
    if (this.#left-- <= 0) throw endless(this.#calls.map, this.#remove);
    const more = this.#calls.nextKey(first);
    if (more) this.#next.set(this.#calls.keyBytes);
    return more;
  }

  #take(): boolean {
    const found = this.#calls.lookup(this.#flags);
    return this.#calls.delete() && found;
  }
}

function endless(map: string, remove: boolean): UnsupportedError {
  const what = remove
    ? `take the elements out of map '${map}': they are stored faster than they can be taken out`
    : `list the keys of map '${map}': they are deleted faster than they can be listed`;
  return new UnsupportedError(
    `${what}, and this map type, or this kernel, has no batches that would not mind`,
  );
}
