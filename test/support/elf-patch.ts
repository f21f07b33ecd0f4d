/** An object file with other contents for one of its sections: they go to the end of the file. */
import { parseElf } from '../../lib/elf/elf';

export function withSection(object: Uint8Array, name: string, contents: Uint8Array): Uint8Array {
  const elf = parseElf(object, 'object');
  const section = elf.section(name);
  if (section === undefined) throw new Error(`no section ${name}`);
  const bytes = new Uint8Array(object.length + contents.length);
  bytes.set(object);
  bytes.set(contents, object.length);
  const view = new DataView(bytes.buffer);
  const header = Number(view.getBigUint64(40, elf.littleEndian)) + section.index * 64;
  view.setBigUint64(header + 24, BigInt(object.length), elf.littleEndian);
  view.setBigUint64(header + 32, BigInt(contents.length), elf.littleEndian);
  return bytes;
}
