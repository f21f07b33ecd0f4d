/** What a view does with a name that neither it nor its classes have. */
export interface Fallback<T extends object> {
  /** Answers for names that it knows; others are looked up as in any object. */
  get?(view: T, key: string | symbol): { readonly value: unknown } | undefined;
  /** Stores, or throws: a new property would swallow the value silently. */
  set(view: T, key: string | symbol, value: unknown): void;
}

/**
 * Puts a Proxy behind a prototype. It sees only what nothing before it has, so that members, `length` and methods cost
 * nothing.
 */
export function setFallback<T extends object>(prototype: T, fallback: Fallback<T>): void {
  const last = new Proxy(
    {},
    {
      get(_, key, receiver: T): unknown {
        const answer = fallback.get?.(receiver, key);
        return answer === undefined ? Reflect.get(Object.prototype, key, receiver) : answer.value;
      },
      set(_, key, value, receiver: T) {
        fallback.set(receiver, key, value);
        return true;
      },
    },
  );
  Object.setPrototypeOf(prototype, last);
}
