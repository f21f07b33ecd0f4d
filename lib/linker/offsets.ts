/**
 * Whether BTF and the symbol table agree on where variables are. After a link in which a strong definition replaced a
 * weak one BTF still has the weak one's offset; linking the result once more corrects that.
 */
import { btfOfElf } from '../btf/records/of-elf';
import { STB_LOCAL, SHN_LORESERVE, SHN_UNDEF } from '../elf/constants';
import type { Elf } from '../elf/elf';

/** One line for each global variable whose DATASEC entry is not where its symbol is. */
export function staleOffsets(elf: Elf): string[] {
  const btf = btfOfElf(elf);
  if (btf === undefined) return [];
  const symbols = new Map(
    elf.symbols
      .filter(
        ({ bind, sectionIndex }) =>
          bind !== STB_LOCAL && sectionIndex !== SHN_UNDEF && sectionIndex < SHN_LORESERVE,
      )
      .map((symbol) => [symbol.name, symbol] as const),
  );
  const problems: string[] = [];
  for (const id of btf.idsOfKind('datasec')) {
    const section = btf.type(id);
    if (section.kind !== 'datasec') continue;
    for (const entry of section.entries) {
      const variable = btf.type(entry.type);
      if (variable.kind !== 'var' || variable.linkage !== 'global') continue;
      const symbol = symbols.get(variable.name);
      const place = symbol === undefined ? undefined : elf.sections[symbol.sectionIndex]?.name;
      if (symbol === undefined || place !== section.name) {
        problems.push(
          `'${variable.name}': BTF has it in ${section.name}, the symbol table in ${place ?? 'no section'}`,
        );
      } else if (symbol.value !== entry.offset) {
        problems.push(
          `'${variable.name}' in ${section.name}: BTF has it at ${String(entry.offset)}, the symbol table at ${String(symbol.value)}`,
        );
      }
    }
  }
  return problems;
}
