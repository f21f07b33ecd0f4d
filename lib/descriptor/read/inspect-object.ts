/** What is in a BPF object, for `libbpf-subskel inspect`: what a descriptor has, and what the ELF file says besides. */
import { libraryVersions, type LibraryVersion } from '../../btf/records/library-tags';
import { RawBtf } from '../../btf/records/record-table';
import { STT_OBJECT, STB_LOCAL } from '../../elf/constants';
import type { Elf, ElfSymbol } from '../../elf/elf';
import { readBtf } from './from-object';
import { readObject } from './describe-elf';
import type { LeftOutVariable } from './left-out';
import { programOfSection, type SectionProgram } from '../../uapi/section-programs';
import { isDataSection, isPerCpuSection, KCONFIG_SECTION, MAPS_SECTION } from '../../uapi/sections';
import { isHidden, ObjectSymbols } from './elf-symbols';
import type { Descriptor, MapDescription, ProgramDescription, VariableDescription } from '../types';

export interface InspectedProgram extends ProgramDescription, Partial<SectionProgram> {
  /** SEC("?…"): load() leaves it out unless it is asked for. */
  readonly autoload?: false;
  /** Of the ELF file: before libbpf adds to them. */
  readonly instructions: number;
}

export interface InspectedVariable {
  readonly name: string;
  /** Bytes from the start of the section. */
  readonly offset: number;
  readonly size: number;
  /** The C declaration; absent without BTF, and for what BTF does not describe. */
  readonly c?: string;
  readonly weak?: true;
  /** User space cannot reach it by name: static, or hidden. */
  readonly static?: true;
}

export interface InspectedSection {
  readonly name: string;
  readonly size: number;
  readonly variables: readonly InspectedVariable[];
}

export interface ObjectInspection {
  readonly name: string;
  readonly byteOrder: 'little' | 'big';
  readonly license?: string;
  /** Absent without BTF: then maps, types and declarations are not known. `relocations`: it has a .BTF.ext (CO-RE, source lines). */
  readonly btf?: { readonly size: number; readonly types: number; readonly ext: boolean };
  /** The library packages that are linked into it, with their versions; of a library's own object itself. */
  readonly libraries: readonly LibraryVersion[];
  readonly programs: readonly InspectedProgram[];
  /** Without BTF the names of the symbols in .maps alone. */
  readonly maps: readonly MapDescription[];
  /** Data sections, which become maps; `.percpu` too, although no module has its variables. */
  readonly sections: readonly InspectedSection[];
  readonly kconfig: readonly VariableDescription[];
  /** Variables that no module has, and why. */
  readonly leftOut: readonly LeftOutVariable[];
  /** Variables that another library must define. */
  readonly externs: readonly VariableDescription[];
  readonly functions: Descriptor['functions'];
  readonly ksyms: Descriptor['ksyms'];
  readonly structOps: Descriptor['structOps'];
  readonly types: Descriptor['types'];
}

/** A BTF without types: a header, and the empty string. */
function noBtf(source: string, littleEndian: boolean): RawBtf {
  const bytes = new Uint8Array(25);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xeb9f, littleEndian);
  view.setUint8(2, 1);
  view.setUint32(4, 24, littleEndian);
  view.setUint32(20, 1, littleEndian);
  return RawBtf.parse(bytes, source);
}

/** @throws ElfError, BtfError for what is damaged */
export function inspectObject(elf: Elf, name: string): ObjectInspection {
  const section = elf.section('.BTF');
  const hasBtf = section !== undefined && section.size > 0;
  const btf = hasBtf ? readBtf(elf) : noBtf(elf.source, elf.littleEndian);
  const { descriptor: described, leftOut } = readObject(elf, btf, name);
  const { byteOrder, license } = described;
  const symbols = new ObjectSymbols(elf);
  const { variables } = described;
  const sections = dataSections(elf, symbols, new Map(variables.map((known) => [known.name, known])));
  return {
    name,
    byteOrder,
    ...(license === undefined ? {} : { license }),
    ...(hasBtf
      ? { btf: { size: section.size, types: btf.length - 1, ext: elf.section('.BTF.ext') !== undefined } }
      : {}),
    libraries: [...libraryVersions(btf)].map(([library, version]) => ({ name: library, version })),
    programs: described.programs.map((program) => ({
      ...program,
      ...programOfSection(program.section),
      ...(program.section.startsWith('?') ? { autoload: false as const } : {}),
      instructions: Math.trunc((symbols.defined(program.name)?.size ?? 0) / 8),
    })),
    maps: hasBtf ? described.maps : mapSymbols(elf, symbols),
    sections,
    kconfig: variables.filter((variable) => variable.section === KCONFIG_SECTION),
    leftOut,
    externs: variables.filter((variable) => variable.extern === true && variable.section !== KCONFIG_SECTION),
    functions: described.functions,
    ksyms: described.ksyms,
    structOps: described.structOps,
    types: described.types,
  };
}

function dataSections(
  elf: Elf,
  symbols: ObjectSymbols,
  known: ReadonlyMap<string, VariableDescription>,
): InspectedSection[] {
  const objects = elf.symbols.filter(({ type, name }) => type === STT_OBJECT && name !== '');
  return elf.sections
    .filter(({ name, size }) => (isDataSection(name) || isPerCpuSection(name)) && size > 0)
    .map(({ index, name, size }) => ({
      name,
      size,
      variables: objects
        .filter(({ sectionIndex }) => sectionIndex === index)
        .sort((a, b) => a.value - b.value)
        .map((symbol) => inspected(symbol, symbols, known)),
    }));
}

function inspected(
  symbol: ElfSymbol,
  symbols: ObjectSymbols,
  known: ReadonlyMap<string, VariableDescription>,
): InspectedVariable {
  const { name, value: offset, size } = symbol;
  const local = symbol.bind === STB_LOCAL || isHidden(symbol);
  // A static one may have the name of a global one.
  const described = symbols.defined(name) === symbol ? known.get(name) : undefined;
  return {
    name,
    offset,
    size,
    ...(described === undefined ? {} : { c: described.c }),
    ...(described?.weak === true ? { weak: true as const } : {}),
    ...(local ? { static: true as const } : {}),
  };
}

function mapSymbols(elf: Elf, symbols: ObjectSymbols): MapDescription[] {
  return elf.symbols
    .filter((symbol) => symbol.type === STT_OBJECT && symbols.sectionOf(symbol)?.name === MAPS_SECTION)
    .map(({ name }) => ({ name }));
}
