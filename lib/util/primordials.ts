/**
 * What memory and native handles are handed to, as it is when this package is loaded (lib/index.ts sees to it that it is
 * loaded then). A script that replaces one of these later would otherwise get hold of the kernel's read-only pages, where a
 * write ends the process.
 */
import { compileFunction } from 'node:vm';

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

export const { apply } = Reflect;
const getter = (prototype: object, name: string): (() => number) =>
  (Object.getOwnPropertyDescriptor(prototype, name) as { readonly get: () => number }).get;
const byteLength = getter(ArrayBuffer.prototype, 'byteLength');
const length = getter(Object.getPrototypeOf(Uint8Array.prototype) as object, 'length');

const getOf = (prototype: object): ((key: unknown) => unknown) =>
  Reflect.get(prototype, 'get') as () => unknown;
const mapGet = getOf(Map.prototype);
const mapSet = Reflect.get(Map.prototype, 'set') as () => unknown;
const weakMapGet = getOf(WeakMap.prototype);
const weakMapSet = Reflect.get(WeakMap.prototype, 'set') as () => unknown;

/** `map.get(key)`, where what is found will be handed memory. */
export function found<K, V>(map: ReadonlyMap<K, V>, key: K): V | undefined {
  return apply(mapGet, map, [key]) as V | undefined;
}

export function foundWeak<K extends WeakKey, V>(map: WeakMap<K, V>, key: K): V | undefined {
  return apply(weakMapGet, map, [key]) as V | undefined;
}

/** `map.set(key, value)`, where what is kept will be handed memory, or must not be seen by others. */
export function keep<K, V>(map: Map<K, V>, key: K, value: V): void {
  apply(mapSet, map, [key, value]);
}

export function keepWeak<K extends WeakKey, V>(map: WeakMap<K, V>, key: K, value: V): void {
  apply(weakMapSet, map, [key, value]);
}

const { defineProperty, preventExtensions, setPrototypeOf } = Reflect;

/** `array.push(item)`, without push(), and without setters that somebody has put on a prototype. */
export function append<T>(array: T[], item: T): void {
  defineProperty(array, array.length, {
    __proto__: null,
    value: item,
    writable: true,
    enumerable: true,
    configurable: true,
  } as PropertyDescriptor);
}

/** Options for the addon that hold a native handle: a getter on Object.prototype would see it where one is left out. */
export function bare<T extends object>(options: T): T {
  setPrototypeOf(options, null);
  return options;
}

/** Keeps a class from being made to extend another one later, which would be handed what its constructor gives to super(). */
export function keepParent(made: object): void {
  preventExtensions(made);
}

const { FinalizationRegistry, Function, Proxy } = globalThis;
const { construct } = Reflect;
const compileBody = compileFunction;
export const { keys: keysOf, values: valuesOf } = Object;
export const { stringify } = JSON;
export const { isSafeInteger } = Number;
export const textOf: (value: unknown) => string = String;

/** Text as a function: `new Function`, which an iterator of arguments would show to others. */
export function functionOf(parameters: readonly string[], body: string): (...values: unknown[]) => unknown {
  const all: string[] = [];
  for (let i = 0; i < parameters.length; i++) append(all, parameters[i] as string);
  append(all, body);
  return construct(Function, all) as (...values: unknown[]) => unknown;
}

/** The same where `node --disallow-code-generation-from-strings` forbids that. */
export function functionByVm(parameters: readonly string[], body: string): (...values: unknown[]) => unknown {
  return compileBody(body, parameters) as (...values: unknown[]) => unknown;
}

/** A Proxy of a function that has no traps. */
export function proxied<T extends object>(target: T): T {
  // Without a prototype: a trap on Object.prototype would be handed what the function is.
  return new Proxy(target, { __proto__: null } as ProxyHandler<T>);
}

const register = Reflect.get(FinalizationRegistry.prototype, 'register') as () => void;
const unregister = Reflect.get(FinalizationRegistry.prototype, 'unregister') as () => boolean;

/** A FinalizationRegistry whose held values nothing else sees. A target is its own token. */
export class Finalizers<T> {
  readonly #registry: FinalizationRegistry<T>;

  constructor(cleanup: (held: T) => void) {
    this.#registry = new FinalizationRegistry(cleanup);
  }

  register(target: WeakKey, held: T): void {
    apply(register, this.#registry, [target, held, target]);
  }

  unregister(target: WeakKey): void {
    apply(unregister, this.#registry, [target]);
  }
}

/** The `byteLength` of a buffer. */
export function sizeOf(buffer: ArrayBuffer): number {
  return apply(byteLength, buffer, []);
}

/** How many elements a TypedArray really has, whatever its class says: 0 once its buffer is detached. */
export function lengthOf(array: ArrayBufferView): number {
  return apply(length, array, []);
}
