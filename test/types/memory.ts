/** Types of variables and views, checked by tsc alone: nothing here runs. */
import type {
  ArrayVariable,
  ArrayView,
  Atomic,
  BigIntVariable,
  BooleanVariable,
  CharArray,
  CharArrayVariable,
  Input,
  Int128Variable,
  Int32Variable,
  NumberVariable,
  StructVariable,
  Variable,
  View,
} from '../../lib/memory/types';
import { atomicOf, readView, toJSON, writeView } from '../../lib/memory/variable/views';
import { check, type Equal } from './equal';

/** As the generator writes it. */
interface Point {
  x: number;
  y: number;
}
type Color = number;
interface Request {
  id: bigint;
  color: Color;
  on: boolean;
  where: Point;
  comm: CharArray;
  hist: BigUint64Array;
  path: Point[];
  flags: boolean[];
  grid: Int32Array[];
}

/** A member called as a method hides it. */
interface Odd {
  read: bigint;
  toJSON: number;
}
declare const odd: View<Odd>;

declare const request: StructVariable<Request>;
declare const view: View<Request>;

// Scalars by value, composites as views.
check(true satisfies Equal<View<number>, number>);
check(true satisfies Equal<View<bigint>, bigint>);
check(true satisfies Equal<View<boolean>, boolean>);
check(true satisfies Equal<View<CharArray>, CharArray>);
check(true satisfies Equal<View<Int32Array>, Int32Array>);
check(true satisfies Equal<View<Point[]>, ArrayView<Point>>);
check(true satisfies Equal<typeof view.id, bigint>);
check(true satisfies Equal<typeof view.path, ArrayView<Point>>);
check(true satisfies Equal<(typeof view.where)['x'], number>);
check(true satisfies Equal<ReturnType<typeof view.read>, Request>);
check(true satisfies Equal<ReturnType<typeof view.path.at>, View<Point> | undefined>);
check(true satisfies Equal<ReturnType<typeof view.grid.read>, Int32Array[]>);

export function members(): void {
  view.id = 5n;
  view.on = true;
  view.where.x = 1;
  view.comm.string = 'abc';
  view.hist[0] = 1n;
  view.where.write({ y: 2 });
  const third = view.path.at(2);
  if (third !== undefined) third.x = 3;
  view.path.set(0, { x: 1 });
  for (const point of view.path) point.x += 1;
  view.write({ comm: 'text', hist: [1n, 2], where: { x: 1 }, path: [{ x: 1 }, undefined] });
  const snapshot: Request = readView(view);
  writeView(view, { id: snapshot.id });
  // @ts-expect-error a number is no bigint
  view.id = 5;
  // @ts-expect-error no such member
  view.idd = 5n;
  // @ts-expect-error a view is not replaced: write() it
  view.where = { x: 1, y: 2 };
  // @ts-expect-error no such member
  view.write({ nope: 1 });
  // @ts-expect-error a string is no number
  view.write({ color: 'red' });
}

export function variables(
  word: Int32Variable,
  small: NumberVariable,
  wide: BigIntVariable,
  huge: Int128Variable,
  flag: BooleanVariable,
  text: CharArrayVariable,
  table: ArrayVariable<Uint32Array>,
  points: ArrayVariable<Point[]>,
  any: Variable,
): void {
  word.value = 5;
  check(true satisfies Equal<typeof word.value, number>);
  check(true satisfies Equal<typeof word.atomic, Atomic<number>>);
  check(true satisfies Equal<ReturnType<typeof word.atomic.add>, number>);
  check(true satisfies Equal<ReturnType<typeof wide.atomic.add>, bigint>);
  small.write(3);
  wide.value = 5n;
  wide.value = 5;
  wide.number += 1;
  wide.atomic.add(1);
  check(true satisfies Equal<typeof wide.value, bigint>);
  huge.value = 1n << 100n;
  flag.value = !flag.value;
  text.string = 'abc';
  text.value = 'abc';
  text.write([1, 2, 3]);
  check(true satisfies Equal<typeof text.value, CharArray>);
  check(true satisfies Equal<typeof table.value, Uint32Array>);
  check(true satisfies Equal<ReturnType<typeof table.read>, Uint32Array>);
  table.write(new Set([1, 2]));
  check(true satisfies Equal<typeof points.value, ArrayView<Point>>);
  points.value = [{ x: 1 }];
  request.value = { id: 5n };
  request.write({ where: { x: 1 } });
  check(true satisfies Equal<ReturnType<typeof request.read>, Request>);
  // Every variable is a Variable.
  const all: Variable[] = [word, small, wide, huge, flag, text, table, points, request];
  check(true satisfies Equal<typeof any.value, unknown>);
  toJSON([all, any.value, odd.read]);
  // @ts-expect-error 16 bits have no atomics
  toJSON(small.atomic);
  // @ts-expect-error what it is is not for the user to change
  word.offset = 5;
  // @ts-expect-error a string is no number
  word.value = '5';
}

export function atomics(): void {
  check(true satisfies Equal<ReturnType<typeof atomicOf<Request, 'id'>>, Atomic<bigint>>);
  atomicOf(view, 'id').add(1n);
  atomicOf(view.where, 'x').add(1);
  // What TypeScript knows nothing of is checked at run time only.
  const unknown: View<object> = {} as never;
  check(true satisfies Equal<ReturnType<typeof atomicOf<object, 'any'>>, Atomic<number | bigint>>);
  atomicOf(unknown, 'any').add(1n);
  // @ts-expect-error an array is no integer
  atomicOf(view, 'hist');
}

check(true satisfies Equal<Input<bigint>, bigint | number>);
check(true satisfies Equal<Input<boolean>, boolean>);
check(
  true satisfies Equal<Input<Point>, { readonly x?: number | undefined; readonly y?: number | undefined }>,
);

check(true satisfies Equal<typeof odd.read, bigint>);
check(true satisfies Equal<typeof odd.toJSON, number>);
check(true satisfies Equal<ReturnType<typeof readView<Odd>>, Odd>);
