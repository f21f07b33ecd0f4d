/** Makefile dependencies, as clang writes them (-MD) and as we write them for the whole build. */

/** The prerequisites of the first rule. Names with spaces, '#' and '$' come escaped. */
export function parseDepfile(text: string): string[] {
  const joined = text.replaceAll(/\\\r?\n/g, ' ');
  const [rule = ''] = joined.split(/\r?\n/);
  const colon = /:(?=\s|$)/.exec(rule);
  if (colon === null) return [];
  const words = rule.slice(colon.index + 1).match(/(?:\\[ #\\]|\$\$|\S)+/g) ?? [];
  return words.map((word) => word.replaceAll(/\\([ #])/g, '$1').replaceAll('$$', '$'));
}

const escape = (file: string): string => file.replaceAll('$', '$$$$').replaceAll(/([ #])/g, '\\$1');

/**
 * `targets: prerequisites`, and an empty rule for each prerequisite, so that make does not stop at a header that has
 * gone (what clang does with -MP).
 */
export function formatDepfile(targets: readonly string[], prerequisites: readonly string[]): string {
  const files = [...new Set(prerequisites)];
  const rule = `${targets.map(escape).join(' ')}:${files.map((file) => ` \\\n  ${escape(file)}`).join('')}\n`;
  return [rule, ...files.map((file) => `${escape(file)}:\n`)].join('\n');
}
