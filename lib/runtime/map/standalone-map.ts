import { statfsSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { ArgumentError, ClosedError } from '../../errors';
import { failure } from '../../native/failure/failure';
import type { NativeElements, NativeMapInfo } from '../../native/surface/elements';
import { ERRNO } from '../../uapi/errno';
import type { MapSource } from './map-state';

/** linux/magic.h */
const BPF_FS_MAGIC = 0xcafe4a11;

/** A map that exists by itself, without an object: created here, or found by its pin, id or file descriptor. */
export class StandaloneMap implements MapSource {
  readonly #native: NativeElements;
  /** Nothing of it ever changes. */
  readonly info: NativeMapInfo;
  #pin: string;
  readonly name: string;

  /** The kernel keeps 15 characters of a name. */
  constructor(
    native: NativeElements,
    { name, pin }: { name?: string | undefined; pin?: string | undefined },
  ) {
    this.#native = native;
    this.info = native.info();
    this.name = name ?? this.info.name;
    this.#pin = pin ?? '';
  }

  get type(): number {
    return this.#open().type;
  }

  get keySize(): number {
    return this.#open().keySize;
  }

  get valueSize(): number {
    return this.#open().valueSize;
  }

  get maxEntries(): number {
    return this.#open().maxEntries;
  }

  get flags(): number {
    return this.#open().flags;
  }

  get extra(): bigint {
    return this.#open().extra;
  }

  get fd(): number {
    this.#open();
    return this.#native.fd;
  }

  get pinPath(): string {
    this.#open();
    return this.#pin;
  }

  pin(file?: string): void {
    this.#open();
    if (file === undefined) throw new ArgumentError(`pin map '${this.name}': path must be given`);
    this.#native.pin(file);
    this.#pin = file;
  }

  /** As bpf_map__unpin does it. */
  unpin(file = this.#pin): void {
    this.#open();
    if (file === '')
      throw new ArgumentError(`unpin map '${this.name}': it has no pin, so path must be given`);
    try {
      if (statfsSync(path.dirname(file)).type !== BPF_FS_MAGIC)
        throw Object.assign(new Error(), { errno: -ERRNO.EINVAL });
      unlinkSync(file);
    } catch (error) {
      const errno = Math.abs(Number((error as { errno?: unknown }).errno));
      const subject = `map '${this.name}' at '${file}'`;
      throw failure({ kind: 'bpf', syscall: 'bpf_map__unpin', errno, subject, log: '' });
    }
    if (file === this.#pin) this.#pin = '';
  }

  freeze(): void {
    this.#native.freeze();
  }

  elements(): NativeElements {
    this.#open();
    return this.#native;
  }

  close(): void {
    this.#native.close();
  }

  #open(): NativeMapInfo {
    if (this.#native.closed) throw new ClosedError(`map '${this.name}' is closed`);
    return this.info;
  }
}
