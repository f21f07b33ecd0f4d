/** The libraries of one object: each once, whoever asks for it, with those that it needs in turn. */
import fs from 'node:fs';
import { PackageError } from '../errors';
import { objectPath, readLibrary, type LibraryPackage } from './manifest';
import { findPackage, packageOf, plugAndPlay } from './resolve';

interface Known {
  readonly library: LibraryPackage;
  readonly wantedBy: string;
}

export class Libraries {
  readonly #arch: string;
  readonly #known = new Map<string, Known>();
  readonly #looked = new Map<string, LibraryPackage | undefined>();

  /** @param arch the kernel's name of the architecture that the object is for */
  constructor(arch: string) {
    this.#arch = arch;
  }

  /** All that were found, in the order in which they were asked for. */
  get all(): readonly LibraryPackage[] {
    return [...this.#known.values()].map(({ library }) => library);
  }

  /**
   * The library that `name` means to code in `from`; undefined where there is no such package, or it has no field `bpf`.
   * @param wantedBy what errors call the code that asks
   * @throws PackageError for a wrong field, and for a second version of a library
   */
  find(name: string, from: string, wantedBy: string): LibraryPackage | undefined {
    const key = `${name}\0${from}`;
    if (!this.#looked.has(key)) this.#looked.set(key, this.#look(name, from, wantedBy));
    return this.#looked.get(key);
  }

  #look(name: string, from: string, wantedBy: string): LibraryPackage | undefined {
    // A package may include its own headers by its name.
    const own = packageOf(from);
    const self = own === undefined ? undefined : readLibrary(own);
    const folder = self?.name === name ? own : findPackage(name, from);
    const library = folder === undefined ? undefined : readLibrary(folder);
    if (library === undefined) return undefined;
    return this.#add({ library, wantedBy });
  }

  #add(wanted: Known): LibraryPackage {
    const known = this.#known.get(wanted.library.name);
    if (known === undefined) {
      this.#known.set(wanted.library.name, wanted);
      return wanted.library;
    }
    if (!this.#same(known.library, wanted.library)) {
      const where = ({ library, wantedBy }: Known): string =>
        `${library.version} in ${library.folder} (for ${wantedBy})`;
      throw new PackageError(
        wanted.library.name,
        `is there twice, ${where(known)} and ${where(wanted)}: one object can have one of them; ` +
          'npm dedupe may help, or a version range that fits both',
      );
    }
    return known.library;
  }

  /** The same folder, or a copy: npm may install one version twice. */
  #same(a: LibraryPackage, b: LibraryPackage): boolean {
    if (a.folder === b.folder) return true;
    if (a.version !== b.version) return false;
    const [first, second] = [a, b].map((library) => {
      const file = objectPath(library, this.#arch);
      return file === undefined || !fs.existsSync(file) ? Buffer.alloc(0) : fs.readFileSync(file);
    });
    return first !== undefined && second !== undefined && first.equals(second);
  }

  /** `wanted` and the libraries that their packages depend on, each once, the ones that need others first. */
  withDependencies(wanted: readonly LibraryPackage[]): LibraryPackage[] {
    const all = new Set(wanted);
    for (const library of all) {
      for (const name of library.dependencies) {
        const found = this.find(name, library.folder, library.name);
        if (found !== undefined) all.add(found);
      }
    }
    return [...all];
  }

  /** As find(), of a library that must be there. @throws PackageError saying what is in the way */
  require(name: string, from: string, wantedBy: string): LibraryPackage {
    const library = this.find(name, from, wantedBy);
    if (library !== undefined) return library;
    throw new PackageError(name, whyNot(name, from));
  }
}

/** Why a package is no library that can be used from `from`. */
export function whyNot(name: string, from: string): string {
  const folder = findPackage(name, from);
  if (folder !== undefined) {
    return `is no BPF library: its package.json has no field "bpf" (in ${folder})`;
  }
  const pnp = plugAndPlay(from);
  if (pnp !== undefined) {
    return (
      `cannot be found: Yarn Plug'n'Play (${pnp}) keeps packages in archives, which clang cannot read; ` +
      'set "nodeLinker: node-modules" in .yarnrc.yml'
    );
  }
  return `is not installed (seen from ${from}): npm install ${name}`;
}
