/** The field `bpf` of a package.json, checked: what a library package ships. */
import fs from 'node:fs';
import path from 'node:path';
import { PackageError } from '../errors';
import { KERNEL_ARCH } from '../util/kernel-arch';
import { shown } from '../util/shown';
import { alternatives } from '../util/suggest';
import { MANIFEST } from './resolve';

/** A package that ships BPF code. */
export interface LibraryPackage {
  readonly name: string;
  readonly version: string;
  /** Its folder; all other paths are absolute, too. */
  readonly folder: string;
  readonly manifest: string;
  /** By the kernel's name of the architecture; '' is for all of them. Empty in a package of headers only. */
  readonly objects: ReadonlyMap<string, string>;
  /** What `#include <NAME/…>` finds. */
  readonly include: string | undefined;
  /** What may be libraries that it needs in turn. */
  readonly dependencies: readonly string[];
}

const MEMBERS = ['object', 'include'];
const EXAMPLE = '"bpf": { "object": "bpf/NAME.bpf.o", "include": "bpf" }';

type Json = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

class FieldReader {
  readonly #name: string;
  readonly #manifest: string;

  constructor(name: string, manifest: string) {
    this.#name = name;
    this.#manifest = manifest;
  }

  error(member: string, problem: string): PackageError {
    return new PackageError(this.#name, `${member} ${problem} (in ${this.#manifest})`);
  }

  /** A path that stays in the package: what is outside is not in the tarball. */
  path(value: unknown, member: string): string {
    if (typeof value !== 'string' || value === '' || value.includes('\0')) {
      throw this.error(member, `must be a path in the package, not ${shown(value)}: ${EXAMPLE}`);
    }
    const folder = path.dirname(this.#manifest);
    const file = path.resolve(folder, value);
    if (path.isAbsolute(value) || (file !== folder && !file.startsWith(folder + path.sep))) {
      throw this.error(member, `must be a path in the package, not '${value}', which leads out of it`);
    }
    return file;
  }

  objects(value: unknown): Map<string, string> {
    if (value === undefined) return new Map();
    if (!isRecord(value)) return new Map([['', this.path(value, 'bpf.object')]]);
    const objects = new Map<string, string>();
    for (const [arch, file] of Object.entries(value)) {
      const kernelArch = Object.hasOwn(KERNEL_ARCH, arch) ? KERNEL_ARCH[arch] : undefined;
      if (kernelArch === undefined) {
        throw this.error(
          `bpf.object.${arch}`,
          `is for no architecture: they have Node's names${alternatives(arch, Object.keys(KERNEL_ARCH))}`,
        );
      }
      objects.set(kernelArch, this.path(file, `bpf.object.${arch}`));
    }
    if (objects.size === 0) throw this.error('bpf.object', `names no object: ${EXAMPLE}`);
    return objects;
  }
}

/** The names in the member of package.json that npm installs packages by. */
const namesIn = (manifest: Json, member: string): string[] => {
  const value = manifest[member];
  return isRecord(value) ? Object.keys(value) : [];
};

function readJson(file: string): Json | undefined {
  let value: unknown;
  try {
    value = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) return undefined;
    throw new PackageError(path.basename(path.dirname(file)), `${file} is no JSON: ${error.message}`);
  }
  return isRecord(value) ? value : undefined;
}

/**
 * What the package in `folder` ships; undefined where its package.json has no field `bpf`.
 * @throws PackageError naming the member that is wrong
 */
export function readLibrary(folder: string): LibraryPackage | undefined {
  const file = path.join(folder, MANIFEST);
  const json = readJson(file);
  const field = json?.['bpf'];
  if (json === undefined || field === undefined) return undefined;
  const { name: given, version } = json;
  const name = typeof given === 'string' ? given : path.basename(folder);
  const reader = new FieldReader(name, file);
  if (!isRecord(field)) throw reader.error('bpf', `must be an object, not ${shown(field)}: ${EXAMPLE}`);
  for (const member of Object.keys(field)) {
    if (!MEMBERS.includes(member))
      throw reader.error(`bpf.${member}`, `is not known${alternatives(member, MEMBERS)}`);
  }
  const { object, include } = field;
  if (object === undefined && include === undefined) throw reader.error('bpf', `is empty: ${EXAMPLE}`);
  return {
    name,
    version: typeof version === 'string' ? version : '0.0.0',
    folder,
    manifest: file,
    objects: reader.objects(object),
    include: include === undefined ? undefined : reader.path(include, 'bpf.include'),
    dependencies: ['dependencies', 'peerDependencies', 'optionalDependencies'].flatMap((member) =>
      namesIn(json, member),
    ),
  };
}

/** Where the object for an architecture is, whether it is there or not; undefined for a package of headers. */
export function objectPath({ name, objects }: LibraryPackage, arch: string): string | undefined {
  if (objects.size === 0) return undefined;
  const file = objects.get('') ?? objects.get(arch);
  if (file === undefined) {
    throw new PackageError(
      name,
      `has no object for ${arch}, only for ${[...objects.keys()].join(', ')} (bpf.object in its package.json)`,
    );
  }
  return file;
}

/** @throws PackageError where it has none for the architecture, or the file is not there */
export function objectOf(library: LibraryPackage, arch: string): string | undefined {
  const file = objectPath(library, arch);
  if (file !== undefined && !fs.existsSync(file)) {
    throw new PackageError(
      library.name,
      `bpf.object names ${file}, and there is no such file: build it (build SOURCE --kind subskeleton), ` +
        'or ship it ("files" in its package.json)',
    );
  }
  return file;
}
