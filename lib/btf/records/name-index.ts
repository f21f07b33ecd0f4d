/**
 * Finds types by kind and name without making strings of the hundred thousand names of a kernel: a hash table in
 * typed arrays, over the bytes of the names.
 */
export interface NamedRecords {
  readonly count: number;
  /** The kind number of the record at an index. */
  kindAt(index: number): number;
  /** The offset of its name in the string section; 0 for no name. */
  nameAt(index: number): number;
}

/** FNV-1a over the name, started with the kind. */
function hash(bytes: Uint8Array, start: number, kind: number): number {
  let value = 0x811c9dc5 ^ kind;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0) break;
    value = Math.imul(value ^ byte, 0x01000193);
  }
  return value >>> 0;
}

export class NameIndex {
  readonly #records: NamedRecords;
  readonly #strings: Buffer;
  readonly #mask: number;
  /** The first record of each bucket, plus one; and for each record the next in its bucket, plus one. */
  readonly #heads: Uint32Array;
  readonly #next: Uint32Array;

  constructor(records: NamedRecords, strings: Uint8Array) {
    this.#records = records;
    this.#strings = Buffer.from(strings.buffer, strings.byteOffset, strings.byteLength);
    const buckets = 1 << Math.max(4, 32 - Math.clz32(records.count));
    this.#mask = buckets - 1;
    this.#heads = new Uint32Array(buckets);
    this.#next = new Uint32Array(records.count);
    // Backwards, so that each bucket lists its records in their order: the first of a name wins.
    for (let index = records.count - 1; index >= 0; index--) {
      const name = records.nameAt(index);
      if (name === 0 || name >= strings.length) continue;
      const bucket = hash(strings, name, records.kindAt(index)) & this.#mask;
      this.#next[index] = this.#heads[bucket] ?? 0;
      this.#heads[bucket] = index + 1;
    }
  }

  /** The index of the first record of that kind and name, after `after`; -1 if there is none. */
  find(name: Uint8Array, kind: number, after = -1): number {
    let entry = this.#heads[hash(name, 0, kind) & this.#mask] ?? 0;
    while (entry !== 0) {
      const index = entry - 1;
      if (
        index > after &&
        this.#records.kindAt(index) === kind &&
        this.#isNamed(this.#records.nameAt(index), name)
      ) {
        return index;
      }
      entry = this.#next[index] ?? 0;
    }
    return -1;
  }

  #isNamed(offset: number, name: Uint8Array): boolean {
    const end = offset + name.byteLength;
    return this.#strings[end] === 0 && this.#strings.compare(name, 0, name.byteLength, offset, end) === 0;
  }
}
