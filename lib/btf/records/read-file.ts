/** BTF from files: raw, as the kernel gives it, or in an ELF file: BPF objects, kernel images, modules. */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { BtfError, UnsupportedError } from '../../errors';
import { isElf, sectionsOfFile } from '../../elf/section-of-file';
import { RawBtf } from './record-table';

/** `base` is what split BTF builds on. A module's ELF file may bring a base of its own (.BTF.base, kernel 6.11). */
export function readBtfFile(path: string, base: RawBtf | undefined): RawBtf {
  const fd = openSync(path, 'r');
  try {
    const magic = new Uint8Array(4);
    readSync(fd, magic, 0, 4, 0);
    if (!isElf(magic)) return RawBtf.parse(readFileSync(fd), path, base);
    const sections = sectionsOfFile({ fd, size: fstatSync(fd).size, source: path }, ['.BTF', '.BTF.base']);
    const own = sections['.BTF'];
    const distilled = sections['.BTF.base'];
    if (own === undefined || own.byteLength === 0) {
      throw new BtfError(
        path,
        'has no BTF: compile it with clang -g, or the kernel with CONFIG_DEBUG_INFO_BTF',
      );
    }
    if (distilled === undefined || distilled.byteLength === 0) return RawBtf.parse(own, path, base);
    if (base !== undefined) {
      throw new UnsupportedError(`${path} contains its own base BTF (.BTF.base); do not pass a base`);
    }
    return RawBtf.parse(own, path, RawBtf.parse(distilled, `${path}: .BTF.base`));
  } finally {
    closeSync(fd);
  }
}
