/** An ELF file with other contents of some sections. Indices stay, and so does all that refers to them. */
import { SHT_NOBITS, SHT_NULL } from './constants';
import type { Elf } from './elf';
import { viewOf } from '../util/bytes';

const HEADER_SIZE = 64;
const SECTION_HEADER_SIZE = 64;

const aligned = (offset: number, alignment: number): number =>
  Math.ceil(offset / Math.max(1, alignment)) * Math.max(1, alignment);

/** @param contents by section index; an empty one leaves a header without contents */
export function rewriteElf(
  bytes: Uint8Array,
  elf: Elf,
  contents: ReadonlyMap<number, Uint8Array>,
): Uint8Array {
  const little = elf.littleEndian;
  const source = viewOf(bytes);
  const table = Number(source.getBigUint64(40, little));
  const size = elf.sections.length * SECTION_HEADER_SIZE;
  const headers = Uint8Array.from(bytes.subarray(table, table + size));
  const view = viewOf(headers);
  const placed: { readonly offset: number; readonly data: Uint8Array }[] = [];
  let end = HEADER_SIZE;
  for (const section of elf.sections) {
    if (section.type === SHT_NULL || section.type === SHT_NOBITS) continue;
    const header = section.index * SECTION_HEADER_SIZE;
    const data = contents.get(section.index) ?? section.data;
    const offset = aligned(end, Number(view.getBigUint64(header + 48, little)));
    view.setBigUint64(header + 24, BigInt(offset), little);
    view.setBigUint64(header + 32, BigInt(data.length), little);
    placed.push({ offset, data });
    end = offset + data.length;
  }
  const headersAt = aligned(end, 8);
  const result = new Uint8Array(headersAt + size);
  result.set(bytes.subarray(0, HEADER_SIZE));
  viewOf(result).setBigUint64(40, BigInt(headersAt), little);
  for (const { offset, data } of placed) result.set(data, offset);
  result.set(headers, headersAt);
  return result;
}

/** What neither the kernel nor libbpf reads: DWARF, and clang's notes for linkers. */
const isDropped = (name: string): boolean =>
  /^(?:\.rel)?\.debug_/.test(name) || name === '.llvm_addrsig' || name === '.comment';

/** The file without debug information, as bpf_linker leaves it out. */
export function stripElf(bytes: Uint8Array, elf: Elf): Uint8Array {
  const dropped = elf.sections.filter(({ name }) => isDropped(name));
  return rewriteElf(bytes, elf, new Map(dropped.map(({ index }) => [index, new Uint8Array(0)])));
}
