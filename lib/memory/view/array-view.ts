/** Live arrays that no TypedArray can be: of structs, arrays, bools, 128-bit integers, and unaligned ones. */
import type { CharArray } from '../../btf/codec/char-array';
import { compile, integer } from '../../btf/codec/text/compile-text';
import { misfit } from '../../btf/codec/misfit';
import { shown } from '../../util/shown';
import { returnThroughView, storeThroughView, type RegionPlace } from '../../btf/codec/text/load-store';
import { checkText, scalarAccess, type Expected, type ScalarType } from '../../btf/codec/text/scalar';
import type { ArrayType } from '../../btf/layout/layout-model';
import { ArgumentError, ValueRangeError } from '../../errors';
import { keepParent } from '../../util/primordials';
import { setFallback } from '../region/fallback';
import { inspectLive, jsonOf } from './inspect';
import type { CompositeType, Live, LiveOps, LiveOptions, Place } from './composite';
import { REGION_SCOPE } from './region-scope';
import type { Region } from '../region/region';

/** An array in a region. */
export interface ArrayPlace {
  readonly region: Region;
  readonly offset: number;
  readonly type: ArrayType;
  readonly options: LiveOptions;
  readonly live: Live;
}

/** An array in place, indexed as arrays are; `at` and `set` are the fast ways. */
export abstract class ArrayView<T = unknown> {
  readonly #place: ArrayPlace;

  /** @internal */
  constructor(place: ArrayPlace) {
    this.#place = place;
  }

  get length(): number {
    return this.#place.type.length;
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
    const { region, offset, type, options, live } = this.#place;
    return live.read(region, offset, type, options);
  }

  /** Stores all elements; all are checked first. */
  write(value: unknown): void {
    const { region, offset, type, options, live } = this.#place;
    live.write(region, offset, type, options, value, type.spelling || 'array');
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
  readonly #place: ArrayPlace;
  readonly #element: CompositeType;
  readonly #ops: LiveOps;
  readonly #places: (Place | undefined)[] = [];

  constructor(place: ArrayPlace, element: CompositeType, aligned: boolean) {
    super(place);
    this.#place = place;
    this.#element = element;
    this.#ops = place.live.ops(element, aligned, place.options);
  }

  override at(index: number): unknown {
    const { region, offset, type } = this.#place;
    const i = position(index, type.length);
    if (i === -1) return undefined;
    let place = this.#places[i];
    if (place === undefined) {
      if (this.#places.length === 0) this.#places.length = type.length;
      place = this.#ops.place(region, offset + i * this.#element.size);
      this.#places[i] = place;
    }
    return place.get();
  }

  override set(index: number, value: unknown): void {
    const { region, offset, type, options, live } = this.#place;
    checkIndex(index, type.length);
    live.write(region, offset + index * this.#element.size, this.#element, options, value, `[${index}]`);
  }
}

// They hand their place to the class above.
for (const made of [CharArrayView, ElementArrayView]) keepParent(made);

export function elementArrayView(place: ArrayPlace, element: CompositeType, aligned: boolean): ArrayView {
  return new ElementArrayView(place, element, aligned);
}

type ScalarViewClass = new (place: ArrayPlace) => ArrayView;
const scalarClasses = new WeakMap<object, Map<string, ScalarViewClass>>();

/** An ArrayView of scalars, compiled for their type. */
export function scalarArrayView(place: ArrayPlace): ArrayView {
  const { type, options } = place;
  const element = type.element as ScalarType;
  let variants = scalarClasses.get(element);
  if (variants === undefined) scalarClasses.set(element, (variants = new Map<string, ScalarViewClass>()));
  const View = variants.get(options.int64) ?? compileScalarView(element, options);
  variants.set(options.int64, View);
  return new View(place);
}

/** The elements of a char array are bytes, as in CharArray. */
const TEXT_BYTE: ScalarType = { kind: 'char', spelling: 'char', size: 1, signed: false };

function compileScalarView(element: ScalarType, options: LiveOptions): ScalarViewClass {
  const scalar = scalarAccess(element.kind === 'char' ? TEXT_BYTE : element, options);
  const { access } = scalar;
  const place: RegionPlace = { in: 'this.#r.in', out: 'this.#r.out', region: 'this.#r', at: 'at' };
  return compile(
    `return class extends Base {
      static { keepParent(this); }
      #r; #o; #n;
      constructor(place) { super(place); this.#r = place.region; this.#o = place.offset; this.#n = place.type.length; }
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
      keepParent,
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
