/**
 * Our memory for one data section. It holds the section's initial image before load, the kernel's pages after, and
 * nothing once closed; variables and views keep the region and see the change.
 *
 * Users never get hold of a region: whoever has one can write what must not be written. Variables and views keep it in
 * #private fields. A DataView or a TypedArray is another matter: whoever replaces DataView.prototype.getInt8 or
 * Atomics.load gets all of them. So none lies over read-only pages, where a write ends the process: those are copied.
 */
import { SubskelError, ValueRangeError, type ReadOnlyError } from '../../errors';
import { LANE_SIZES, type Lane } from '../../btf/codec/text/access';
import { isStackOverflow } from '../../util/stack-overflow';
import { detach } from './detach';
import type { FollowerGroup } from './followers';
import { getLane, laneArray, setLane, type LaneArray } from './lanes';
import type { ReadOnlyPages } from './page-copy';
import { RegionErrors, type RegionOf } from './region-errors';
import { RegionMemory, type RegionState, type SyscallAccess } from './region-memory';
import { Spread } from './spread';

export class Region {
  readonly section: string;
  readonly #errors: RegionErrors;
  readonly #spread = new Spread();
  /** What compiled accessors read from. */
  readonly in = this.#spread.in;
  /** What they write to: empty where writing is refused. */
  readonly out = this.#spread.out;
  /** Changes whenever arrays taken before are no longer of this memory. */
  generation = 0;

  #memory: RegionMemory;
  /** A raw TypedArray of the memory is with the user. */
  #exposed = false;

  constructor(section: string, of: RegionOf = 'section') {
    this.section = section;
    this.#errors = new RegionErrors(of, section);
    this.#memory = RegionMemory.missing('pending', 0, () => this.#errors.pending());
  }

  /** "section '.bss'" */
  get subject(): string {
    return this.#errors.subject;
  }

  get state(): RegionState {
    return this.#memory.state;
  }

  /** Bytes. */
  get size(): number {
    return this.#memory.size;
  }

  get readonly(): boolean {
    return this.#memory.readonly;
  }

  /** Before load: a copy of the section's initial image, in memory of our own. */
  setImage(bytes: Uint8Array): void {
    this.#replace(RegionMemory.image(new Uint8Array(bytes).buffer));
  }

  /** What to hand to libbpf, a copy. */
  image(): Uint8Array {
    return bytesOf(this.reading()).slice();
  }

  /** After load: the kernel's pages. The first `size` bytes of `buffer` are the section. */
  adopt(buffer: ArrayBuffer, size: number, readonly: boolean): void {
    this.#replace(RegionMemory.mapped(buffer, size, readonly));
  }

  /** After load, where the kernel's pages may only be read. */
  adoptPages(pages: ReadOnlyPages, size: number): void {
    this.#replace(RegionMemory.pages(pages, size));
  }

  /** After load, where the section's map cannot be mapped: each access is a system call. */
  useSyscalls(access: SyscallAccess): void {
    this.#replace(RegionMemory.syscalls(access));
  }

  /** Before load: another size. What fits of the image stays, the rest is zero. */
  resize(size: number): void {
    if (this.state === 'pending') {
      this.fail(this.#memory.makeError, size);
      return;
    }
    if (this.state !== 'image') throw this.#errors.late();
    const old = bytesOf(this.reading());
    const bytes = new Uint8Array(size);
    bytes.set(old.subarray(0, size));
    this.#replace(RegionMemory.image(bytes.buffer));
  }

  /** No memory for now: every access throws what `makeError` makes. Without a size it stays known. */
  fail(makeError: () => Error, size = this.size): void {
    this.#replace(RegionMemory.missing('pending', size, makeError));
  }

  /** Every later access throws ClosedError. Safe to call more than once. The caller detaches the buffer that it gave to adopt(). */
  close(): void {
    if (this.state === 'closed') return;
    this.#replace(RegionMemory.missing('closed', this.size, () => this.#errors.closed(), this.readonly));
    this.#spread.end();
  }

  #replace(memory: RegionMemory): void {
    const before = this.#memory;
    if (before.state === 'closed') throw this.#errors.closed();
    // Arrays that users took of the image must not look alive. Only then: the first detached buffer of a process
    // makes V8 check for it at every access from then on.
    if (before.state === 'image' && this.#exposed && before.buffer !== undefined) detach(before.buffer);
    this.#exposed = false;
    this.generation++;
    this.#memory = memory;
    this.#spread.renew(memory);
  }

  /** Called when the first variable is made. */
  use(): void {
    this.#spread.use(this.#memory);
  }

  /** Calls `rebind` whenever the memory has changed. The target must keep what this returns. */
  follow(target: object, rebind: (target: object) => void): FollowerGroup {
    return this.#spread.follow(target, rebind);
  }

  /**
   * A view to read `size` bytes at `offset` from, now; with system calls, and of read-only pages, a copy of this moment.
   * @throws what the state demands
   */
  reading(offset = 0, size = this.size): DataView {
    if (this.#memory.lost) throw this.#lost();
    return this.#memory.reading(offset, size);
  }

  /** A view to change and then to give to `written`. @throws ReadOnlyError, and what the state demands */
  writing(): DataView {
    if (this.readonly && this.state === 'mapped') throw this.readOnlyError();
    return this.reading();
  }

  /** Stores what was changed in a view from `writing()`. */
  written(view: DataView, offset: number, size: number): void {
    this.#memory.syscalls?.write(offset, new Uint8Array(view.buffer, view.byteOffset + offset, size));
  }

  readOnlyError(): ReadOnlyError {
    return this.#errors.readOnly();
  }

  /** Whether the memory is the kernel's pages: others may change it at any time. */
  get shared(): boolean {
    return this.state === 'mapped' && !this.copied;
  }

  /** Whether what is read is a copy of this moment. */
  get copied(): boolean {
    return this.#memory.pages !== undefined;
  }

  /** @throws ValueRangeError where the section ends before: it was resized, or is smaller than its library thinks */
  checkRange(offset: number, size: number): void {
    if (offset + size > this.size) throw this.#errors.beyondEnd(this.size);
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
    const { buffer, size, lost } = this.#memory;
    if (buffer === undefined || lost || offset + length * LANE_SIZES[lane] > size) return undefined;
    return laneArray(lane, buffer, offset, length);
  }

  /** Whether a user has, or had, a raw TypedArray of the memory. */
  get exposed(): boolean {
    return this.#exposed;
  }

  /** The memory itself, for a TypedArray that a user gets: undefined where there is none to give. */
  expose(): ArrayBuffer | undefined {
    this.reading(0, 0);
    const { buffer, readonly } = this.#memory;
    if (readonly || buffer === undefined) return undefined;
    this.#exposed = true;
    return buffer;
  }

  /** For Atomics: one element; where `copied`, of this moment. */
  atomicArray(lane: 'i32' | 'u32' | 'i64' | 'u64', offset: number, writes: boolean): LaneArray {
    const view = writes ? this.writing() : this.reading(offset, LANE_SIZES[lane]);
    if (this.#memory.syscalls !== undefined) throw this.#errors.notAtomic();
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
    if (error instanceof SubskelError || error instanceof ValueRangeError || isStackOverflow(error))
      return error;
    if (this.#memory.lost) return this.#lost();
    if (error instanceof RangeError) return this.#errors.beyondEnd(this.size);
    return error;
  }

  #lost(): Error {
    this.fail(() => this.#errors.lost());
    return this.#errors.lost();
  }
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
