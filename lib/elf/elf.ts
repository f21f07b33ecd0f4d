/**
 * Reads BPF objects: 64-bit ELF files for machine 247, in either byte order, linked or not. Everything a file says about
 * itself is checked before it is used, and an ElfError names the place.
 */
import { ElfError } from '../errors';
import {
  EM_BPF,
  SHF_COMPRESSED,
  SHN_LORESERVE,
  SHN_UNDEF,
  SHN_XINDEX,
  SHT_NOBITS,
  SHT_NULL,
  SHT_REL,
  SHT_STRTAB,
  SHT_SYMTAB,
  SHT_SYMTAB_SHNDX,
} from './constants';
import { ElfReader } from './reader';
import { StringTable } from './string-table';

const HEADER_SIZE = 64;
const SECTION_HEADER_SIZE = 64;
const SYMBOL_SIZE = 24;
const REL_SIZE = 16;

export interface ElfSection {
  readonly index: number;
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  /** Bytes; of a NOBITS section (.bss) in memory, it has none in the file. */
  readonly size: number;
  readonly link: number;
  readonly info: number;
  /** The contents, in place; empty for NOBITS. */
  readonly data: Uint8Array;
}

export interface ElfSymbol {
  readonly name: string;
  /** For symbols in sections: the byte offset in the section. */
  readonly value: number;
  readonly size: number;
  /** STT_* */
  readonly type: number;
  /** STB_* */
  readonly bind: number;
  /** STV_* */
  readonly visibility: number;
  /** The section's index; 0 (undefined) for what is only declared, 0xff00 and above are ELF's special ones. */
  readonly sectionIndex: number;
}

export interface ElfRelocation {
  /** Byte offset in the section that is relocated. */
  readonly offset: number;
  readonly type: number;
  readonly symbol: ElfSymbol;
}

export class Elf {
  readonly source: string;
  readonly littleEndian: boolean;
  readonly sections: readonly ElfSection[];
  readonly #reader: ElfReader;
  #symbols: readonly ElfSymbol[] | undefined;

  constructor(reader: ElfReader, sections: readonly ElfSection[]) {
    this.source = reader.source;
    this.littleEndian = reader.littleEndian;
    this.sections = sections;
    this.#reader = reader;
  }

  /** The first section of that name. */
  section(name: string): ElfSection | undefined {
    return this.sections.find((section) => section.name === name);
  }

  /** The symbol table, in its order; the first entry is ELF's null symbol. */
  get symbols(): readonly ElfSymbol[] {
    this.#symbols ??= readSymbols(this.#reader, this.sections);
    return this.#symbols;
  }

  /** The relocations that apply to `section`. BPF objects have no explicit addends (SHT_REL). */
  relocations(section: ElfSection): ElfRelocation[] {
    return this.sections
      .filter((table) => table.type === SHT_REL && table.info === section.index)
      .flatMap((table) => readRelocations(this.#reader, table, this.symbols, section));
  }
}

/** `source` is what errors call the file: its path, or what the caller names it. */
export function parseElf(bytes: Uint8Array, source: string): Elf {
  const littleEndian = checkIdentity(bytes, source);
  const reader = new ElfReader(bytes, littleEndian, source);
  const machine = reader.u16(18);
  if (machine !== EM_BPF) {
    throw reader.error(
      'ELF header',
      `is for machine ${String(machine)}, not for BPF (${String(EM_BPF)}): compile with clang -target bpf`,
    );
  }
  return new Elf(reader, readSections(reader));
}

/** Whether the file is little endian. */
function checkIdentity(bytes: Uint8Array, source: string): boolean {
  const fail = (problem: string): ElfError => new ElfError(source, problem);
  if (bytes.byteLength === 0) throw fail('is empty, not a BPF object');
  if (bytes[0] !== 0x7f || bytes[1] !== 0x45 || bytes[2] !== 0x4c || bytes[3] !== 0x46) {
    throw fail('is not an ELF file (it does not start with 7f 45 4c 46)');
  }
  if (bytes.byteLength < HEADER_SIZE) {
    throw fail(
      `is truncated: ${String(bytes.byteLength)} bytes cannot hold an ELF header of ${String(HEADER_SIZE)}`,
    );
  }
  if (bytes[4] !== 2)
    throw fail(bytes[4] === 1 ? 'is a 32-bit ELF file; BPF objects are 64-bit' : 'has no valid ELF class');
  if (bytes[5] !== 1 && bytes[5] !== 2) throw fail('has no valid ELF byte order');
  return bytes[5] === 1;
}

function readSections(reader: ElfReader): ElfSection[] {
  const offset = reader.u64(40, 'ELF header');
  const entrySize = reader.u16(58);
  let count = reader.u16(60);
  let namesIndex = reader.u16(62);
  if (offset === 0)
    throw reader.error('ELF header', 'has no section header table: this is not an object file');
  if (entrySize !== SECTION_HEADER_SIZE) {
    throw reader.error(
      'ELF header',
      `has section headers of ${String(entrySize)} bytes instead of ${String(SECTION_HEADER_SIZE)}`,
    );
  }
  // With more than 65,279 sections the real numbers are in the first section header.
  reader.bytes(offset, SECTION_HEADER_SIZE, 'section header table');
  if (count === 0) count = reader.u64(offset + 32, 'section header 0');
  if (namesIndex === SHN_XINDEX) namesIndex = reader.u32(offset + 40);
  reader.bytes(offset, count * SECTION_HEADER_SIZE, `section header table of ${String(count)} sections`);

  const headerAt = (index: number): number => offset + index * SECTION_HEADER_SIZE;
  if (namesIndex >= count) {
    throw reader.error(
      'ELF header',
      `names section ${String(namesIndex)} of ${String(count)} as the one of section names`,
    );
  }
  const nameSection = readSection(reader, headerAt(namesIndex), namesIndex, () => '');
  const names = stringTable(reader, nameSection, 'section names');
  const sections: ElfSection[] = [];
  for (let index = 0; index < count; index++) {
    sections.push(readSection(reader, headerAt(index), index, (name) => names.at(name)));
  }
  return sections;
}

function readSection(
  reader: ElfReader,
  at: number,
  index: number,
  nameOf: (offset: number) => string,
): ElfSection {
  const place = `section ${String(index)}`;
  const type = reader.u32(at + 4);
  if (type === SHT_NULL) {
    return { index, name: '', type, flags: 0, size: 0, link: 0, info: 0, data: new Uint8Array(0) };
  }
  const name = nameOf(reader.u32(at));
  const named = name === '' ? place : `${place} '${name}'`;
  const flags = reader.u64(at + 8, named);
  const size = reader.u64(at + 32, named);
  const data = reader.bytes(
    type === SHT_NOBITS ? 0 : reader.u64(at + 24, named),
    type === SHT_NOBITS ? 0 : size,
    named,
  );
  if ((flags & SHF_COMPRESSED) !== 0 && !name.startsWith('.debug')) {
    throw reader.error(named, 'is compressed, which no BPF loader can read');
  }
  return { index, name, type, flags, size, link: reader.u32(at + 40), info: reader.u32(at + 44), data };
}

function stringTable(reader: ElfReader, section: ElfSection | undefined, what: string): StringTable {
  if (section?.type !== SHT_STRTAB) throw reader.error(what, 'are not in a string table');
  return new StringTable(section.data, (problem) => reader.error(what, problem));
}

function readSymbols(reader: ElfReader, sections: readonly ElfSection[]): ElfSymbol[] {
  const tables = sections.filter((section) => section.type === SHT_SYMTAB);
  const table = tables[0];
  if (table === undefined) return [];
  const place = `symbol table '${table.name}'`;
  if (tables.length > 1) throw reader.error(place, 'is not the only one in the file');
  if (table.size % SYMBOL_SIZE !== 0) {
    throw reader.error(
      place,
      `has ${String(table.size)} bytes, which is no multiple of ${String(SYMBOL_SIZE)}`,
    );
  }
  const names = stringTable(reader, sections[table.link], 'symbol names');
  const wide = sections.find((section) => section.type === SHT_SYMTAB_SHNDX && section.link === table.index);
  const cells = new ElfReader(table.data, reader.littleEndian, reader.source);
  const wideCells = new ElfReader(wide?.data ?? new Uint8Array(0), reader.littleEndian, reader.source);

  const symbols: ElfSymbol[] = [];
  for (let at = 0, index = 0; at < table.size; at += SYMBOL_SIZE, index++) {
    const name = names.at(cells.u32(at));
    const symbolPlace = `symbol ${String(index)} '${name}'`;
    let sectionIndex = cells.u16(at + 6);
    if (sectionIndex === SHN_XINDEX) {
      wideCells.bytes(index * 4, 4, symbolPlace);
      sectionIndex = wideCells.u32(index * 4);
    }
    if (sectionIndex !== SHN_UNDEF && sectionIndex < SHN_LORESERVE && sectionIndex >= sections.length) {
      throw reader.error(symbolPlace, `is in section ${String(sectionIndex)} of ${String(sections.length)}`);
    }
    const info = cells.u8(at + 4);
    symbols.push({
      name,
      value: cells.u64(at + 8, symbolPlace),
      size: cells.u64(at + 16, symbolPlace),
      type: info & 0xf,
      bind: info >> 4,
      visibility: cells.u8(at + 5) & 3,
      sectionIndex,
    });
  }
  return symbols;
}

function readRelocations(
  reader: ElfReader,
  table: ElfSection,
  symbols: readonly ElfSymbol[],
  target: ElfSection,
): ElfRelocation[] {
  const place = `relocations '${table.name}'`;
  if (table.size % REL_SIZE !== 0) {
    throw reader.error(
      place,
      `have ${String(table.size)} bytes, which is no multiple of ${String(REL_SIZE)}`,
    );
  }
  const cells = new ElfReader(table.data, reader.littleEndian, reader.source);
  const relocations: ElfRelocation[] = [];
  for (let at = 0; at < table.size; at += REL_SIZE) {
    const offset = cells.u64(at, place);
    // r_info is one 64-bit word: the symbol's index in its upper half, the type in its lower.
    const [high, low] = reader.littleEndian ? [at + 12, at + 8] : [at + 8, at + 12];
    const symbol = symbols[cells.u32(high)];
    if (symbol === undefined)
      throw reader.error(
        place,
        `entry ${String(at / REL_SIZE)} refers to symbol ${String(cells.u32(high))} of ${String(symbols.length)}`,
      );
    if (offset >= target.size)
      throw reader.error(
        place,
        `entry ${String(at / REL_SIZE)} applies to byte ${String(offset)} of ${String(target.size)}`,
      );
    relocations.push({ offset, type: cells.u32(low), symbol });
  }
  return relocations;
}
