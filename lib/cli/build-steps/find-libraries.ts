/** The libraries of a build: what the sources include and --link names, found and shown to clang. */
import path from 'node:path';
import { includeTree } from '../../compile/include-tree';
import { scanIncludes, searchFolders, type UnresolvedInclude } from '../../compile/includes';
import { Libraries, whyNot } from '../../package/libraries';
import type { LibraryPackage } from '../../package/manifest';
import { realPath } from '../../package/resolve';
import type { Plan } from './plan';

export interface FoundLibraries {
  readonly libraries: Libraries;
  /** Those that --link names. */
  readonly named: readonly LibraryPackage[];
  /** clang's, by which their headers are found. */
  readonly flags: readonly string[];
  /** Where each is: another place makes another object. */
  readonly context: readonly string[];
  readonly unresolved: readonly UnresolvedInclude[];
}

/** @throws PackageError */
export function findLibraries(plan: Plan, cwd: string): FoundLibraries {
  const libraries = new Libraries(plan.arch);
  const sources = plan.sources.map((source) => path.resolve(cwd, source));
  const folders = searchFolders(plan.flags, cwd);
  const unresolved = scanIncludes(sources, folders, libraries, cwd);
  const named = plan.packages.map((name) => libraries.require(name, plan.from, '--link'));
  if (plan.kind !== 'subskeleton') libraries.withDependencies(libraries.all);
  return {
    libraries,
    named,
    flags: includeTree(path.join(plan.cache, 'include'), libraries.all),
    context: libraries.all.map(({ name, version, folder }) => `${name} ${version} ${folder}`),
    unresolved,
  };
}

/** Why clang did not find headers of packages, one line each. */
export const unresolvedProblems = (unresolved: readonly UnresolvedInclude[], cwd: string): string[] =>
  unresolved.map(
    ({ file, header, name }) =>
      `${path.relative(cwd, file)}: #include <${header}>: package '${name}' ${whyNot(name, path.dirname(file))}`,
  );

/**
 * What is linked: libraries of which a header was included, or that were named, and those that they depend on. A library's
 * own object has none of them: each is linked once, into the final object.
 */
export function librariesToLink(
  plan: Plan,
  found: FoundLibraries,
  inputs: readonly string[],
): LibraryPackage[] {
  if (plan.kind === 'subskeleton') return [];
  const isUsed = ({ include }: LibraryPackage): boolean => {
    const folder = include === undefined ? undefined : realPath(include);
    return folder !== undefined && inputs.some((file) => file.startsWith(folder + path.sep));
  };
  const used = found.libraries.all.filter((library) => isUsed(library) || found.named.includes(library));
  return found.libraries.withDependencies(used);
}
