import { RawBtf } from '../btf/records/record-table';
import type { Elf } from '../elf/elf';

/** An object's BTF; objects without it can be linked too. */
export function btfOf(elf: Elf): RawBtf | undefined {
  const section = elf.section('.BTF');
  return section === undefined || section.size === 0 ? undefined : RawBtf.parse(section.data, elf.source);
}
