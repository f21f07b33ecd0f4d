/** Arrays in a region: TypedArrays over the page where elements and alignment allow it, else ArrayViews. */
import { alignmentOf } from '../../btf/codec/access-alignment';
import { typedArrayOf, type TypedArrayName } from '../../btf/layout/array-form';
import { CharArray, markCopy } from '../../btf/codec/char-array';
import { compiledCodec } from '../../btf/codec/codec';
import { ClosedError } from '../../errors';
import type { ArrayType, Type } from '../../btf/layout/layout-model';
import * as primordials from '../../util/primordials';
import { elementArrayView, scalarArrayView } from './array-view';
import { isComposite, viewType, type Live, type LiveOps, type LiveOptions, type Place } from './composite';
import type { Region } from '../region/region';

type ArrayConstructor = new (
  buffer: ArrayBuffer,
  offset: number,
  length: number,
) => { readonly length: number; set(from: ArrayLike<unknown>): void };

const CONSTRUCTORS: Readonly<Record<TypedArrayName | 'CharArray', ArrayConstructor>> = {
  ...primordials,
  CharArray,
};

export function arrayOps(type: ArrayType, aligned: boolean, options: LiveOptions, live: Live): LiveOps {
  const element = viewType(type.element);
  const name = element.kind === 'char' ? 'CharArray' : typedArrayOf(element);
  const place = (region: Region, offset: number): Place =>
    name !== undefined && (aligned || element.size === 1)
      ? new TypedPlace(region, offset, type, name, options, live)
      : new IndexedPlace(region, offset, type, element, aligned, options, live);
  if (!aligned || name !== undefined || !isComposite(element)) {
    return {
      place,
      // memmove does not split aligned words.
      read: (region, offset) => compiledCodec(type, options).read(region.reading(offset, type.size), offset),
      store: (region, offset, staged) => {
        if (name !== undefined && aligned) storeTyped(region, offset, name, staged as ArrayLike<number>);
        else compiledCodec(type, options).store(region.writing(), offset, staged);
      },
    };
  }
  const { length } = type;
  const stride = element.size;
  const { read, store } = live.ops(element, element.size % alignmentOf(element) === 0, options);
  return {
    place,
    read: (region, offset) => Array.from({ length }, (_, i) => read(region, offset + i * stride)),
    store(region, offset, staged) {
      (staged as unknown[]).forEach((item, i) => {
        if (item !== undefined) store(region, offset + i * stride, item);
      });
    },
  };
}

/** Between arrays of one kind this is memmove, which does not split aligned words. */
function storeTyped(
  region: Region,
  offset: number,
  name: keyof typeof CONSTRUCTORS,
  staged: ArrayLike<unknown>,
): void {
  const view = region.writing();
  new CONSTRUCTORS[name](view.buffer as ArrayBuffer, view.byteOffset + offset, staged.length).set(staged);
}

/** A TypedArray over the page; of read-only memory and of memory behind system calls something safer. */
class TypedPlace implements Place {
  readonly #region: Region;
  readonly #offset: number;
  readonly #type: ArrayType;
  readonly #make: ArrayConstructor;
  readonly #options: LiveOptions;
  readonly #live: Live;
  #generation = -1;
  #array: { readonly length: number } | undefined;
  #indirect: IndexedPlace | undefined;

  constructor(
    region: Region,
    offset: number,
    type: ArrayType,
    name: keyof typeof CONSTRUCTORS,
    options: LiveOptions,
    live: Live,
  ) {
    this.#region = region;
    this.#offset = offset;
    this.#type = type;
    this.#make = CONSTRUCTORS[name];
    this.#options = options;
    this.#live = live;
  }

  get(): unknown {
    const array = this.#array;
    if (
      array !== undefined &&
      this.#generation === this.#region.generation &&
      (array.length !== 0 || this.#type.length === 0)
    ) {
      return array;
    }
    return this.#fresh();
  }

  #fresh(): unknown {
    const region = this.#region;
    const { length } = this.#type;
    this.#array = undefined;
    if (region.state === 'syscall') {
      this.#indirect ??= new IndexedPlace(
        region,
        this.#offset,
        this.#type,
        this.#type.element,
        true,
        this.#options,
        this.#live,
      );
      return this.#indirect.get();
    }
    region.reading(0, 0);
    region.checkRange(this.#offset, this.#type.size);
    const buffer = region.expose();
    if (buffer === undefined) {
      const copy = compiledCodec(this.#type, this.#options).read(
        region.reading(this.#offset, this.#type.size),
        this.#offset,
      );
      return copy instanceof CharArray ? markCopy(copy) : copy;
    }
    if (buffer.byteLength === 0 && length > 0)
      throw new ClosedError(`section '${region.section}': its memory is gone`);
    this.#generation = region.generation;
    try {
      this.#array = new this.#make(buffer, this.#offset, length);
    } catch (error) {
      throw region.explain(error);
    }
    return this.#array;
  }
}

class IndexedPlace implements Place {
  readonly #view: unknown;

  constructor(
    region: Region,
    offset: number,
    type: ArrayType,
    element: Type,
    aligned: boolean,
    options: LiveOptions,
    live: Live,
  ) {
    if (isComposite(element)) {
      const stays = aligned && element.size % alignmentOf(element) === 0;
      this.#view = elementArrayView(region, offset, type, element, stays, options, live);
    } else {
      this.#view = scalarArrayView(region, offset, type, options, live);
    }
  }

  get(): unknown {
    return this.#view;
  }
}
