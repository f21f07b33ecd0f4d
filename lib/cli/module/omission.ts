/** What a module leaves out: `--omit PATTERN`, and what the C source tags as internal. */
import { CodegenError } from '../../errors';

/** `__attribute__((btf_decl_tag("internal")))`: for BPF code alone, and nothing that a library promises. */
const INTERNAL = 'internal';

/** `*` is anything, `?` one character. */
const glob = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );

export class Omission {
  readonly #patterns: ReadonlyMap<string, RegExp>;
  readonly #used = new Set<string>();
  readonly #tagged: boolean;

  /** @param tagged whether what is tagged as internal is left out, too */
  constructor(patterns: readonly string[], tagged: boolean) {
    this.#patterns = new Map(patterns.map((pattern) => [pattern, glob(pattern)]));
    this.#tagged = tagged;
  }

  readonly matches = (name: string, tags: readonly string[]): boolean => {
    let omitted = this.#tagged && tags.includes(INTERNAL);
    for (const [pattern, regexp] of this.#patterns) {
      if (!regexp.test(name)) continue;
      this.#used.add(pattern);
      omitted = true;
    }
    return omitted;
  };

  /** @throws CodegenError where a pattern matches nothing: it is misspelt, or what it was for has gone */
  check(): void {
    const unused = [...this.#patterns.keys()].filter((pattern) => !this.#used.has(pattern));
    if (unused.length > 0)
      throw new CodegenError(
        unused.map((pattern) => `--omit ${pattern}: no map, variable or program has such a name`),
      );
  }
}
