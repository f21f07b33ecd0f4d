/** All library packages that code in a folder sees: what an error may suggest. */
import fs from 'node:fs';
import path from 'node:path';
import { readLibrary, type LibraryPackage } from './manifest';
import { modulesFolders, realPath } from './resolve';

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).filter((name) => !name.startsWith('.'));
  } catch {
    return [];
  }
}

/** Packages with a wrong field are not among them. */
export function installedLibraries(from: string): LibraryPackage[] {
  const found = new Map<string, LibraryPackage>();
  for (const modules of modulesFolders(from)) {
    const names = namesIn(modules).flatMap((name) =>
      name.startsWith('@') ? namesIn(path.join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
    );
    for (const name of names) {
      const folder = realPath(path.join(modules, name));
      if (folder === undefined || found.has(name)) continue;
      try {
        const library = readLibrary(folder);
        if (library !== undefined) found.set(name, library);
      } catch {
        continue;
      }
    }
  }
  return [...found.values()];
}
