/** Bounds-checked reads from a file in either byte order: whatever lies outside is an ElfError, never a RangeError. */
import { ElfError } from '../errors';

export class ElfReader {
  readonly size: number;
  readonly littleEndian: boolean;
  readonly source: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, littleEndian: boolean, source: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.size = bytes.byteLength;
    this.littleEndian = littleEndian;
    this.source = source;
  }

  error(place: string, problem: string): ElfError {
    return new ElfError(`${this.source}: ${place}`, problem);
  }

  u8(offset: number): number {
    return this.#view.getUint8(offset);
  }

  u16(offset: number): number {
    return this.#view.getUint16(offset, this.littleEndian);
  }

  u32(offset: number): number {
    return this.#view.getUint32(offset, this.littleEndian);
  }

  /** A 64-bit field as a number: sizes and offsets in files never reach 2^53, so one that does is damage. */
  u64(offset: number, place: string): number {
    const first = this.u32(offset);
    const second = this.u32(offset + 4);
    const value = this.littleEndian ? second * 0x1_0000_0000 + first : first * 0x1_0000_0000 + second;
    if (value > Number.MAX_SAFE_INTEGER) throw this.error(place, `has the impossible value ${String(value)}`);
    return value;
  }

  /** The bytes from `offset`, in place (no copy). */
  bytes(offset: number, length: number, place: string): Uint8Array {
    if (offset + length > this.size) {
      throw this.error(
        place,
        `reaches from byte ${String(offset)} to ${String(offset + length)}, but the file ends at ${String(this.size)}: it is truncated or damaged`,
      );
    }
    return this.#bytes.subarray(offset, offset + length);
  }
}
