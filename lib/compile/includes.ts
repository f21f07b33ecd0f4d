/**
 * The headers of packages that sources include, also through other headers, found before clang runs: it has to be told
 * where they are. Conditions are not looked at; what was really included is in the depfile.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Libraries } from '../package/libraries';
import { realPath, splitPackagePath } from '../package/resolve';

const INCLUDE = /^[ \t]*#[ \t]*include(?:_next)?[ \t]*(?:<([^>\n]+)>|"([^"\n]+)")/gm;

/** `#include <@x/lib/…>` of a package that is no library, or not there: clang will not find it. */
export interface UnresolvedInclude {
  readonly file: string;
  readonly header: string;
  readonly name: string;
}

/** The folders that flags name: `-I dir`, `-Idir`, `-isystem dir`. */
export function searchFolders(flags: readonly string[], cwd: string): string[] {
  const folders: string[] = [];
  for (const [index, flag] of flags.entries()) {
    const match = /^-(?:I|isystem|iquote|idirafter)(.*)$/s.exec(flag);
    const folder = match === null ? undefined : match[1] === '' ? flags[index + 1] : match[1];
    if (folder !== undefined) folders.push(path.resolve(cwd, folder));
  }
  return folders;
}

function headersOf(file: string): { readonly header: string; readonly local: boolean }[] {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return [...text.matchAll(INCLUDE)].map(([, system, local]) => ({
    header: system ?? local ?? '',
    local: system === undefined,
  }));
}

/** Adds to `libraries` what the sources include. @throws PackageError */
export function scanIncludes(
  sources: readonly string[],
  folders: readonly string[],
  libraries: Libraries,
  cwd: string,
): UnresolvedInclude[] {
  const unresolved: UnresolvedInclude[] = [];
  const files = new Set(sources);
  for (const file of files) {
    // A header of a package finds others from where it really is.
    const folder = path.dirname(realPath(file) ?? file);
    for (const { header, local } of headersOf(file)) {
      const places = local ? [path.dirname(file), ...folders] : folders;
      const found = places.map((place) => path.join(place, header)).find((place) => fs.existsSync(place));
      const packaged = found === undefined ? splitPackagePath(header) : undefined;
      if (found !== undefined) files.add(found);
      if (packaged === undefined) continue;
      const { name, rest } = packaged;
      const library = libraries.find(name, folder, path.relative(cwd, file));
      if (library?.include !== undefined) files.add(path.join(library.include, rest));
      else if (name.startsWith('@')) unresolved.push({ file, header, name });
    }
  }
  return unresolved;
}
