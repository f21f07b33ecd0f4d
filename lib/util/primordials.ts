/**
 * What memory is handed to, as it is when this package is loaded (lib/index.ts sees to it that it is loaded then). Whoever
 * puts his own constructor or getter in the place of one of these later would get hold of the kernel's read-only pages,
 * where a write ends the process.
 */
export const {
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
  DataView,
} = globalThis;

const { apply } = Reflect;
const getter = (prototype: object, name: string): (() => number) =>
  (Object.getOwnPropertyDescriptor(prototype, name) as { readonly get: () => number }).get;
const byteLength = getter(ArrayBuffer.prototype, 'byteLength');
const length = getter(Object.getPrototypeOf(Uint8Array.prototype) as object, 'length');

const getOf = (prototype: object): ((key: unknown) => unknown) =>
  Reflect.get(prototype, 'get') as () => unknown;
const mapGet = getOf(Map.prototype);
const weakMapGet = getOf(WeakMap.prototype);
const weakMapSet = Reflect.get(WeakMap.prototype, 'set') as () => unknown;

/** `map.get(key)`, where what is found will be handed memory. */
export function found<K, V>(map: ReadonlyMap<K, V>, key: K): V | undefined {
  return apply(mapGet, map, [key]) as V | undefined;
}

export function foundWeak<K extends WeakKey, V>(map: WeakMap<K, V>, key: K): V | undefined {
  return apply(weakMapGet, map, [key]) as V | undefined;
}

/** `map.set(key, value)`, where the value must not be seen by others. */
export function keepWeak<K extends WeakKey, V>(map: WeakMap<K, V>, key: K, value: V): void {
  apply(weakMapSet, map, [key, value]);
}

/** The `byteLength` of a buffer. */
export function sizeOf(buffer: ArrayBuffer): number {
  return apply(byteLength, buffer, []);
}

/** How many elements a TypedArray really has, whatever its class says: 0 once its buffer is detached. */
export function lengthOf(array: ArrayBufferView): number {
  return apply(length, array, []);
}
