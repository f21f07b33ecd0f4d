/**
 * Puts something that looks in the place of every function and accessor that scripts share: globals, prototypes, the package's
 * own classes and what they extend, properties of Object.prototype. It notes what passes through that is native.
 */
import type * as Subskel from '../../../../lib';
import { contains, put, type Natives } from './natives';

const {
  apply,
  construct,
  defineProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  ownKeys,
  setPrototypeOf,
} = Reflect;
const { Proxy, Set, Error, String, Function } = globalThis;
const { isView } = ArrayBuffer;
const { split, includes } = globalThis.String.prototype;

/** Properties of Object.prototype by which Node.js, or this, could not go on. */
const VITAL = new Set([
  ...[
    'get',
    'set',
    'value',
    'writable',
    'enumerable',
    'configurable',
    'then',
    'toString',
    'valueOf',
    'constructor',
  ],
  ...[
    'toJSON',
    'cause',
    'next',
    'return',
    'throw',
    'done',
    'name',
    'message',
    'stack',
    'code',
    'length',
    'raw',
  ],
  ...['has', 'apply', 'construct', 'ownKeys', 'deleteProperty', 'defineProperty', 'getPrototypeOf', 'signal'],
  // The package asks whether these are in something.
  ...[
    'kind',
    'size',
    'type',
    'layout',
    'fd',
    'lane',
    'token',
    'tag',
    'types',
    'addEventListener',
    'aborted',
    'file',
  ],
]);

export class Spy {
  readonly #natives: Natives;
  readonly #done = new Set<unknown>();
  readonly found = new Set<string>();
  calls = 0;
  #watching = false;

  constructor(natives: Natives) {
    this.#natives = natives;
  }

  watch(on: boolean): void {
    this.#watching = on;
  }

  replaceGlobals(): void {
    const iterated = [
      [],
      new Map(),
      new globalThis.Set(),
      '',
      (function* () {})(),
      (async function* () {})(),
    ];
    const iterators = iterated.map((each) =>
      Symbol.iterator in Object(each) ? (each as unknown[])[Symbol.iterator]() : each,
    );
    for (const each of iterators as object[]) {
      for (let p = getPrototypeOf(each); p !== null && p !== Object.prototype; p = getPrototypeOf(p))
        this.#replace(p, 'iterator');
    }
    for (const key of ownKeys(globalThis)) {
      const property = getOwnPropertyDescriptor(globalThis, key);
      if (
        typeof key !== 'string' ||
        !/^[A-Z]|^(queueMicrotask|set\w+)$/.test(key) ||
        key === 'Intl' ||
        key === 'WebAssembly'
      )
        continue;
      const value = property?.value as unknown;
      if ((typeof value !== 'function' && typeof value !== 'object') || value === null) continue;
      this.#replace(value, key);
      if (typeof value === 'function' && value.prototype)
        this.#replace(value.prototype as object, `${key}.prototype`);
      if (typeof value === 'function')
        defineProperty(globalThis, key, { ...property, value: this.#wrap(value, key) });
    }
  }

  /** A class that extends another one hands what it gives to super() to whatever is its prototype then. */
  replaceClass(made: unknown): void {
    for (
      let each = made;
      typeof each === 'function' && each !== Function.prototype;
      each = getPrototypeOf(each)
    ) {
      if (contains(this.#done, each)) return;
      const parent = getPrototypeOf(each) as { name?: unknown } | null;
      if (!/^class/.test(apply(Function.prototype.toString, each, []))) return;
      this.#replace(each, each.name);
      for (
        let p = each.prototype as object | null;
        p !== null && p !== Object.prototype;
        p = getPrototypeOf(p)
      ) {
        this.#replace(p, `${each.name}.prototype`);
      }
      if (typeof parent === 'function' && parent !== Function.prototype) {
        setPrototypeOf(each, this.#wrap(parent, `what ${each.name} extends`));
      }
    }
  }

  replaceClasses(subskel: typeof Subskel): void {
    for (const made of Object.values(subskel)) this.replaceClass(made);
  }

  /** `names`: properties that the package's code may look for, or set. */
  replaceProperties(names: Iterable<string>): void {
    const look = this.#look.bind(this);
    for (const name of names) {
      if (VITAL.has(name) || name in Object.prototype) continue;
      defineProperty(Object.prototype, name, {
        configurable: true,
        get(this: unknown) {
          look(`a getter of ${name} on Object.prototype`, [this]);
          return undefined;
        },
        set(this: object, value: unknown) {
          look(`a setter of ${name} on Object.prototype`, [this, value]);
          defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
        },
      });
    }
  }

  #replace(holder: object, path: string): void {
    if (contains(this.#done, holder)) return;
    put(this.#done, holder);
    const keys = ownKeys(holder);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      const property = getOwnPropertyDescriptor(holder, key);
      if (
        property === undefined ||
        ['prototype', 'constructor', 'caller', 'arguments'].includes(key as string)
      )
        continue;
      const at = `${path}.${String(key)}`;
      const { get, set } = property;
      const value = property.value as unknown;
      if (typeof value === 'function')
        defineProperty(holder, key, { ...property, value: this.#wrap(value, at) });
      else if (get !== undefined || set !== undefined) {
        const accessors = {
          ...(get && { get: this.#wrap(get, at) }),
          ...(set && { set: this.#wrap(set, at) }),
        };
        defineProperty(holder, key, { ...property, ...accessors });
      }
    }
  }

  #wrap<T extends object>(before: T, path: string): T {
    const look = this.#look.bind(this);
    const wrapped: T = new Proxy(before, {
      apply(target, self, given) {
        const result = apply(target as () => unknown, self, given) as unknown;
        look(path, [self, result], given);
        return result;
      },
      construct(target, given, newTarget) {
        look(`new ${path}`, [], given);
        const made = construct(
          target as never,
          given,
          newTarget === (wrapped as unknown) ? (target as never) : newTarget,
        ) as object;
        look(`new ${path}`, [made]);
        return made;
      },
    });
    return wrapped;
  }

  #look(path: string, values: unknown[], given: unknown[] = []): void {
    if (!this.#watching) return;
    this.#watching = false;
    try {
      this.calls++;
      const seen = new Set<unknown>();
      for (let i = 0; i < values.length; i++) this.#into(values[i], path, 4, seen);
      for (let i = 0; i < given.length; i++) this.#into(given[i], path, 4, seen);
    } finally {
      this.#watching = true;
    }
  }

  /** Properties that a script could look into as well, but no getters: they have side effects. */
  #into(value: unknown, path: string, depth: number, seen: Set<unknown>): void {
    const is = this.#natives.is(value);
    if (is !== undefined) {
      const place = ours();
      // The loader of Node.js has the addon, too; that is not what this package gives away.
      if (place !== undefined) put(this.found, `${path} sees ${is} (${place})`);
      return;
    }
    if (depth === 0 || value === null || (typeof value !== 'object' && typeof value !== 'function')) return;
    if (isView(value) || contains(seen, value)) return;
    put(seen, value);
    const keys = ownKeys(value);
    for (let i = 0; i < keys.length && keys.length < 40; i++) {
      const property = getOwnPropertyDescriptor(value, keys[i]!);
      if (property !== undefined && 'value' in property) this.#into(property.value, path, depth - 1, seen);
    }
  }
}

/** Which line of the package was running. */
function ours(): string | undefined {
  const lines = apply(split, String(new Error().stack), ['\n']) as string[];
  for (let i = 0; i < lines.length; i++) {
    if (apply(includes, lines[i], ['/dist/'])) return (apply(split, lines[i], ['/dist/']) as string[])[1];
  }
  return undefined;
}
