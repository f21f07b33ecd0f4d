import { Btf } from '../btf/btf';
import type { Elf } from '../elf/elf';

/** An object's BTF; objects without it can be linked too. */
export function btfOf(elf: Elf): Btf | undefined {
  const section = elf.section('.BTF');
  return section === undefined || section.size === 0 ? undefined : Btf.parse(section.data, elf.source);
}
