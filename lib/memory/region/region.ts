/**
 * Our memory for one data section. It holds the section's initial image before load, the kernel's pages after, and
 * nothing once closed; variables and views keep the region and see the change.
 *
 * Users never get hold of a region: whoever has one can write what must not be written. Variables and views keep it in
 * #private fields. A DataView or a TypedArray is another matter: whoever replaces DataView.prototype.getInt8 or
 * Atomics.load gets all of them. So none lies over read-only pages, where a write ends the process: those are copied.
 */
import {
  ClosedError,
  NotLoadedError,
  ReadOnlyError,
  SubskelError,
  UnsupportedError,
  ValueRangeError,
} from '../../errors';
import { LANE_SIZES, type Lane } from '../../btf/codec/access';
import { viewOf } from '../../util/bytes';
import { detach } from './detach';
import { Followers, type FollowerGroup } from './followers';
import { getLane, laneArray, Lanes, NONE, setLane, type LaneArray } from './lanes';
import { PageCopy, type ReadOnlyPages } from './page-copy';

/** Reads and writes of a section that cannot be mapped. */
export interface SyscallAccess {
  /** The whole section. */
  read(): Uint8Array;
  /** Stores `bytes` at `offset`. */
  write(offset: number, bytes: Uint8Array): void;
}

/** No lanes over more: compiled code indexes them with 32-bit numbers. */
const LARGEST = 0x7fff_ffff;

export type RegionState = 'pending' | 'image' | 'mapped' | 'syscall' | 'closed';

const READ_ONLY_REASONS = {
  section: 'the kernel maps it read-only after load; set it before load()',
  map: 'it is frozen, or was opened for reading only',
} as const;

export class Region {
  readonly section: string;
  /** What compiled accessors read from. */
  readonly in = new Lanes();
  /** What they write to: empty where writing is refused. */
  readonly out = new Lanes();
  /** Changes whenever arrays taken before are no longer of this memory. */
  generation = 0;

  #state: RegionState = 'pending';
  #size = 0;
  #readonly = false;
  #view: DataView = NONE.view;
  #buffer: ArrayBuffer | undefined;
  #syscalls: SyscallAccess | undefined;
  #pages: PageCopy | undefined;
  #inUse = false;
  readonly #followers = new Followers();
  /** A raw TypedArray of the memory is with the user. */
  #exposed = false;
  #makeError: () => Error;
  readonly #of: keyof typeof READ_ONLY_REASONS;

  /** `of`: what it is the memory of, for messages. */
  constructor(section: string, of: 'section' | 'map' = 'section') {
    this.section = section;
    this.#of = of;
    this.#makeError = () =>
      new NotLoadedError(`${this.#subject} has no memory yet: its object is not open or not loaded`);
  }

  get #subject(): string {
    return `${this.#of} '${this.section}'`;
  }

  get state(): RegionState {
    return this.#state;
  }

  /** Bytes. */
  get size(): number {
    return this.#size;
  }

  get readonly(): boolean {
    return this.#readonly;
  }

  /** Before load: a copy of the section's initial image, in memory of our own. */
  setImage(bytes: Uint8Array): void {
    this.#replace('image', new Uint8Array(bytes).buffer, bytes.length, false);
  }

  /** What to hand to libbpf, a copy. */
  image(): Uint8Array {
    return bytesOf(this.reading()).slice();
  }

  /** After load: the kernel's pages. The first `size` bytes of `buffer` are the section. */
  adopt(buffer: ArrayBuffer, size: number, readonly: boolean): void {
    this.#replace('mapped', buffer, size, readonly);
  }

  /** After load, where the kernel's pages may only be read. */
  adoptPages(pages: ReadOnlyPages, size: number): void {
    this.#replace('mapped', undefined, size, true, new PageCopy(pages, size));
  }

  /** After load, where the section's map cannot be mapped: each access is a system call. */
  useSyscalls(access: SyscallAccess): void {
    const bytes = access.read();
    this.#replace('syscall', undefined, bytes.length, false);
    this.#syscalls = access;
  }

  /** Before load: another size. What fits of the image stays, the rest is zero. */
  resize(size: number): void {
    if (this.#state !== 'image') {
      if (this.#state === 'pending') this.#size = size;
      else throw new UnsupportedError(`resize ${this.#subject}: only possible before load()`);
      return;
    }
    const old = bytesOf(this.reading());
    const bytes = new Uint8Array(size);
    bytes.set(old.subarray(0, size));
    this.#replace('image', bytes.buffer, size, false);
  }

  /** No memory for now: every access throws what `makeError` makes. The size stays known. */
  fail(makeError: () => Error): void {
    this.#replace('pending', undefined, this.#size, false);
    this.#makeError = makeError;
  }

  /** Every later access throws ClosedError. Twice is fine. The caller detaches the buffer that it gave to adopt(). */
  close(): void {
    if (this.#state === 'closed') return;
    this.#replace('closed', undefined, this.#size, this.#readonly);
    this.#followers.end();
    const what = this.#of === 'section' ? ': its object is closed' : ' is closed';
    this.#makeError = () => new ClosedError(`${this.#subject}${what}`);
  }

  #replace(
    state: RegionState,
    buffer: ArrayBuffer | undefined,
    size: number,
    readonly: boolean,
    pages?: PageCopy,
  ): void {
    if (this.#state === 'closed') throw this.#makeError();
    // Arrays that users took of the image must not look alive. Only then: the first detached buffer of a process
    // makes V8 check for it at every access from then on.
    if (this.#state === 'image' && this.#exposed && this.#buffer !== undefined) detach(this.#buffer);
    this.#exposed = false;
    this.generation++;
    this.#state = state;
    this.#buffer = buffer;
    this.#view = buffer === undefined ? NONE.view : new DataView(buffer, 0, size);
    this.#size = size;
    this.#readonly = readonly;
    this.#syscalls = undefined;
    this.#pages = pages;
    if (this.#inUse) this.#spread();
    this.#followers.rebind();
  }

  /** Called when the first variable is made: sections that nobody looks at should cost nothing. */
  use(): void {
    if (this.#inUse) return;
    this.#inUse = true;
    this.#spread();
  }

  #spread(): void {
    this.in.assign(NONE);
    this.out.assign(NONE);
    if (this.#buffer === undefined || this.#buffer.byteLength === 0 || this.#size > LARGEST) return;
    this.in.fill(this.#buffer, this.#size);
    if (!this.#readonly) this.out.assign(this.in);
  }

  /** Calls `rebind` whenever the memory has changed. The target must keep what this returns. */
  follow(target: object, rebind: (target: object) => void): FollowerGroup {
    return this.#followers.add(target, rebind);
  }

  /**
   * A view to read `size` bytes at `offset` from, now; with system calls, and of read-only pages, a copy of this moment.
   * @throws what the state demands
   */
  reading(offset = 0, size = this.#size): DataView {
    if (this.#syscalls !== undefined) return viewOf(this.#syscalls.read());
    if (this.#pages !== undefined) return this.#pages.reading(offset, size);
    if (this.#buffer === undefined) throw this.#makeError();
    if (this.#buffer.byteLength < this.#size) throw this.#lost();
    return this.#view;
  }

  /** A view to change and then to give to `written`. @throws ReadOnlyError, and what the state demands */
  writing(): DataView {
    if (this.#readonly && this.#state === 'mapped') throw this.readOnlyError();
    return this.reading();
  }

  /** Stores what was changed in a view from `writing()`. */
  written(view: DataView, offset: number, size: number): void {
    this.#syscalls?.write(offset, new Uint8Array(view.buffer, view.byteOffset + offset, size));
  }

  readOnlyError(): ReadOnlyError {
    return new ReadOnlyError(`${this.#subject} is read-only: ${READ_ONLY_REASONS[this.#of]}`);
  }

  /** Whether the memory is the kernel's pages: others may change it at any time. */
  get shared(): boolean {
    return this.#state === 'mapped' && this.#pages === undefined;
  }

  /** Whether what is read is a copy of this moment. */
  get copied(): boolean {
    return this.#pages !== undefined;
  }

  /** @throws ValueRangeError where the section ends before: it was resized, or is smaller than its library thinks */
  checkRange(offset: number, size: number): void {
    if (offset + size > this.#size) throw this.#beyondEnd();
  }

  #beyondEnd(): ValueRangeError {
    return new ValueRangeError(`${this.#subject} has ${this.#size} bytes: this lies beyond its end`);
  }

  /** The slow path of compiled accessors: memory behind system calls, and every error. */
  load(lane: Lane, at: number): number | bigint {
    const view = this.reading(at, LANE_SIZES[lane]);
    return this.#guard(() => getLane(view, lane, at));
  }

  store(lane: Lane, at: number, value: number | bigint): void {
    const view = this.writing();
    this.#guard(() => {
      setLane(view, lane, at, value);
    });
    this.written(view, at, LANE_SIZES[lane]);
  }

  /** `length` elements for a variable of its own; undefined where accesses have to take the slow path. */
  words(lane: Lane, offset: number, length: number): LaneArray | undefined {
    if (this.#buffer === undefined || offset + length * LANE_SIZES[lane] > this.#size) return undefined;
    if (this.#buffer.byteLength < this.#size) return undefined;
    return laneArray(lane, this.#buffer, offset, length);
  }

  /** Whether a user has, or had, a raw TypedArray of the memory. */
  get exposed(): boolean {
    return this.#exposed;
  }

  /** The memory itself, for a TypedArray that a user gets: undefined where there is none to give. */
  expose(): ArrayBuffer | undefined {
    this.reading(0, 0);
    if (this.#readonly || this.#buffer === undefined) return undefined;
    this.#exposed = true;
    return this.#buffer;
  }

  /** For Atomics: one element; where `copied`, of this moment. */
  atomicArray(lane: 'i32' | 'u32' | 'i64' | 'u64', offset: number, writes: boolean): LaneArray {
    const view = writes ? this.writing() : this.reading(offset, LANE_SIZES[lane]);
    if (this.#syscalls !== undefined) {
      throw new UnsupportedError(
        `${this.#subject} cannot be mapped: it is read and written by system calls, which are not atomic`,
      );
    }
    this.checkRange(offset, LANE_SIZES[lane]);
    return this.#guard(() => laneArray(lane, view.buffer as ArrayBuffer, offset, 1));
  }

  #guard<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw this.explain(error);
    }
  }

  /** What an access that failed means to the user. */
  explain(error: unknown): unknown {
    if (error instanceof SubskelError || error instanceof ValueRangeError) return error;
    if (this.#buffer?.byteLength === 0 && this.#size > 0) return this.#lost();
    if (error instanceof RangeError) return this.#beyondEnd();
    return error;
  }

  /** On Node 22 and later, and before load on every Node, users can move a buffer away with transfer(). */
  #lost(): Error {
    this.fail(
      () =>
        new ClosedError(
          `${this.#subject}: its memory was taken away (the buffer of one of its arrays was transferred or detached)`,
        ),
    );
    return this.#makeError();
  }
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
