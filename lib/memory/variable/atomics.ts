/** Atomic operations on 4- and 8-byte integers, as the kernel's `__sync_*` and `__atomic_*` on the same word. */
import { ArgumentError, UnsupportedError } from '../../errors';
import { misfit } from '../../btf/codec/misfit';
import { LANE_SIZES } from '../../btf/codec/text/access';
import { fitsInteger } from '../../btf/layout/same-layout';
import { isScalar, laneOf, scalarAccess, type Expected } from '../../btf/codec/text/scalar';
import { flatMembers } from '../../btf/layout/members';
import type { Type } from '../../btf/layout/layout-model';
import type { Region } from '../region/region';
import { locate } from '../view/struct-view';
import type { Atomic } from '../types';

type AtomicLane = 'i32' | 'u32' | 'i64' | 'u64';
type Word = Int32Array | Uint32Array | BigInt64Array | BigUint64Array;

/** The atomic lane of a type; undefined where the type is no integer of 4 or 8 bytes. */
export function atomicLane(type: Type): AtomicLane | undefined {
  if (!isScalar(type) || type.kind === 'float' || type.kind === 'bool' || type.size < 4) return undefined;
  return laneOf(type) as AtomicLane | undefined;
}

/** @throws UnsupportedError where the word does not lie at a multiple of its size */
export function atomicAt(
  region: Region,
  offset: number,
  type: Type,
  subject: string,
): Atomic<number> | Atomic<bigint> {
  const lane = atomicLane(type);
  if (lane === undefined || !isScalar(type)) {
    throw new UnsupportedError(`${subject}: only integers of 4 and 8 bytes have atomic operations`);
  }
  if (offset % type.size !== 0) {
    throw new UnsupportedError(
      `${subject}: lies at offset ${offset}, which is no multiple of its ${type.size} bytes: the processor has no atomic operation for it`,
    );
  }
  const { expected } = scalarAccess(type, {});
  // One class for both widths: TypeScript sees numbers, Atomics takes what the array holds.
  return new AtomicWord(region, offset, lane, expected, subject) as unknown as
    Atomic<number> | Atomic<bigint>;
}

/** Of a member of the struct behind a view; views.ts has it typed. */
export function atomicOf(view: object, member: string): Atomic<number> | Atomic<bigint> {
  const { type, region, offset } = locate(view);
  const struct = type.spelling || type.kind;
  const found = flatMembers(type).find(({ name }) => name === member);
  if (found === undefined) throw new ArgumentError(`${struct} has no member '${member}'`);
  const subject = `member ${member} of ${struct}`;
  if (found.bitSize > 0) throw new UnsupportedError(`${subject}: a bitfield has no atomic operations`);
  return atomicAt(region, offset + found.bitOffset / 8, found.type, subject);
}

class AtomicWord {
  readonly #region: Region;
  readonly #offset: number;
  readonly #lane: AtomicLane;
  readonly #expected: Expected;
  readonly #subject: string;
  #generation = -1;
  #word: Word | undefined;

  constructor(region: Region, offset: number, lane: AtomicLane, expected: Expected, subject: string) {
    this.#region = region;
    this.#offset = offset;
    this.#lane = lane;
    this.#expected = expected;
    this.#subject = subject;
  }

  load(): number | bigint {
    return Atomics.load(this.#open(false) as Int32Array, 0);
  }

  store(value: number | bigint): void {
    Atomics.store(this.#open(true) as Int32Array, 0, this.#check(value));
  }

  add(value: number | bigint): number | bigint {
    return Atomics.add(this.#open(true) as Int32Array, 0, this.#check(value));
  }

  sub(value: number | bigint): number | bigint {
    return Atomics.sub(this.#open(true) as Int32Array, 0, this.#check(value));
  }

  and(value: number | bigint): number | bigint {
    return Atomics.and(this.#open(true) as Int32Array, 0, this.#check(value));
  }

  or(value: number | bigint): number | bigint {
    return Atomics.or(this.#open(true) as Int32Array, 0, this.#check(value));
  }

  xor(value: number | bigint): number | bigint {
    return Atomics.xor(this.#open(true) as Int32Array, 0, this.#check(value));
  }

  exchange(value: number | bigint): number | bigint {
    return Atomics.exchange(this.#open(true) as Int32Array, 0, this.#check(value));
  }

  compareExchange(expected: number | bigint, replacement: number | bigint): number | bigint {
    return Atomics.compareExchange(
      this.#open(true) as Int32Array,
      0,
      this.#check(expected),
      this.#check(replacement),
    );
  }

  /** The word; of read-only memory only for loads. Casts to Int32Array above only name one of the overloads. */
  #open(writes: boolean): Word {
    const region = this.#region;
    if (this.#word === undefined || this.#generation !== region.generation || this.#word.length === 0) {
      this.#word = region.atomicArray(this.#lane, this.#offset, writes) as Word;
      this.#generation = region.copied ? -1 : region.generation;
    } else if (writes && region.readonly) {
      throw region.readOnlyError();
    }
    return this.#word;
  }

  #check(value: number | bigint): number {
    const { jsType } = this.#expected;
    const wide = jsType === 'bigint';
    const given = wide && typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
    const fits =
      typeof given === (wide ? 'bigint' : 'number') &&
      (wide || Number.isInteger(given)) &&
      fitsInteger(given, LANE_SIZES[this.#lane], this.#lane.startsWith('i'));
    if (!fits) throw misfit(value, this.#expected).toError(this.#subject);
    return given as number;
  }
}
