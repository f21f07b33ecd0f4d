/** Strings, property names and comments of the generated code. Names come from a file that nobody vouches for. */
import { isIdentifier } from '../model/names';

/** Characters that end a line or turn its reading direction: invisible in an editor, so never written as they are. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Nearly all names and declarations: nothing to escape, one column a character. */
const PLAIN = /^[\u0020-\u007e]*$/;

/** Names from a file, to be shown as they are: what is invisible or moves a cursor becomes its code. */
export const escapeUnsafe = (text: string): string =>
  PLAIN.test(text) ? text : text.replace(UNSAFE, (char) => char.split('').map(escapeUnit).join(''));

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

/** The text in lines of at most `width` characters, broken between words. */
export function wrap(text: string, width = 72): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** Columns on a terminal, as prettier counts them: East Asian wide characters are two, combining ones none. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const char of text) {
    if (/[\u0300-\u036f]/.test(char)) continue;
    width += WIDE.test(char) ? 2 : 1;
  }
  return width;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
