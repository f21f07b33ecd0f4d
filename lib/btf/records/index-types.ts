/** Where each record of a BTF type section starts: one pass that decodes nothing but lengths. */
const HEADER = 3;

/** Words after the three that all records have: a fixed part, and one for each of `vlen` entries. By kind number. */
const EXTRA: readonly (readonly [fixed: number, each: number])[] = [
  [0, 0], // void never has a record
  [1, 0], // int
  [0, 0], // ptr
  [3, 0], // array
  [0, 3], // struct
  [0, 3], // union
  [0, 2], // enum
  [0, 0], // fwd
  [0, 0], // typedef
  [0, 0], // volatile
  [0, 0], // const
  [0, 0], // restrict
  [0, 0], // func
  [0, 2], // func_proto
  [1, 0], // var
  [0, 3], // datasec
  [0, 0], // float
  [1, 0], // decl_tag
  [0, 0], // type_tag
  [0, 3], // enum64
];

/**
 * The index of each record's first word, in order. `rest` is how many bytes follow the last word. `fail` makes the error
 * for the type at an index.
 */
export function indexTypes(
  words: Uint32Array,
  rest: number,
  fail: (index: number, problem: string) => Error,
): Uint32Array {
  const fixed = Uint32Array.from(EXTRA, ([count]) => count + HEADER);
  const each = Uint32Array.from(EXTRA, ([, count]) => count);
  const size = words.length;
  const offsets = new Uint32Array(Math.floor(size / HEADER));
  let count = 0;
  let at = 0;
  while (at < size) {
    if (at + HEADER > size)
      throw fail(
        count,
        `its record starts ${String((size - at) * 4 + rest)} bytes before the end of the types`,
      );
    const info = words[at + 1] ?? 0;
    const kind = (info >>> 24) & 0x1f;
    if (kind === 0 || kind >= fixed.length) {
      throw fail(
        count,
        `has kind ${String(kind)}, which BTF does not define (or not yet): its length is unknown`,
      );
    }
    const length = (fixed[kind] ?? 0) + (each[kind] ?? 0) * (info & 0xffff);
    offsets[count++] = at;
    at += length;
    if (at > size)
      throw fail(
        count - 1,
        `its record is ${String(length * 4)} bytes long and reaches past the end of the types`,
      );
  }
  if (rest > 0) throw fail(count, `its record starts ${String(rest)} bytes before the end of the types`);
  return offsets.slice(0, count);
}
