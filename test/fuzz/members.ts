/** What can be called on a thing. */
export interface Member {
  readonly key: string | symbol;
  readonly kind: 'method' | 'getter' | 'accessor';
}

const SYMBOLS = [
  Symbol.iterator,
  Symbol.asyncIterator,
  Symbol.dispose,
  Symbol.for('nodejs.util.inspect.custom'),
];
const END = new Set<object | null>([
  null,
  Object.prototype,
  Function.prototype,
  Object.getPrototypeOf(Uint8Array.prototype) as object,
]);
const ENDS = new Set(['close', 'destroy', 'return', 'throw']);

const known = new WeakMap<object, readonly Member[]>();

/** Of a class of ours, those of its own and what it inherits. */
export function membersOf(thing: object): readonly Member[] {
  const prototype = Object.getPrototypeOf(thing) as object | null;
  if (prototype === null) return [];
  const found = known.get(prototype) ?? find(prototype);
  known.set(prototype, found);
  return found;
}

function find(prototype: object): Member[] {
  const members = new Map<string | symbol, Member>();
  for (
    let each: object | null = prototype;
    !END.has(each);
    each = Object.getPrototypeOf(each) as object | null
  ) {
    for (const key of Reflect.ownKeys(each as object)) {
      if (key === 'constructor' || (typeof key === 'symbol' && !SYMBOLS.includes(key))) continue;
      const member = describe(key, Object.getOwnPropertyDescriptor(each, key));
      if (member !== undefined && !members.has(key)) members.set(key, member);
    }
  }
  return [...members.values()];
}

function describe(key: string | symbol, property: PropertyDescriptor | undefined): Member | undefined {
  if (typeof property?.value === 'function') return { key, kind: 'method' };
  if (property?.set !== undefined) return { key, kind: 'accessor' };
  return property?.get === undefined ? undefined : { key, kind: 'getter' };
}

/** After it the thing is of little use: not too often. */
export const isEnd = ({ key }: Member): boolean => key === Symbol.dispose || ENDS.has(key as string);
