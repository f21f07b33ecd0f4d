/**
 * Which JavaScript array stands for a C array. The generator, the codec and the views ask here, so that
 * generated types say what the runtime does.
 */
import type { ArrayType, Type } from './layout-model';

export type TypedArrayName =
  | 'Int8Array'
  | 'Uint8Array'
  | 'Int16Array'
  | 'Uint16Array'
  | 'Int32Array'
  | 'Uint32Array'
  | 'BigInt64Array'
  | 'BigUint64Array'
  | 'Float32Array'
  | 'Float64Array';

/** 'indexed': a plain array in snapshots, an ArrayView live. */
export type ArrayForm = TypedArrayName | 'CharArray' | 'indexed';

/**
 * What a plain value (a snapshot, a map value) has for the array. Live views have the same, over the memory, except
 * where the elements do not lie at multiples of their size, as in packed structs: no TypedArray can be there, and
 * it is an ArrayView.
 */
export function arrayForm(type: ArrayType): ArrayForm {
  return type.element.kind === 'char' ? 'CharArray' : (typedArrayOf(type.element) ?? 'indexed');
}

/** The TypedArray whose elements are what the type is; none for bool, 128 bits, structs and arrays. */
export function typedArrayOf(type: Type): TypedArrayName | undefined {
  switch (type.kind) {
    case 'int':
    case 'enum':
      switch (type.size) {
        case 1:
          return type.signed ? 'Int8Array' : 'Uint8Array';
        case 2:
          return type.signed ? 'Int16Array' : 'Uint16Array';
        case 4:
          return type.signed ? 'Int32Array' : 'Uint32Array';
        case 8:
          return type.signed ? 'BigInt64Array' : 'BigUint64Array';
        default:
          return undefined;
      }
    case 'pointer':
      return 'BigUint64Array';
    case 'float':
      return type.size === 4 ? 'Float32Array' : type.size === 8 ? 'Float64Array' : undefined;
    default:
      return undefined;
  }
}
