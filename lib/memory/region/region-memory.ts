/** What a region has its bytes in. One of these is made at each change, and never changed. */
import { viewOf } from '../../util/bytes';
import { NONE } from './lanes';
import { PageCopy, type ReadOnlyPages } from './page-copy';

/** Reads and writes of a section that cannot be mapped. */
export interface SyscallAccess {
  /** The whole section. */
  read(): Uint8Array;
  /** Stores `bytes` at `offset`. */
  write(offset: number, bytes: Uint8Array): void;
}

export type RegionState = 'pending' | 'image' | 'mapped' | 'syscall' | 'closed';

/** Where there is memory, nobody asks. */
const untold = (): Error => new TypeError('this region has memory');

export class RegionMemory {
  readonly #view: DataView;

  private constructor(
    readonly state: RegionState,
    /** Of it, the first `size` bytes; undefined where accesses have to take the slow path. */
    readonly buffer: ArrayBuffer | undefined,
    readonly size: number,
    readonly readonly: boolean,
    readonly syscalls?: SyscallAccess,
    readonly pages?: PageCopy,
    readonly makeError: () => Error = untold,
  ) {
    this.#view = buffer === undefined ? NONE.view : new DataView(buffer, 0, size);
  }

  /** None: every access throws what `makeError` makes. */
  static missing(
    state: 'pending' | 'closed',
    size: number,
    makeError: () => Error,
    readonly = false,
  ): RegionMemory {
    return new RegionMemory(state, undefined, size, readonly, undefined, undefined, makeError);
  }

  static image(buffer: ArrayBuffer): RegionMemory {
    return new RegionMemory('image', buffer, buffer.byteLength, false);
  }

  static mapped(buffer: ArrayBuffer, size: number, readonly: boolean): RegionMemory {
    return new RegionMemory('mapped', buffer, size, readonly);
  }

  static pages(pages: ReadOnlyPages, size: number): RegionMemory {
    return new RegionMemory('mapped', undefined, size, true, undefined, new PageCopy(pages, size));
  }

  static syscalls(access: SyscallAccess): RegionMemory {
    return new RegionMemory('syscall', undefined, access.read().length, false, access);
  }

  /** Users can move a buffer away: on Node 22 and later, and one of our own on every Node. */
  get lost(): boolean {
    return this.buffer !== undefined && this.buffer.byteLength < this.size;
  }

  /** A view in which `size` bytes at `offset` are good: a copy of this moment where that is all there is. */
  reading(offset: number, size: number): DataView {
    if (this.buffer !== undefined) return this.#view;
    if (this.syscalls !== undefined) return viewOf(this.syscalls.read());
    if (this.pages !== undefined) return this.pages.reading(offset, size);
    throw this.makeError();
  }
}
