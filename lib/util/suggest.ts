/** "did you mean": the known name closest to one that is not there. */

/** Levenshtein distance, given up beyond `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(substitution, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/** The candidate nearest to `name`, if it is near enough to be a slip of the pen. */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(name.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const d = distance(name.toLowerCase(), candidate.toLowerCase(), limit);
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

/** " (did you mean 'x'?)" or "; there are: a, b" or "; there are none". */
export function alternatives(name: string, candidates: readonly string[]): string {
  const near = suggest(name, candidates);
  if (near !== undefined) return ` (did you mean '${near}'?)`;
  if (candidates.length === 0) return '; there are none';
  const shown = candidates.slice(0, 10).map((candidate) => `'${candidate}'`);
  return `; there are: ${shown.join(', ')}${candidates.length > 10 ? ', …' : ''}`;
}
