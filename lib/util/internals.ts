/**
 * What stands behind a public object, for the rest of this package: kept beside the object and not on it, where no property,
 * prototype or replaced global leads to it.
 */
import { foundWeak, keepWeak } from './primordials';

export class Internals<K extends object, V> {
  readonly #kept = new WeakMap<K, V>();

  keep(object: K, internals: V): void {
    keepWeak(this.#kept, object, internals);
  }

  /** undefined for anything that `keep` has not been called with. */
  of(object: K): V | undefined {
    return foundWeak(this.#kept, object);
  }
}
