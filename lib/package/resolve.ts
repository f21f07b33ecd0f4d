/** Where a package is, by Node's own rule: node_modules of each folder upwards, links followed (npm, workspaces, pnpm). */
import fs from 'node:fs';
import path from 'node:path';

/** What npm allows as a name; it never leads out of node_modules. */
const NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i;

export const isPackageName = (name: string): boolean => NAME.test(name);

/** `@x/lib/a/b.h` → `@x/lib` and `a/b.h`; undefined where no package is named. */
export function splitPackagePath(text: string): { readonly name: string; readonly rest: string } | undefined {
  const parts = text.split('/');
  const count = text.startsWith('@') ? 2 : 1;
  const name = parts.slice(0, count).join('/');
  const rest = parts.slice(count).join('/');
  return rest === '' || !isPackageName(name) ? undefined : { name, rest };
}

function* upwards(from: string): Generator<string> {
  for (let folder = from; ; folder = path.dirname(folder)) {
    yield folder;
    if (folder === path.dirname(folder)) return;
  }
}

export const MANIFEST = 'package.json';

/** The file's real path; undefined where there is none. */
export function realPath(file: string): string | undefined {
  try {
    return fs.realpathSync(file);
  } catch {
    return undefined;
  }
}

/** The folder of the package that `from` is in. */
export function packageOf(from: string): string | undefined {
  for (const folder of upwards(realPath(from) ?? from)) {
    if (path.basename(folder) === 'node_modules') return undefined;
    if (fs.existsSync(path.join(folder, MANIFEST))) return folder;
  }
  return undefined;
}

/** Every node_modules that code in `from` sees, the nearest first. */
export const modulesFolders = (from: string): string[] =>
  [...upwards(realPath(from) ?? from)]
    .filter((folder) => path.basename(folder) !== 'node_modules')
    .map((folder) => path.join(folder, 'node_modules'))
    .filter((folder) => fs.existsSync(folder));

/** The package's folder, its real path; `exports` hides nothing here, because no code is loaded. */
export function findPackage(name: string, from: string): string | undefined {
  for (const modules of modulesFolders(from)) {
    const manifest = realPath(path.join(modules, name, MANIFEST));
    if (manifest !== undefined) return path.dirname(manifest);
  }
  return undefined;
}

/** Yarn's Plug'n'Play keeps packages in archives, which no compiler can read. */
export const plugAndPlay = (from: string): string | undefined =>
  [...upwards(from)].map((folder) => path.join(folder, '.pnp.cjs')).find((file) => fs.existsSync(file));
