/**
 * libbpf's linker leaves the symbol of a map that nobody defines in the section .maps, at offset 0, as if it were the
 * first map there: the result could not be linked with the library that defines it. We make it undefined again.
 */
import { SHN_UNDEF, STB_LOCAL, STT_NOTYPE } from '../elf/constants';
import type { Elf } from '../elf/elf';
import { viewOf } from '../util/bytes';
import { MAPS_SECTION } from '../uapi/sections';
import { btfOfElf } from '../btf/records/of-elf';

const SYMBOL_SIZE = 24;
/** Where st_shndx is in a symbol of a 64-bit ELF file. */
const SECTION_INDEX = 6;

function externMaps(elf: Elf): Set<string> {
  const btf = btfOfElf(elf);
  const names = new Set<string>();
  if (btf === undefined) return names;
  for (const id of btf.idsOfKind('datasec')) {
    const section = btf.type(id);
    if (section.kind !== 'datasec' || section.name !== MAPS_SECTION) continue;
    for (const entry of section.entries) {
      const variable = btf.type(entry.type);
      if (variable.kind === 'var' && variable.linkage === 'extern') names.add(variable.name);
    }
  }
  return names;
}

/** Changes the file in memory that `elf` was read from. */
export function undefineExternMaps(elf: Elf): void {
  const names = externMaps(elf);
  const table = elf.section('.symtab')?.data;
  if (names.size === 0 || table === undefined) return;
  const view = viewOf(table);
  for (const [index, symbol] of elf.symbols.entries()) {
    const inMaps = elf.sections[symbol.sectionIndex]?.name === MAPS_SECTION;
    // A definition is an object, with a size.
    if (!inMaps || symbol.bind === STB_LOCAL || symbol.type !== STT_NOTYPE || !names.has(symbol.name))
      continue;
    view.setUint16(index * SYMBOL_SIZE + SECTION_INDEX, SHN_UNDEF, elf.littleEndian);
  }
}
