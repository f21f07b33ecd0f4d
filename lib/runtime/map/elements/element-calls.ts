import { ClosedError } from '../../../errors';
import { failure } from '../../../native/failure/failure';
import {
  CONTROL,
  RUN,
  RUN_CLOSED,
  type NativeBatch,
  type NativeElements,
  type NativeLayout,
} from '../../../native/surface/elements';
import { ERRNO } from '../../../uapi/errno';
import { DataView, Int32Array, Uint8Array } from '../../../util/primordials';

const { ENOENT } = ERRNO;

/** By the number of the call. */
const SYSCALLS = [
  'bpf_map_lookup_elem',
  'bpf_map_update_elem',
  'bpf_map_delete_elem',
  'bpf_map_lookup_and_delete_elem',
  'bpf_map_get_next_key',
  'bpf_map_get_next_key',
] as const;

/**
 * The system calls on the elements of one map. Keys and values pass through `view`, which the kernel reads and writes:
 * put them there and make the call without running anybody else's code in between, as all users of the map share it.
 */
export class ElementCalls {
  readonly native: NativeElements;
  readonly layout: NativeLayout;
  readonly view: DataView;
  /** For messages. */
  readonly map: string;
  readonly #words: Int32Array;
  readonly #run: () => void;

  readonly #whyClosed: () => unknown;

  /** `whyClosed` throws what is to be thrown once `native` is closed, if it knows better. */
  constructor(native: NativeElements, map: string, whyClosed: () => unknown) {
    const memory = native.memory();
    this.native = native;
    this.layout = native.layout();
    this.view = new DataView(memory);
    this.map = map;
    this.#words = new Int32Array(memory, 0, CONTROL.words);
    this.#run = native.runner();
    this.#whyClosed = whyClosed;
  }

  /** The bytes of the key in `view`. */
  get keyBytes(): Uint8Array {
    return new Uint8Array(this.view.buffer, this.layout.keyOffset, this.layout.keySize);
  }

  get valueBytes(): Uint8Array {
    return new Uint8Array(this.view.buffer, this.layout.valueOffset, this.layout.valueSize);
  }

  /** False: no such key. Flags must be safe integers of at least 0. @throws BpfError, ClosedError */
  lookup(flags: number): boolean {
    return this.#found(RUN.lookup, flags);
  }

  /** `subject`: what is said to have been updated. */
  update(flags: number, subject?: string): void {
    const error = this.#call(RUN.update, flags);
    if (error !== 0) throw this.#failed(RUN.update, error, subject);
  }

  delete(subject?: string): boolean {
    return this.#found(RUN.delete, 0, subject);
  }

  take(flags: number): boolean {
    return this.#found(RUN.take, flags);
  }

  /** Replaces the key by the next one; `first`: by the first one. False at the end. */
  nextKey(first: boolean): boolean {
    return this.#found(first ? RUN.firstKey : RUN.nextKey, 0);
  }

  /** What a call for many elements says, made an error. */
  batchError(syscall: string, { errno }: NativeBatch, subject = `map '${this.map}'`): Error {
    return failure({ kind: 'bpf', syscall, errno, subject, log: '' });
  }

  #found(run: number, flags: number, subject?: string): boolean {
    const error = this.#call(run, flags);
    if (error === 0) return true;
    if (error === ENOENT) return false;
    throw this.#failed(run, error, subject);
  }

  #call(run: number, flags: number): number {
    const words = this.#words;
    words[CONTROL.operation] = run;
    words[CONTROL.flagsLow] = flags;
    words[CONTROL.flagsHigh] = flags > 0xffff_ffff ? Math.floor(flags / 2 ** 32) : 0;
    this.#run();
    return words[CONTROL.error] ?? RUN_CLOSED;
  }

  #failed(run: number, errno: number, subject = `map '${this.map}'`): Error {
    if (errno === RUN_CLOSED) {
      this.#whyClosed();
      return new ClosedError(`map '${this.map}' is closed`);
    }
    return failure({ kind: 'bpf', syscall: SYSCALLS[run] ?? '', errno, subject, log: '' });
  }
}
