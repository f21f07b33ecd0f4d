import { inspect } from 'node:util';
import { onAbort } from '../../util/abort';
import { codecFor } from '../../btf/codec/codec';
import { checkBytes, checkInteger, checkOptions, checkSignal, refuse } from '../../util/check';
import { ClosedError, UnsupportedError } from '../../errors';
import { failure } from '../../native/failure/failure';
import type { Input } from '../../memory/types';
import { loadAddon } from '../../native/load/load';
import { ensureStack, SHALLOW } from '../../native/load/ensure-stack';
import type { NativeUserRingBuffer } from '../../native/surface/events';
import { structOf } from '../record/record-form';
import { checkMap, descriptorOf, ownerOf, type RecordMap } from '../reader/record-map';
import { UserSample, type SampleForm } from './user-sample';
import { show } from '../../util/show';
import { ERRNO } from '../../uapi/errno';

export interface UserRingBufferOptions {
  /** The C name of the struct that samples are, where reserve() is not given another one or a size. */
  readonly type?: string | undefined;
}

interface Waiter {
  readonly form: SampleForm;
  readonly resolve: (sample: UserSample) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Sends samples to BPF programs (`BPF_MAP_TYPE_USER_RINGBUF`, kernel 6.1), which take them with bpf_user_ringbuf_drain.
 * libbpf's `user_ring_buffer`. Closed by close(), and with the object of its map.
 */
export class UserRingBuffer<T = unknown> {
  readonly #native: NativeUserRingBuffer;
  readonly #map: RecordMap;
  readonly #type: string | undefined;
  readonly #waiters: Waiter[] = [];
  #closed = false;

  /**
   * user_ring_buffer__new; needs the map to be created, so after load().
   * @throws BusyError while this process has another one of the map
   */
  constructor(map: RecordMap, options: UserRingBufferOptions = {}) {
    checkMap(map);
    checkOptions<UserRingBufferOptions>(options, 'options', { type: 'string' });
    this.#map = map;
    this.#type = options.type;
    if (options.type !== undefined) this.#form(options.type);
    this.#native = loadAddon().userRingBuffer(descriptorOf(map), map.name);
    ownerOf(map)?.readers.add(this);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Room for a sample, of a struct or of so many bytes; undefined where the ring is full. Samples reach the kernel in the
   * order in which they were reserved, and one that is neither submitted nor discarded holds up all behind it.
   * user_ring_buffer__reserve
   * @throws BpfError E2BIG where it can never fit
   */
  reserve<S = T>(type: string | number | undefined = this.#type): UserSample<S> | undefined {
    return this.#reserve<S>(this.#form(type));
  }

  /**
   * The same, once the kernel has drained enough. Those who wait are served in their order. It depends on the BPF side
   * to drain without BPF_RB_NO_WAKEUP. user_ring_buffer__reserve_blocking, without blocking
   */
  async reserveBlocking<S = T>(
    type: string | number | undefined = this.#type,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<UserSample<S>> {
    checkOptions<{ readonly signal?: AbortSignal | undefined }>(options, 'options', { signal: 'any' });
    const { signal } = options;
    checkSignal(signal);
    signal?.throwIfAborted();
    const form = this.#form(type);
    const sample = this.#waiters.length === 0 ? this.#reserve<S>(form) : undefined;
    return sample ?? this.#wait<S>(form, signal);
  }

  /**
   * reserve(), filled and submitted. Without a type the value is a Uint8Array.
   * @throws BpfError ENOSPC where the ring is full, E2BIG where it can never fit
   */
  submit(value: Input<T>): void;
  submit(value: unknown, type: string | undefined): void;
  submit(value: unknown, type: string | undefined = this.#type): void {
    this.#check();
    // What cannot be written must not take room.
    const bytes = type === undefined ? bytesOf(value) : this.#encode(value, type);
    if (!this.#native.send(bytes)) throw this.#full();
  }

  /** Discards what is reserved, rejects those who wait. Safe to call more than once. user_ring_buffer__free */
  close(): void {
    if (this.#closed) return;
    ensureStack(SHALLOW);
    this.#closed = true;
    ownerOf(this.#map)?.readers.delete(this);
    this.#native.close();
    for (const { reject } of this.#waiters.splice(0)) reject(this.#closedError());
  }

  [Symbol.dispose](): void {
    this.close();
  }

  [inspect.custom](_depth: number, options: object): string {
    return show(
      'UserRingBuffer',
      {
        map: () => this.#map.name,
        type: () => this.#type,
        waiting: () => this.#waiters.length,
        closed: () => this.closed,
      },
      options,
    );
  }

  #encode(value: unknown, type: string): Uint8Array {
    const { codec, size } = this.#form(type);
    const bytes = new Uint8Array(size);
    codec?.write(new DataView(bytes.buffer), 0, value);
    return bytes;
  }

  #check(): void {
    if (this.#closed) throw this.#closedError();
  }

  #form(type: string | number | undefined): SampleForm {
    if (typeof type === 'number') {
      checkInteger(type, 'type (a size in bytes)', 0, 0x3fff_ffff);
      return { size: type, codec: undefined };
    }
    if (typeof type !== 'string') refuse('type', 'the name of a struct, or a size in bytes', type);
    const owner = ownerOf(this.#map);
    if (owner === undefined) {
      throw new UnsupportedError(
        `map '${this.#map.name}' belongs to no object: give a size in place of a type`,
      );
    }
    const codec = codecFor(structOf(type, owner.btf, 'type'));
    return { size: codec.size, codec };
  }

  #reserve<S>(form: SampleForm): UserSample<S> | undefined {
    this.#check();
    ensureStack(SHALLOW);
    const number = this.#native.reserve(form.size);
    return number === 0 ? undefined : new UserSample<S>(this.#native, number, form);
  }

  #wait<S>(form: SampleForm, signal: AbortSignal | undefined): Promise<UserSample<S>> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        const at = this.#waiters.indexOf(waiter);
        if (at >= 0) this.#waiters.splice(at, 1);
        waiter.reject(signal?.reason as Error);
        this.#drained();
      };
      const waiter: Waiter = {
        form,
        resolve: (sample) => {
          done();
          resolve(sample);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      };
      const done = onAbort(signal, abort);
      this.#waiters.push(waiter);
      if (this.#waiters.length === 1) this.#native.watch(this.#drained);
    });
  }

  /** The kernel has taken samples. */
  readonly #drained = (): void => {
    while (!this.#closed && this.#waiters.length > 0) {
      const waiter = this.#waiters[0] as Waiter;
      let sample;
      try {
        sample = this.#reserve(waiter.form);
      } catch (error) {
        this.#waiters.shift();
        waiter.reject(error as Error);
        continue;
      }
      if (sample === undefined) return;
      this.#waiters.shift();
      waiter.resolve(sample);
    }
    if (!this.#closed) this.#native.watch(undefined);
  };

  #full(): Error {
    const subject = `map '${this.#map.name}'`;
    const { ENOSPC } = ERRNO;
    return failure({ kind: 'bpf', syscall: 'user_ring_buffer__reserve', errno: ENOSPC, subject, log: '' });
  }

  #closedError(): ClosedError {
    return new ClosedError(`the user ring buffer of map '${this.#map.name}' is closed`);
  }
}

function bytesOf(value: unknown): Uint8Array {
  checkBytes(value, 'value (of a ring that was made without a type)');
  return value;
}
