/** Text for people: what is safe to show, how wide it is, and where its lines end. */

/** Characters that end a line or turn its reading direction: invisible in an editor, so never written as they are. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Nearly all names and declarations: nothing to escape, one column a character. */
const PLAIN = /^[\u0020-\u007e]*$/;

/** Names from a file, to be shown as they are: what is invisible or moves a cursor becomes its code. */
export const escapeUnsafe = (text: string): string =>
  PLAIN.test(text) ? text : text.replace(UNSAFE, (char) => char.split('').map(escapeUnit).join(''));

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
