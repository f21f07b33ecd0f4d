import type { Elf } from '../../elf/elf';
import { RawBtf } from './record-table';

/** The BTF of an object that has been parsed; undefined where it was compiled without. @throws BtfError */
export function btfOfElf(elf: Elf): RawBtf | undefined {
  const section = elf.section('.BTF');
  return section === undefined || section.size === 0 ? undefined : RawBtf.parse(section.data, elf.source);
}
