/** A table of NUL-terminated names, found by their offset: ELF's .strtab and .shstrtab, and BTF's string section. */

/** The kernel's own limit for names is 512 bytes; declaration tags may be longer. */
const MAX_NAME = 4096;

/**
 * Names are decoded once for each offset, so a sane table costs its own size (more where names share their
 * tails). A hostile one has a million offsets into the same long name.
 */
const budgetOf = (size: number): number => 16 * size + (1 << 20);

export class StringTable {
  readonly size: number;
  readonly #text: Buffer;
  readonly #fail: (problem: string) => Error;
  readonly #names = new Map<number, string>();
  #budget: number;

  /** `fail` makes the error for a name that is not there or not sane. */
  constructor(bytes: Uint8Array, fail: (problem: string) => Error) {
    this.size = bytes.byteLength;
    this.#text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#fail = fail;
    this.#budget = budgetOf(this.size);
  }

  at(offset: number): string {
    const known = this.#names.get(offset);
    if (known !== undefined) return known;
    const name = this.#decode(offset);
    this.#names.set(offset, name);
    return name;
  }

  #decode(offset: number): string {
    if (offset >= this.size) {
      throw this.#fail(`name at offset ${String(offset)} of ${String(this.size)} bytes of names`);
    }
    const end = this.#text.indexOf(0, offset);
    const length = end - offset;
    if (end < 0 || length > MAX_NAME) {
      throw this.#fail(
        `name at offset ${String(offset)} has no end, or is longer than ${String(MAX_NAME)} bytes`,
      );
    }
    this.#budget -= length;
    if (this.#budget < 0)
      throw this.#fail('the names overlap so much that no compiler can have written them');
    return this.#text.toString('utf8', offset, end);
  }
}
