/**
 * Which libraries an object has, with versions: declaration tags of a typedef of ours in its BTF. They cost no map and no
 * section, linkers keep them, and what reads the object's BTF at run time has them.
 */
import { viewOf } from '../../util/bytes';
import { readBtfHeader } from './header';
import type { RawBtf } from './record-table';
import { KIND_NAMES, type Kind } from './records';

export interface LibraryVersion {
  readonly name: string;
  readonly version: string;
}

const CARRIER = 'libbpf_subskel_library';

/** The libraries by name. Of several versions of one the last counts: what linked the object knows best. */
export function libraryVersions(btf: RawBtf): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const id of btf.idsByName(CARRIER, 'typedef')) {
    for (const tag of btf.tagsOf(id)) {
      const [, name, version] = /^(\S+) (\S+)$/.exec(tag) ?? [];
      if (name !== undefined && version !== undefined) found.set(name, version);
    }
  }
  return found;
}

const kindNumber = (kind: Kind): number => KIND_NAMES.indexOf(kind);
/** Of a declaration tag: the type itself, none of its members. */
const WHOLE = 0xffff_ffff;

/** The BTF with tags for `libraries`. @param btf what `bytes` were parsed to */
export function withLibraryVersions(
  bytes: Uint8Array,
  btf: RawBtf,
  libraries: readonly LibraryVersion[],
): Uint8Array {
  const { littleEndian, types, strings, kinds } = readBtfHeader(bytes, btf.source);
  const words: number[] = [];
  const names: string[] = [];
  let end = strings.length;
  const nameOffset = (name: string): number => {
    names.push(`${name}\0`);
    const offset = end;
    end += Buffer.byteLength(name) + 1;
    return offset;
  };
  let carrier = btf.findByName(CARRIER, 'typedef');
  if (carrier === undefined) {
    carrier = btf.length;
    words.push(nameOffset(CARRIER), kindNumber('typedef') << 24, 0);
  }
  for (const { name, version } of libraries)
    words.push(nameOffset(`${name} ${version}`), kindNumber('decl_tag') << 24, carrier, WHOLE);
  const added = new DataView(new ArrayBuffer(words.length * 4));
  for (const [index, word] of words.entries()) added.setUint32(index * 4, word >>> 0, littleEndian);
  const header = Uint8Array.from(bytes.subarray(0, viewOf(bytes).getUint32(4, littleEndian)));
  const view = viewOf(header);
  let offset = 0;
  const parts: Uint8Array[] = [header];
  const place = (at: number, ...contents: readonly Uint8Array[]): void => {
    const length = contents.reduce((sum, part) => sum + part.length, 0);
    view.setUint32(at, offset, littleEndian);
    view.setUint32(at + 4, length, littleEndian);
    offset += length;
    parts.push(...contents);
  };
  place(8, types, new Uint8Array(added.buffer));
  place(16, strings, Buffer.from(names.join('')));
  if (kinds.length > 0) place(24, kinds);
  return Buffer.concat(parts);
}
