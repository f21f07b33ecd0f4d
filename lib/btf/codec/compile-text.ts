/**
 * The only place that makes code from text.
 *
 * Why at all: V8 keeps the feedback that its optimiser lives on with the function's source position, so closures
 * that one function literal makes for many types share it. After four struct types a shared accessor goes
 * megamorphic, ten times slower. A class or codec compiled for its type has feedback of its own.
 *
 * What keeps it safe: text is made only from the constants of this package, from integers that `integer()` has
 * checked, from flags that `flag()` has compared and from names that `quote()` has turned into string literals. Values never become text: they are
 * passed in, by name.
 *
 * `new Function` is what `node --disallow-code-generation-from-strings` forbids; vm.compileFunction is not.
 */
import { compileFunction } from 'node:vm';

let serial = 0;

/** Runs `body` (which must `return` something) with `scope` as its constants. */
export function compile(body: string, scope: Readonly<Record<string, unknown>>): unknown {
  const names = Object.keys(scope);
  // A parameter is a variable, a const is a constant: only those are folded into optimised code.
  const constants = names.map((name) => `const ${name} = $${name};`).join(' ');
  // V8 caches compiled code by its text, feedback included: the number keeps two types of one shape apart.
  const text = `'use strict'; ${constants}\n${body}\n//# ${serial++}`;
  const parameters = names.map((name) => `$${name}`);
  const values = Object.values(scope);
  return make(parameters, text)(...values);
}

function make(parameters: string[], text: string): (...values: unknown[]) => unknown {
  try {
    return new Function(...parameters, text) as (...values: unknown[]) => unknown;
  } catch (error) {
    if ((error as Error).name !== 'EvalError') throw error;
    return compileFunction(text, parameters) as (...values: unknown[]) => unknown;
  }
}

/**
 * A function that V8 never inlines into its callers. Slow paths are small enough that it would, and the registers and
 * reloads that their calls need make the loop around the fast path twice as slow.
 */
export function outOfLine<T extends (...args: never[]) => unknown>(slow: T): T {
  // Without a prototype: a trap on Object.prototype would be handed what the function is.
  return new Proxy(slow, { __proto__: null } as ProxyHandler<T>);
}

/** A name as a string literal. */
export function quote(name: string): string {
  return JSON.stringify(name);
}

/** A name as the key in an object literal, where "__proto__": x would set the prototype; a computed key makes a property, but slowly. */
export function literalKey(name: string): string {
  return name === '__proto__' ? `[${quote(name)}]` : quote(name);
}

/** A flag as text: only true is. */
export function flag(value: unknown): string {
  return value === true ? 'true' : 'false';
}

/** A number as text. */
export function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not an integer: ${value}`);
  return String(value);
}
