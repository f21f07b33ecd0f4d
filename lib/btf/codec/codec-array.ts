/** The codec of arrays, as text. */
import { types } from 'node:util';
import { arrayForm, type TypedArrayName } from '../layout/array-form';
import { bytesType } from '../layout/byte';
import { CharArray, encodeText } from './char-array';
import type { Body, CompiledCodec } from './steps';
import { integer } from './text/compile-text';
import { misfit, Misfit, within } from './misfit';
import { shown } from '../../util/shown';
import type { ScalarOptions } from './text/access';
import { getLane, setLane } from './text/load-store';
import { checkText, laneOf, scalarAccess, type ScalarType } from './text/scalar';
import type { ArrayType, Type } from '../layout/layout-model';

export function arrayBody(
  type: ArrayType,
  options: ScalarOptions,
  nested: (type: Type) => CompiledCodec,
): Body {
  const form = arrayForm(type);
  if (form === 'CharArray') return charsBody(type.length);
  if (form === 'indexed') return indexedBody(type, options, nested);
  return typedBody(form, type.element as ScalarType, type.length, options.littleEndian ?? true);
}

/** A float of a size that JavaScript has no number for. */
export function compiledBytes(size: number, nested: (type: Type) => CompiledCodec): Body {
  const codec = nested(bytesType(size));
  return {
    scope: { codec },
    gaps: false,
    text: 'return { read: codec.readInner, stage: codec.stage, store: codec.store };',
  };
}

/** The items of what the user gave for an array: iterable or array-like, of exactly `length` items. Throws a Misfit. */
export function itemsOf(value: unknown, length: number): ArrayLike<unknown> {
  if (typeof value !== 'object' || value === null) {
    throw new Misfit('type', `expected an array of ${length}, got ${shown(value)}`);
  }
  const iterable = Symbol.iterator in value;
  if (!iterable && typeof (value as ArrayLike<unknown>).length !== 'number') {
    throw new Misfit('type', `expected an array of ${length}, got ${shown(value)}`);
  }
  const known = (value as { length?: unknown }).length;
  // Looked at first: an array of a billion should not be copied to be refused.
  if (typeof known === 'number' && known !== length) throw wrongLength(length, known);
  const items = iterable
    ? take(value as Iterable<unknown>, length)
    : Array.from({ length }, (_, i) => (value as ArrayLike<unknown>)[i]);
  if (items.length !== length) throw wrongLength(length, items.length);
  return items;
}

function wrongLength(expected: number, got: number): Misfit {
  return new Misfit('range', `has ${expected} elements, ${got} were given`);
}

/** One more than wanted is enough to know that there are too many: an iterable may be endless. */
function take(value: Iterable<unknown>, length: number): unknown[] {
  const items = [];
  for (const item of value) {
    items.push(item);
    if (items.length > length) break;
  }
  return items;
}

/** Of any realm, and no Proxy. */
const isArray: Readonly<Record<TypedArrayName, (value: unknown) => boolean>> = {
  Int8Array: types.isInt8Array,
  Uint8Array: types.isUint8Array,
  Int16Array: types.isInt16Array,
  Uint16Array: types.isUint16Array,
  Int32Array: types.isInt32Array,
  Uint32Array: types.isUint32Array,
  BigInt64Array: types.isBigInt64Array,
  BigUint64Array: types.isBigUint64Array,
  Float32Array: types.isFloat32Array,
  Float64Array: types.isFloat64Array,
};

/** An expression for a copy of the bytes. */
const sliceText = (bytes: string): string =>
  `view.buffer.slice(view.byteOffset + o, view.byteOffset + o + ${bytes})`;

function charsBody(count: number): Body {
  const element: ScalarType = { kind: 'int', spelling: 'char', size: 1, signed: false };
  const bytes = typedBody('Uint8Array', element, count, true);
  const length = integer(count);
  return {
    scope: { ...bytes.scope, CharArray, encodeText },
    gaps: false,
    text: `const bytes = (() => { ${bytes.text} })();
    return {
      read: (view, o) => new CharArray(${sliceText(length)}),
      stage: (value) => typeof value === 'string' ? encodeText(value, ${length}) : bytes.stage(value),
      store: bytes.store,
    };`,
  };
}

function typedBody(name: TypedArrayName, element: ScalarType, count: number, littleEndian: boolean): Body {
  const scalar = scalarAccess(element, {});
  const lane = laneOf(element) ?? 'u8';
  const length = integer(count);
  const size = integer(element.size);
  const bytes = integer(count * element.size);
  const loop = (body: string): string => `for (let i = 0; i < ${length}; i++) ${body}`;
  const at = `o + i * ${size}`;
  const ordered = littleEndian || element.size === 1;
  // As bytes: a float that is not a number has bits that a JavaScript number does not keep. Few integers are faster one by one.
  const copies = ordered && (element.kind === 'float' || count > 16);
  const copyBytes = `new Uint8Array(view.buffer, view.byteOffset + o, ${bytes}).set(new Uint8Array(staged.buffer, staged.byteOffset, ${bytes}));`;
  return {
    scope: { misfit, within, itemsOf, expected: scalar.expected, is: isArray[name] },
    gaps: false,
    text: `return {
      read: (view, o) => {
        ${
          ordered
            ? `return new ${name}(${sliceText(bytes)});`
            : `const array = new ${name}(${length});
               ${loop(`array[i] = ${getLane(lane, 'view', at, littleEndian)};`)}
               return array;`
        }
      },
      stage: (value) => {
        // The same kind of array needs no check of its elements. Copied by what it is: a class that extends it may say
        // anything of its length, and slice() may give anything.
        if (is(value)) {
          const copy = new ${name}(value);
          if (copy.length === ${length}) return copy;
        }
        const items = itemsOf(value, ${length});
        const staged = new ${name}(${length});
        for (let i = 0; i < ${length}; i++) {
          const given = items[i];
          const ${checkText(scalar, 'given', 'v', 'throw within(misfit(given, expected), `[${i}]`)')}
          staged[i] = v;
        }
        return staged;
      },
      store: (view, o, staged) => {
        ${copies ? copyBytes : loop(setLane(lane, 'view', at, 'staged[i]', littleEndian))}
      },
    };`,
  };
}

function indexedBody(type: ArrayType, options: ScalarOptions, nested: (type: Type) => CompiledCodec): Body {
  const codec = nested(type.element);
  const length = integer(type.length);
  const at = `o + i * ${integer(type.element.size)}`;
  const readAll = `for (let i = 0; i < ${length}; i++) array.push(readElement(view, ${at}));`;
  return {
    scope: {
      within,
      itemsOf,
      readElement: codec.readInner,
      stageElement: codec.stage,
      storeElement: codec.store,
    },
    gaps: codec.gaps,
    text: `return {
      read: (view, o) => {
        const array = [];
        ${options.int64 === 'number' ? `try { ${readAll} } catch (error) { throw within(error, \`[\${array.length}]\`); }` : readAll}
        return array;
      },
      stage: (value, partial) => {
        const items = itemsOf(value, ${length});
        const staged = [];
        for (let i = 0; i < ${length}; i++) {
          try {
            staged.push(partial && items[i] === undefined ? undefined : stageElement(items[i], partial));
          } catch (error) {
            throw within(error, \`[\${i}]\`);
          }
        }
        return staged;
      },
      store: (view, o, staged) => {
        for (let i = 0; i < ${length}; i++) if (staged[i] !== undefined) storeElement(view, ${at}, staged[i]);
      },
    };`,
  };
}
