/** Arrays in a region: TypedArrays over the page where elements and alignment allow it, else ArrayViews. */
import { alignmentOf } from '../../btf/codec/access-alignment';
import { typedArrayOf, type TypedArrayName } from '../../btf/layout/array-form';
import { CharArray, markCopy } from '../../btf/codec/char-array';
import { compiledCodec } from '../../btf/codec/codec';
import { ClosedError } from '../../errors';
import type { ArrayType, Type } from '../../btf/layout/layout-model';
import * as primordials from '../../util/primordials';
import { elementArrayView, scalarArrayView, type ArrayPlace } from './array-view';
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
  const place = (region: Region, offset: number): Place => {
    const at = { region, offset, type, options, live };
    return name !== undefined && (aligned || element.size === 1)
      ? new TypedPlace(at, name)
      : new IndexedPlace(at, element, aligned);
  };
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
  readonly #place: ArrayPlace;
  readonly #make: ArrayConstructor;
  #generation = -1;
  #array: { readonly length: number } | undefined;
  #indirect: IndexedPlace | undefined;

  constructor(place: ArrayPlace, name: keyof typeof CONSTRUCTORS) {
    this.#place = place;
    this.#make = CONSTRUCTORS[name];
  }

  get(): unknown {
    const array = this.#array;
    const { region, type } = this.#place;
    if (
      array !== undefined &&
      this.#generation === region.generation &&
      (array.length !== 0 || type.length === 0)
    ) {
      return array;
    }
    return this.#fresh();
  }

  #fresh(): unknown {
    const { region, offset, type, options } = this.#place;
    this.#array = undefined;
    if (region.state === 'syscall') {
      this.#indirect ??= new IndexedPlace(this.#place, type.element, true);
      return this.#indirect.get();
    }
    region.reading(0, 0);
    region.checkRange(offset, type.size);
    const buffer = region.expose();
    if (buffer === undefined) {
      const copy = compiledCodec(type, options).read(region.reading(offset, type.size), offset);
      return copy instanceof CharArray ? markCopy(copy) : copy;
    }
    if (buffer.byteLength === 0 && type.length > 0)
      throw new ClosedError(`section '${region.section}': its memory is gone`);
    this.#generation = region.generation;
    try {
      this.#array = new this.#make(buffer, offset, type.length);
    } catch (error) {
      throw region.explain(error);
    }
    return this.#array;
  }
}

class IndexedPlace implements Place {
  readonly #view: unknown;

  constructor(place: ArrayPlace, element: Type, aligned: boolean) {
    if (isComposite(element)) {
      const stays = aligned && element.size % alignmentOf(element) === 0;
      this.#view = elementArrayView(place, element, stays);
    } else {
      this.#view = scalarArrayView(place);
    }
  }

  get(): unknown {
    return this.#view;
  }
}
