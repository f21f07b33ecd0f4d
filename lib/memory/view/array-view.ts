/** Live arrays that no TypedArray can be: of structs, arrays, bools, 128-bit integers, and unaligned ones. */
import type { CharArray } from '../../btf/codec/char-array';
import { compile, integer } from '../../btf/codec/text/compile-text';
import { misfit } from '../../btf/codec/misfit';
import { shown } from '../../util/shown';
import { returnThroughView, storeThroughView, type RegionPlace } from '../../btf/codec/text/load-store';
import { checkText, scalarAccess, type Expected, type ScalarType } from '../../btf/codec/text/scalar';
import type { ArrayType } from '../../btf/layout/layout-model';
import { ArgumentError, ValueRangeError } from '../../errors';
import { setFallback } from '../region/fallback';
import { inspectLive, jsonOf } from './inspect';
import type { CompositeType, Live, LiveOps, LiveOptions, Place } from './composite';
import { REGION_SCOPE } from './region-scope';
import type { Region } from '../region/region';

/** Where a view's next instance lies; live-struct.ts says why it is handed over like this. */
const next: {
  region: Region | undefined;
  offset: number;
  type: ArrayType | undefined;
  options: LiveOptions;
  live: Live | undefined;
} = {
  region: undefined,
  offset: 0,
  type: undefined,
  options: { int64: 'bigint' },
  live: undefined,
};

/** An array in place, indexed as arrays are; `at` and `set` are the fast ways. */
export abstract class ArrayView<T = unknown> {
  readonly #region = next.region as Region;
  readonly #offset = next.offset;
  readonly #type = next.type as ArrayType;
  readonly #options = next.options;
  readonly #live = next.live as Live;

  get length(): number {
    return this.#type.length;
  }

  /** The element, from the end for negative indices; undefined where there is none, as in arrays. */
  abstract at(index: number): T | undefined;

  /** Stores an element. @throws ValueRangeError where there is none, or where the value does not fit */
  abstract set(index: number, value: unknown): void;

  *[Symbol.iterator](): IterableIterator<T> {
    for (let i = 0; i < this.length; i++) yield this.at(i) as T;
  }

  /** A plain copy. */
  read(): unknown {
    return this.#live.read(this.#region, this.#offset, this.#type, this.#options);
  }

  /** Stores all elements; all are checked first. */
  write(value: unknown): void {
    this.#live.write(
      this.#region,
      this.#offset,
      this.#type,
      this.#options,
      value,
      this.#type.spelling || 'array',
    );
  }

  toJSON(): unknown {
    return jsonOf(this.read());
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth: number, options: object, inspect: unknown): string {
    return inspectLive(`ArrayView(${this.length})`, () => this.read(), depth, options, inspect);
  }
}

/** The index that `at(index)` means, or -1. */
function position(index: number, length: number): number {
  const i = index < 0 ? length + index : index;
  return i >= 0 && i < length && Number.isInteger(i) ? i : -1;
}

function checkIndex(index: number, length: number): void {
  if (!(index >= 0 && index < length && Number.isInteger(index))) {
    throw new ValueRangeError(`[${shown(index)}]: the array has ${length} elements`);
  }
}

/** The index that a property name is, as arrays see it; -1 for other names. */
function indexOf(key: string | symbol): number {
  if (typeof key !== 'string' || !/^(0|[1-9]\d*)$/.test(key)) return -1;
  return Number(key);
}

setFallback(ArrayView.prototype, {
  get(view, key) {
    const index = indexOf(key);
    return index === -1 ? undefined : { value: view.at(index) };
  },
  set(view, key, value) {
    const index = indexOf(key);
    if (index === -1) throw new ArgumentError(`an ArrayView has no property '${String(key)}'`);
    view.set(index, value);
  },
});

/** A char array where no TypedArray can be: in a section that is read and written by system calls. */
abstract class CharArrayView extends ArrayView<number> {
  get string(): string {
    return (this.read() as CharArray).string;
  }

  set string(text: string) {
    this.write(text);
  }

  override toString(): string {
    return this.string;
  }
}

/** An ArrayView of structs or arrays: an element is a view, made on first use. */
class ElementArrayView extends ArrayView {
  readonly #region: Region;
  readonly #offset: number;
  readonly #length: number;
  readonly #element: CompositeType;
  readonly #ops: LiveOps;
  readonly #live: Live;
  readonly #options: LiveOptions;
  readonly #places: (Place | undefined)[] = [];

  constructor(
    element: CompositeType,
    aligned: boolean,
    region: Region,
    offset: number,
    length: number,
    options: LiveOptions,
    live: Live,
  ) {
    super();
    this.#region = region;
    this.#offset = offset;
    this.#length = length;
    this.#element = element;
    this.#ops = live.ops(element, aligned, options);
    this.#live = live;
    this.#options = options;
  }

  override at(index: number): unknown {
    const i = position(index, this.#length);
    if (i === -1) return undefined;
    let place = this.#places[i];
    if (place === undefined) {
      if (this.#places.length === 0) this.#places.length = this.#length;
      place = this.#ops.place(this.#region, this.#offset + i * this.#element.size);
      this.#places[i] = place;
    }
    return place.get();
  }

  override set(index: number, value: unknown): void {
    checkIndex(index, this.#length);
    const offset = this.#offset + index * this.#element.size;
    this.#live.write(this.#region, offset, this.#element, this.#options, value, `[${index}]`);
  }
}

export function elementArrayView(
  region: Region,
  offset: number,
  type: ArrayType,
  element: CompositeType,
  aligned: boolean,
  options: LiveOptions,
  live: Live,
): ArrayView {
  return placed(
    region,
    offset,
    type,
    options,
    live,
    () => new ElementArrayView(element, aligned, region, offset, type.length, options, live),
  );
}

function placed(
  region: Region,
  offset: number,
  type: ArrayType,
  options: LiveOptions,
  live: Live,
  make: () => ArrayView,
): ArrayView {
  Object.assign(next, { region, offset, type, options, live });
  try {
    return make();
  } finally {
    Object.assign(next, { region: undefined, type: undefined });
  }
}

type ScalarViewClass = new () => ArrayView;
const scalarClasses = new WeakMap<object, Map<string, ScalarViewClass>>();

/** An ArrayView of scalars, compiled for their type. */
export function scalarArrayView(
  region: Region,
  offset: number,
  type: ArrayType,
  options: LiveOptions,
  live: Live,
): ArrayView {
  const element = type.element as ScalarType;
  let variants = scalarClasses.get(element);
  if (variants === undefined) scalarClasses.set(element, (variants = new Map<string, ScalarViewClass>()));
  const View = variants.get(options.int64) ?? compileScalarView(element, options);
  variants.set(options.int64, View);
  return placed(region, offset, type, options, live, () => new View());
}

/** The elements of a char array are bytes, as in CharArray. */
const TEXT_BYTE: ScalarType = { kind: 'char', spelling: 'char', size: 1, signed: false };

function compileScalarView(element: ScalarType, options: LiveOptions): ScalarViewClass {
  const scalar = scalarAccess(element.kind === 'char' ? TEXT_BYTE : element, options);
  const { access } = scalar;
  const place: RegionPlace = { in: 'this.#r.in', out: 'this.#r.out', region: 'this.#r', at: 'at' };
  return compile(
    `return class extends Base {
      #r = next.region; #o = next.offset; #n = next.type.length;
      at(index) {
        const i = position(index, this.#n);
        if (i === -1) return undefined;
        const at = this.#o + i * ${integer(element.size)}; ${returnThroughView(access, place, element.size)}
      }
      set(i, given) {
        checkIndex(i, this.#n);
        const ${checkText(scalar, 'given', 'v', 'fail(given, expected, i)')}
        const at = this.#o + i * ${integer(element.size)};
        ${storeThroughView(access, place, 0, element.size)}
      }
    };`,
    {
      ...REGION_SCOPE,
      Base: element.kind === 'char' ? CharArrayView : ArrayView,
      next,
      fail,
      position,
      checkIndex,
      expected: scalar.expected,
    },
  ) as ScalarViewClass;
}

function fail(value: unknown, expected: Expected, index: number): never {
  throw misfit(value, expected).toError(`[${index}]`);
}
