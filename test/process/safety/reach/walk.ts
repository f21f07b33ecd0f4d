/** Follows everything that can be reached of a value: properties, own and inherited, getters called, prototypes, what containers hold. */
import type { Natives } from './natives';

const DEEPEST = 7;

export class Walk {
  readonly #natives: Natives;
  readonly #seen = new Set<unknown>();
  readonly found = new Set<string>();
  /** How many values were looked at. */
  count = 0;

  constructor(natives: Natives) {
    this.#natives = natives;
  }

  /** In another state the same things are looked at again. */
  begin(): void {
    this.#seen.clear();
  }

  look(value: unknown, path: string, depth = 0): void {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return;
    const is = this.#natives.is(value);
    if (is !== undefined) this.found.add(`${path}: ${is}`);
    if (is !== undefined || depth > DEEPEST || this.#seen.has(value)) return;
    this.#seen.add(value);
    this.count++;
    if (ArrayBuffer.isView(value)) return;
    for (
      let holder: object | null = value;
      holder !== null;
      holder = Object.getPrototypeOf(holder) as object | null
    ) {
      if (holder === Object.prototype || holder === Function.prototype) break;
      for (const key of Reflect.ownKeys(holder))
        this.#member(value, holder, key, `${path}.${String(key)}`, depth);
    }
    if (value instanceof Map || value instanceof Set) {
      for (const each of value.values()) this.look(each, `${path}[…]`, depth + 1);
    }
  }

  #member(value: object, holder: object, key: string | symbol, path: string, depth: number): void {
    const property = Object.getOwnPropertyDescriptor(holder, key);
    if (property === undefined) return;
    if ('value' in property) {
      this.look(property.value, path, depth + 1);
      return;
    }
    // The functions of the accessor itself, and what it gives: of the value, and of the prototype that it stands on.
    this.look(property.get, path, depth + 1);
    for (const receiver of [value, holder]) {
      try {
        this.look(Reflect.get(holder, key, receiver), path, depth + 1);
      } catch (error) {
        this.look(error, `${path} throws`, depth + 1);
      }
    }
  }
}
