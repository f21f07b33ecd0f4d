/** The public types of variables and views. Generated modules are written in terms of these. */
import type { CharArray } from '../btf/codec/char-array';

export { CharArray } from '../btf/codec/char-array';

type Scalar = number | bigint | boolean | undefined | null;
type NumberArray =
  Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;
type BigIntArray = BigInt64Array | BigUint64Array;

/** A value in place: scalars by value, structs and arrays as views that read and write through. */
export type View<T> = T extends Scalar | NumberArray | BigIntArray
  ? T
  : T extends readonly (infer E)[]
    ? ArrayView<E>
    : T extends object
      ? StructView<T>
      : T;

/** For the compiler alone, which finds the plain type of a view by it. */
declare const plain: unique symbol;

/** A view of a T, of which nothing else is asked. */
export interface ViewOf<T> {
  readonly [plain]?: T;
}

/** A struct in place. A member named like one of the methods hides it; `readView` and its like always work. */
export type StructView<T extends object> = ScalarMembers<T> &
  CompositeMembers<T> &
  Omit<ViewMethods<T>, keyof T> &
  ViewOf<T>;

type ScalarKeys<T> = { [K in keyof T]-?: T[K] extends Scalar ? K : never }[keyof T];
type ScalarMembers<T> = { -readonly [K in ScalarKeys<T>]: T[K] };
/** TypeScript cannot say that a property takes more than it gives: `view.member.write(…)` is the typed way. */
type CompositeMembers<T> = { readonly [K in Exclude<keyof T, ScalarKeys<T>>]: View<T[K]> };

export interface ViewMethods<T> {
  /** A plain copy. */
  read(): T;
  /** Stores the members that are given. All are checked first: what is refused has changed nothing. */
  write(value: Input<T>): void;
  /** Plain data: bigints as decimal strings, char arrays as text. */
  toJSON(): unknown;
}

/** An array in place that no TypedArray can be: of structs, arrays, bools or 128-bit integers. */
export interface ArrayView<E> extends Iterable<View<E>> {
  readonly length: number;
  /** The element, a view where it is a struct or array. From the end for negative indices, as in arrays. */
  at(index: number): View<E> | undefined;
  /** Stores an element. @throws ValueRangeError where there is none */
  set(index: number, value: Input<E>): void;
  /** As `at` and `set`, more slowly. */
  [index: number]: View<E>;
  read(): E[];
  write(value: Input<E[]>): void;
  toJSON(): unknown;
}

/**
 * What can be written for a T: of a struct the members to change, of an array all elements, for a char array text,
 * for a 64-bit integer a bigint or a safe integer.
 */
export type Input<T> = T extends bigint
  ? bigint | number
  : T extends Scalar
    ? T
    : T extends CharArray
      ? string | ArrayLike<number> | Iterable<number>
      : T extends NumberArray
        ? ArrayLike<number> | Iterable<number>
        : T extends BigIntArray
          ? ArrayLike<bigint | number> | Iterable<bigint | number>
          : T extends readonly (infer E)[]
            ? ArrayLike<Input<E> | undefined> | Iterable<Input<E> | undefined>
            : T extends object
              ? { readonly [K in keyof T]?: Input<T[K]> | undefined }
              : T;

export interface WaitOptions {
  /** Milliseconds from one look to the next; default 10. 0: one look each turn of the event loop, which keeps a CPU busy. */
  readonly interval?: number | undefined;
  /** Ends the waiting: its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** `changes()` */
export interface ChangesOptions extends WaitOptions {
  /** What an aborted signal does: 'throw' (the default) throws its reason, 'end' ends the loop without an error. */
  readonly onAbort?: 'throw' | 'end' | undefined;
}

/** What every variable knows of itself. */
export interface VariableInfo {
  readonly name: string;
  readonly section: string;
  /** Bytes from the start of the section. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
  /** The C declaration: 'volatile u64 requests'. */
  readonly type: string;
  /** Whether writes are refused now: the kernel maps its section read-only. */
  readonly readonly: boolean;
  toJSON(): unknown;
}

/** A typed pointer to one global variable of a BPF object. */
export interface Variable<Value = unknown, Snapshot = Value, In = Input<Snapshot>> extends VariableInfo {
  /** Live: a scalar by value, a struct or array as a view that reads and writes through. */
  get value(): Value;
  set value(value: In | Value);
  /** A plain copy. */
  read(): Snapshot;
  /** Stores a value, checked first; of a struct the members that are given. */
  write(value: In): void;
  /**
   * Looks at once, and then every `interval`, until the condition holds of a plain copy of the value, and gives that copy.
   * Rejects with ClosedError when the object is closed meanwhile, and with what the condition throws.
   */
  waitUntil(condition: (value: Snapshot) => boolean, options?: WaitOptions): Promise<Snapshot>;
  /**
   * A plain copy of each new value, from this call on: what differs from the value seen before, looked at every
   * `interval`. Values that come and go in between are not seen, and a slow consumer gets the latest one. Ends with
   * `break`; throws ClosedError when the object is closed.
   */
  changes(options?: ChangesOptions): AsyncIterableIterator<Snapshot>;
}

/** Integers and enums of 8 to 32 bits, char, float and double. */
export type NumberVariable = Variable<number>;

/** Signed integers and enums of 32 bits. */
export interface Int32Variable extends Variable<number> {
  readonly atomic: Atomic<number>;
}

/** Unsigned integers and enums of 32 bits. */
export interface Uint32Variable extends Variable<number> {
  readonly atomic: Atomic<number>;
}

/** Integers and enums of 64 bits, and pointers. */
export interface BigIntVariable extends Variable<bigint> {
  /** The value as a number, quickly. @throws ValueRangeError when it is not a safe integer */
  get number(): number;
  set number(value: number);
  readonly atomic: Atomic<bigint>;
}

export type Int128Variable = Variable<bigint>;
export type BooleanVariable = Variable<boolean>;

/** A struct or union. `T` is its plain form. */
export type StructVariable<T extends object = Record<string, unknown>> = Variable<View<T>, T>;

/** An array. `T` is its plain form: a TypedArray, or a plain array of elements. */
export interface ArrayVariable<T = unknown> extends Variable<View<T>, T> {
  /** Elements. Grows with its section where it is the last of it. */
  readonly length: number;
}

/** A char array. */
export interface CharArrayVariable extends ArrayVariable<CharArray> {
  /** The text up to the first NUL. @throws ValueRangeError when text does not fit */
  get string(): string;
  set string(text: string);
}

/** Atomic operations on one word, sequentially consistent. All but `load` and `store` return the value before. */
export interface Atomic<T extends number | bigint> {
  load(): T;
  store(value: Operand<T>): void;
  /** Wraps around as in C. */
  add(value: Operand<T>): T;
  sub(value: Operand<T>): T;
  and(value: Operand<T>): T;
  or(value: Operand<T>): T;
  xor(value: Operand<T>): T;
  exchange(value: Operand<T>): T;
  /** Stores `replacement` if the value is `expected`; returns the value before, so equal to `expected` if it stored. */
  compareExchange(expected: Operand<T>, replacement: Operand<T>): T;
}
type Operand<T> = T extends bigint ? bigint | number : T;

/**
 * The members that may have atomic operations; those of less than 4 bytes, and floats, are refused at run time. Of a
 * struct that TypeScript knows nothing of: any.
 */
export type AtomicMember<T> = keyof T extends never
  ? string
  : { [K in keyof T]-?: T[K] extends number | bigint ? K : never }[keyof T] & string;
export type AtomicOf<T, K> = K extends keyof T
  ? T[K] extends bigint
    ? Atomic<bigint>
    : Atomic<number>
  : Atomic<number | bigint>;
