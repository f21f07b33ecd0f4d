/** C names of types put together from the names of their parts. */
import type { Type } from './layout-model';

/**
 * Where the name would stand in a type's C name: 'int (*|)(void)', 'int [2]|' has it at the end. What is in braces or
 * in an attribute does not count.
 */
function namePosition(spelling: string): number {
  let depth = 0;
  for (let at = 0; at < spelling.length; at++) {
    const character = spelling[at];
    if (character === '{') depth++;
    else if (character === '}') depth--;
    else if (depth > 0) continue;
    else if (spelling.startsWith('__attribute__((', at)) at = attributeEnd(spelling, at);
    else if (character === ')' || character === '[') return at;
  }
  return spelling.length;
}

/** The last character of the `__attribute__((…))` at `at`; quoted text may have parentheses of its own. */
function attributeEnd(spelling: string, at: number): number {
  let depth = 0;
  let quoted = false;
  for (let end = at + '__attribute__'.length; end < spelling.length; end++) {
    const character = spelling[end];
    if (quoted) {
      if (character === '\\') end++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '(') depth++;
    else if (character === ')' && --depth === 0) return end;
  }
  return spelling.length;
}

/** The C name of an array: 'int[2][3]', 'struct sock *[4]', 'int (*[4])(void)'; '' where nothing names the element. */
export function arraySpelling(element: Type, length: number): string {
  if (element.spelling === '') return '';
  const dimension = `[${length === 0 ? '' : String(length)}]`;
  const at = namePosition(element.spelling);
  return element.spelling.slice(0, at) + dimension + element.spelling.slice(at);
}
