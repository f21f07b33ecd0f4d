import type { Codec } from '../../btf/codec/steps';
import { ArgumentError, ClosedError } from '../../errors';
import type { Input } from '../../memory/types';
import type { NativeUserRingBuffer } from '../../native/surface/events';
import { Finalizers } from '../../util/primordials';

export interface SampleForm {
  /** Bytes. */
  readonly size: number;
  /** Undefined for bare bytes. */
  readonly codec: Codec | undefined;
}

interface Reserved {
  readonly native: NativeUserRingBuffer;
  readonly number: number;
}

/** A forgotten sample can no longer be submitted, and would block every later one. */
const forgotten = new Finalizers<Reserved>(({ native, number }) => {
  if (!native.closed) native.discard(number);
});

/**
 * Room in a user ring buffer. The kernel sees it when it is submitted, and not what is changed after that. One that is
 * forgotten is discarded when the garbage collector finds it, which may be late.
 */
export class UserSample<T = unknown> {
  readonly #native: NativeUserRingBuffer;
  readonly #form: SampleForm;
  readonly #bytes: Uint8Array;
  #number: number;

  /** @internal */
  constructor(native: NativeUserRingBuffer, number: number, form: SampleForm) {
    this.#native = native;
    this.#number = number;
    this.#form = form;
    this.#bytes = new Uint8Array(form.size);
    forgotten.register(this, { native, number });
  }

  /** What will be submitted: zeros at first. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Fills in the members that are given; the others stay as they are. @throws ArgumentError without a type */
  write(value: Input<T>): this {
    const { codec } = this.#form;
    if (codec === undefined) throw new ArgumentError('this sample has no type: fill its bytes');
    codec.write(new DataView(this.#bytes.buffer), 0, value, true);
    return this;
  }

  /** Hands it to the kernel. user_ring_buffer__submit @throws ClosedError the second time */
  submit(): void {
    this.#native.submit(this.#take(), this.#bytes);
  }

  /** Gives the room up: the kernel skips it. user_ring_buffer__discard */
  discard(): void {
    this.#native.discard(this.#take());
  }

  /** Discards it, if it was not submitted, nor discarded with its ring. */
  [Symbol.dispose](): void {
    if (this.#number !== 0 && !this.#native.closed) this.discard();
  }

  #take(): number {
    const number = this.#number;
    if (number === 0) throw new ClosedError('this sample was submitted or discarded already');
    this.#number = 0;
    forgotten.unregister(this);
    return number;
  }
}
