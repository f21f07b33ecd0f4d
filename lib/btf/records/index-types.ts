/** Where each record of a BTF type section starts: one pass that decodes nothing but lengths. */
import { kindOf, vlenOf } from './info';

const HEADER = 3;
/** Kinds have 7 bits. */
const KINDS = 128;
/** Of `struct btf_layout`: two bytes of lengths, and flags of two. */
const LAYOUT_SIZE = 4;

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

/** Lengths of records by kind number, in words; `fixed` is 0 for kinds of which nothing is known. */
export interface RecordLengths {
  readonly fixed: Uint32Array;
  readonly each: Uint32Array;
}

/** `kinds` is the layout section of the BTF, in which kinds that came later than this version have their lengths. */
export function recordLengths(kinds: Uint8Array): RecordLengths {
  const fixed = new Uint32Array(KINDS);
  const each = new Uint32Array(KINDS);
  for (let kind = 1; kind < KINDS; kind++) {
    const at = kind * LAYOUT_SIZE;
    const known = EXTRA[kind];
    if (known !== undefined) {
      fixed[kind] = HEADER + known[0];
      each[kind] = known[1];
    } else if (at + LAYOUT_SIZE <= kinds.length) {
      const [one = 0, entry = 0] = kinds.subarray(at, at + LAYOUT_SIZE);
      // Records consist of words: what does not is a layout that is not to be believed.
      if (one % 4 !== 0 || entry % 4 !== 0) continue;
      fixed[kind] = HEADER + one / 4;
      each[kind] = entry / 4;
    }
  }
  return { fixed, each };
}

/**
 * The index of each record's first word, in order. `rest` is how many bytes follow the last word. `fail` makes the error
 * for the type at an index.
 */
export function indexTypes(
  words: Uint32Array,
  rest: number,
  { fixed, each }: RecordLengths,
  fail: (index: number, problem: string) => Error,
): Uint32Array {
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
    const kind = kindOf(info);
    const start = fixed[kind] ?? 0;
    if (start === 0) {
      throw fail(
        count,
        `has kind ${String(kind)}, which BTF does not define (or not yet): its length is unknown, and the BTF has no layout section that tells it`,
      );
    }
    const length = start + (each[kind] ?? 0) * vlenOf(info);
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
