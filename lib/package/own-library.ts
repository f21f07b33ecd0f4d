import { objectPath, readLibrary, type LibraryPackage } from './manifest';
import { packageOf } from './resolve';

/** The library package that a file's folder is in, and where its object is, or will be; undefined in other packages. */
export function ownLibrary(
  folder: string,
  arch: string,
): { readonly library: LibraryPackage; readonly object: string } | undefined {
  const root = packageOf(folder);
  const library = root === undefined ? undefined : readLibrary(root);
  const object = library === undefined ? undefined : objectPath(library, arch);
  return library === undefined || object === undefined ? undefined : { library, object };
}
