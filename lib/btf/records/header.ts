/** The header of raw BTF, checked: byte order, and where types, strings and the layout of kinds are. */
import { endianness } from 'node:os';
import { BtfError } from '../../errors';
import { viewOf } from '../../util/bytes';

const MAGIC = 0xeb9f;
const HEADER_SIZE = 24;
/** Of a header that tells of a layout section, from Linux 7.1 on. */
const HEADER_WITH_LAYOUT = 32;

export interface BtfLayout {
  readonly littleEndian: boolean;
  readonly types: Uint8Array;
  readonly strings: Uint8Array;
  /** How long the records of each kind are (`struct btf_layout`); empty where the BTF does not say. */
  readonly kinds: Uint8Array;
}

export function readBtfHeader(bytes: Uint8Array, source: string): BtfLayout {
  const fail = (problem: string): BtfError => new BtfError(`${source}: BTF header`, problem);
  if (bytes.byteLength < HEADER_SIZE) {
    throw fail(
      `is truncated: BTF of ${String(bytes.byteLength)} bytes is shorter than its header of ${String(HEADER_SIZE)}`,
    );
  }
  const view = viewOf(bytes);
  const littleEndian = view.getUint16(0, true) === MAGIC;
  if (!littleEndian && view.getUint16(0, false) !== MAGIC)
    throw fail('does not start with the magic number eb9f');
  const version = view.getUint8(2);
  if (version !== 1) throw fail(`has version ${String(version)}; only version 1 is known`);
  const headerSize = view.getUint32(4, littleEndian);
  if (headerSize < HEADER_SIZE || headerSize > bytes.byteLength)
    throw fail(`has a header length of ${String(headerSize)} bytes`);

  const part = (name: string, at: number): Uint8Array => {
    const start = headerSize + view.getUint32(at, littleEndian);
    const length = view.getUint32(at + 4, littleEndian);
    if (start + length > bytes.byteLength) {
      throw fail(
        `puts the ${name} at bytes ${String(start)} to ${String(start + length)} of ${String(bytes.byteLength)}: it is truncated or damaged`,
      );
    }
    return bytes.subarray(start, start + length);
  };
  const types = part('types', 8);
  const strings = part('strings', 16);
  if (strings.byteLength > 0 && strings[strings.byteLength - 1] !== 0)
    throw fail('has strings that do not end with NUL');
  const kinds = headerSize >= HEADER_WITH_LAYOUT ? part('layout of kinds', 24) : bytes.subarray(0, 0);
  return { littleEndian, types, strings, kinds };
}

/** The 32-bit words that all records consist of, in this machine's order: in place where they lie so, else a copy. */
export function wordsOf(bytes: Uint8Array, littleEndian: boolean): Uint32Array {
  const count = bytes.byteLength >>> 2;
  const foreign = littleEndian !== (endianness() === 'LE');
  if (!foreign && bytes.byteOffset % 4 === 0) return new Uint32Array(bytes.buffer, bytes.byteOffset, count);
  const copy = Uint8Array.prototype.slice.call(bytes, 0, count * 4);
  if (foreign) Buffer.from(copy.buffer).swap32();
  return new Uint32Array(copy.buffer);
}
