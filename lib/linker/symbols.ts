/** What an object contributes to a link: its global symbols, each with the section it is in. */
import { STB_LOCAL, STB_WEAK, SHN_LORESERVE, SHN_UNDEF, STT_FUNC } from '../elf/constants';
import type { Elf, ElfSymbol } from '../elf/elf';
import { btfOfElf } from '../btf/records/of-elf';

export interface LinkSymbol {
  readonly file: string;
  readonly name: string;
  readonly kind: 'strong' | 'weak' | 'extern';
  readonly isFunction: boolean;
  /** Where it is defined; for an extern the section that BTF puts it in ('.kconfig', '.ksyms', '.maps'), if any. */
  readonly section: string | undefined;
}

/** libbpf's linker keeps one of these for all files, so their symbols may come twice. */
const SHARED_SECTIONS: ReadonlySet<string> = new Set(['license', 'version']);

/** Extern variable and function → the BTF section it is declared in. */
function externSections(elf: Elf): ReadonlyMap<string, string> {
  const sections = new Map<string, string>();
  const btf = btfOfElf(elf);
  if (btf === undefined) return sections;
  for (const id of btf.idsOfKind('datasec')) {
    const section = btf.type(id);
    if (section.kind !== 'datasec' || section.name === '.extern') continue;
    for (const entry of section.entries) sections.set(btf.nameOf(entry.type), section.name);
  }
  return sections;
}

export function linkSymbols(elf: Elf): LinkSymbol[] {
  const externs = externSections(elf);
  const symbol = ({ name, bind, type, sectionIndex }: ElfSymbol): LinkSymbol[] => {
    if (bind === STB_LOCAL || name === '' || sectionIndex >= SHN_LORESERVE) return [];
    if (sectionIndex === SHN_UNDEF) {
      return [
        { file: elf.source, name, kind: 'extern', isFunction: type === STT_FUNC, section: externs.get(name) },
      ];
    }
    const section = elf.sections[sectionIndex]?.name;
    if (section !== undefined && SHARED_SECTIONS.has(section)) return [];
    return [
      {
        file: elf.source,
        name,
        kind: bind === STB_WEAK ? 'weak' : 'strong',
        isFunction: type === STT_FUNC,
        section,
      },
    ];
  };
  return elf.symbols.flatMap(symbol);
}
