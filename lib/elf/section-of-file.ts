/**
 * One section of an ELF file for any machine, read from the file without the rest of it: a kernel image with debug
 * information is a gigabyte.
 */
import { readSync } from 'node:fs';
import { ElfError } from '../errors';
import { SHF_COMPRESSED, SHN_XINDEX, SHT_NOBITS } from './constants';
import { ElfReader } from './reader';

const HEADER_SIZE = 64;
const SECTION_HEADER_SIZE = 64;
/** A section header table, or a section, beyond this is damage. */
const MAX_BYTES = 1 << 30;

export interface OpenFile {
  readonly fd: number;
  readonly size: number;
  /** What errors call it. */
  readonly source: string;
}

export const isElf = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;

function readAt({ fd, size, source }: OpenFile, offset: number, length: number, what: string): Uint8Array {
  if (offset + length > size || length > MAX_BYTES) {
    throw new ElfError(
      `${source}: ${what}`,
      `reaches from byte ${String(offset)} to ${String(offset + length)}, but the file ends at ${String(size)}: it is truncated or damaged`,
    );
  }
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const count = readSync(fd, bytes, done, length - done, offset + done);
    if (count === 0) throw new ElfError(`${source}: ${what}`, 'ends while it is read');
    done += count;
  }
  return bytes;
}

/** The contents of the first section of each of the names; undefined for those that are not there. */
export function sectionsOfFile<Name extends string>(
  file: OpenFile,
  names: readonly Name[],
): Partial<Record<Name, Uint8Array>> {
  const { source } = file;
  const head = readAt(file, 0, HEADER_SIZE, 'ELF header');
  if (head[4] !== 2) throw new ElfError(source, 'is not a 64-bit ELF file');
  if (head[5] !== 1 && head[5] !== 2) throw new ElfError(source, 'has no valid ELF byte order');
  const reader = new ElfReader(head, head[5] === 1, source);
  const at = reader.u64(40, 'ELF header');
  if (at === 0 || reader.u16(58) !== SECTION_HEADER_SIZE) {
    throw new ElfError(`${source}: ELF header`, 'has no section header table');
  }
  const zero = new ElfReader(
    readAt(file, at, SECTION_HEADER_SIZE, 'section header table'),
    reader.littleEndian,
    source,
  );
  // With more than 65,279 sections the real numbers are in the first section header.
  const count = reader.u16(60) === 0 ? zero.u64(32, 'section header 0') : reader.u16(60);
  const namesIndex = reader.u16(62) === SHN_XINDEX ? zero.u32(40) : reader.u16(62);
  const table = new ElfReader(
    readAt(file, at, count * SECTION_HEADER_SIZE, 'section header table'),
    reader.littleEndian,
    source,
  );
  const contents = (index: number, what: string): Uint8Array => {
    const header = index * SECTION_HEADER_SIZE;
    if (table.u32(header + 4) === SHT_NOBITS) return new Uint8Array(0);
    if ((table.u64(header + 8, what) & SHF_COMPRESSED) !== 0) {
      throw new ElfError(`${source}: ${what}`, 'is compressed');
    }
    return readAt(file, table.u64(header + 24, what), table.u64(header + 32, what), what);
  };
  if (namesIndex >= count)
    throw new ElfError(`${source}: ELF header`, 'names no section as the one of names');
  const strings = Buffer.from(contents(namesIndex, 'section names').buffer);
  const found: Partial<Record<Name, Uint8Array>> = {};
  for (let index = 1; index < count; index++) {
    const start = table.u32(index * SECTION_HEADER_SIZE);
    const name = names.find(
      (wanted) => strings.toString('latin1', start, start + wanted.length + 1) === `${wanted}\0`,
    );
    if (name !== undefined) found[name] ??= contents(index, `section '${name}'`);
  }
  return found;
}
