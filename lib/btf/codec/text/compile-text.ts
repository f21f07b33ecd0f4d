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
import {
  append,
  apply,
  functionByVm,
  functionOf,
  isSafeInteger,
  keysOf,
  proxied,
  stringify,
  textOf,
  valuesOf,
} from '../../../util/primordials';

let serial = 0;

/**
 * Runs `body` (which must `return` something) with `scope` as its constants.
 *
 * Only by what was there when this package was loaded: a script that replaces `Function`, or a method of arrays, would have a
 * word in what the text says, and the text is handed the memory that it reads.
 */
export function compile(body: string, scope: Readonly<Record<string, unknown>>): unknown {
  const names = keysOf(scope);
  const parameters: string[] = [];
  // A parameter is a variable, a const is a constant: only those are folded into optimised code.
  const constants = joined(names, (name) => {
    append(parameters, `$${name}`);
    return `const ${name} = $${name};`;
  });
  // V8 caches compiled code by its text, feedback included: the number keeps two types of one shape apart.
  const text = `'use strict'; ${constants}\n${body}\n//# ${serial++}`;
  return apply(make(parameters, text), undefined, valuesOf(scope));
}

function make(parameters: readonly string[], text: string): (...values: unknown[]) => unknown {
  try {
    return functionOf(parameters, text);
  } catch (error) {
    if ((error as Error).name !== 'EvalError') throw error;
    return functionByVm(parameters, text);
  }
}

/** The text of each item, one after the other: `items.map(each).join(between)`, which could be replaced. */
export function joined<T>(items: readonly T[], each: (item: T, i: number) => string, between = ' '): string {
  let text = '';
  for (let i = 0; i < items.length; i++) text += (i === 0 ? '' : between) + each(items[i] as T, i);
  return text;
}

/**
 * A function that V8 never inlines into its callers. Slow paths are small enough that it would, and the registers and
 * reloads that their calls need make the loop around the fast path twice as slow.
 */
export function outOfLine<T extends (...args: never[]) => unknown>(slow: T): T {
  return proxied(slow);
}

/** A name as a string literal. */
export function quote(name: string): string {
  return stringify(name);
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
  if (!isSafeInteger(value)) throw new RangeError(`not an integer: ${value}`);
  return textOf(value);
}
