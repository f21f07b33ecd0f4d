/** Where each record of a BTF type section starts: one pass that decodes nothing but lengths. */
import { KIND_NAMES } from './raw';

const HEADER = 12;

/** Bytes after the 12 that all records have: a fixed part, and one for each of `vlen` entries. By kind number. */
const EXTRA: readonly (readonly [fixed: number, each: number])[] = [
  [0, 0], // void never has a record
  [4, 0], // int
  [0, 0], // ptr
  [12, 0], // array
  [0, 12], // struct
  [0, 12], // union
  [0, 8], // enum
  [0, 0], // fwd
  [0, 0], // typedef
  [0, 0], // volatile
  [0, 0], // const
  [0, 0], // restrict
  [0, 0], // func
  [0, 8], // func_proto
  [4, 0], // var
  [0, 12], // datasec
  [0, 0], // float
  [4, 0], // decl_tag
  [0, 0], // type_tag
  [0, 12], // enum64
];

/**
 * The byte offset of each record in `view`, in order. `fail` makes the error for the type at an index.
 */
export function indexTypes(
  view: DataView,
  littleEndian: boolean,
  fail: (index: number, problem: string) => Error,
): Uint32Array {
  const fixed = Uint32Array.from(EXTRA, ([bytes]) => bytes + HEADER);
  const each = Uint32Array.from(EXTRA, ([, bytes]) => bytes);
  const size = view.byteLength;
  const offsets = new Uint32Array(Math.floor(size / HEADER));
  let count = 0;
  let at = 0;
  while (at < size) {
    if (at + HEADER > size)
      throw fail(count, `its record starts ${String(size - at)} bytes before the end of the types`);
    const info = view.getUint32(at + 4, littleEndian);
    const kind = (info >>> 24) & 0x1f;
    if (kind === 0 || kind >= KIND_NAMES.length) {
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
        `its record is ${String(length)} bytes long and reaches past the end of the types`,
      );
  }
  return offsets.slice(0, count);
}
