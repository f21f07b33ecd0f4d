/** Writes into an object which libraries it has. */
import { libraryVersions, withLibraryVersions, type LibraryVersion } from '../btf/records/library-tags';
import { btfOfElf } from '../btf/records/of-elf';
import { parseElf } from '../elf/elf';
import { rewriteElf } from '../elf/rewrite';

/** The object as it is where it says so already, or has no BTF to say it in. */
export function stampLibraries(
  bytes: Uint8Array,
  source: string,
  libraries: readonly LibraryVersion[],
): Uint8Array {
  const elf = parseElf(bytes, source);
  const section = elf.section('.BTF');
  const btf = btfOfElf(elf);
  if (section === undefined || btf === undefined) return bytes;
  const known = libraryVersions(btf);
  const wanted = libraries.filter(({ name, version }) => known.get(name) !== version);
  if (wanted.length === 0) return bytes;
  return rewriteElf(bytes, elf, new Map([[section.index, withLibraryVersions(section.data, btf, wanted)]]));
}
