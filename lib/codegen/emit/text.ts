/** Strings, property names and comments of the generated code. Names come from a file that nobody vouches for. */
import { escapeUnsafe } from '../../util/text';
import { isIdentifier } from '../model/names';

/** A string literal, in double quotes unless single ones save escapes. */
export function quote(text: string): string {
  if (/^[\w .,:;*()[\]{}/-]*$/.test(text)) return `"${text}"`;
  const doubles = text.split('"').length;
  const singles = text.split("'").length;
  const mark = doubles > singles ? "'" : '"';
  return mark + escapeUnsafe(text.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`)) + mark;
}

/** A property name in a type: bare where the language allows it. */
export const memberKey = (name: string): string => (isIdentifier(name) ? name : quote(name));

/** A property name in an object literal, where `__proto__: x` would set the prototype. */
export const literalKey = (name: string): string =>
  name === '__proto__' ? '["__proto__"]' : memberKey(name);

/** Text inside a comment: it can neither end the comment nor begin a line. */
export const commentText = (text: string): string => escapeUnsafe(text).replaceAll('*/', '*\\/');

/** A name or a declaration inside a docstring. */
export const code = (text: string): string => `\`${text.replaceAll('`', "'")}\``;

/** A docstring of these lines at this indentation, on one line where it has one line that fits. */
export function docComment(lines: readonly string[], indent: string): string {
  const safe = lines.map(commentText);
  const single = `${indent}/** ${safe[0] ?? ''} */`;
  if (safe.length === 1 && single.length <= 80) return `${single}\n`;
  const body = safe.map((line) => `${indent} *${line === '' ? '' : ` ${line}`}\n`);
  return `${indent}/**\n${body.join('')}${indent} */\n`;
}
