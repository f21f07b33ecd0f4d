/** What a `build` command line asks for. */
import path from 'node:path';
import type { ModuleKind } from '../../codegen/emit/emit-interface';
import { ARCHES, clangFlags, clangIdentity, splitWords } from '../../compile/clang';
import { objectName } from '../../descriptor/identifiers';
import type { LibraryPackage } from '../../package/manifest';
import { ownLibrary } from '../../package/own-library';
import { hostArch } from '../../util/kernel-arch';
import { UsageError, type Invocation } from '../command/command';
import { checkName, checkObjectOptions } from '../command/names';

export interface Plan {
  /** To be compiled; as they were given, and so are objects. */
  readonly sources: readonly string[];
  /** To be linked with them. */
  readonly objects: readonly string[];
  /** Library packages to be linked of which no header is included. */
  readonly packages: readonly string[];
  /** Node's resolution of packages starts here. */
  readonly from: string;
  readonly folder: string;
  readonly cache: string;
  readonly name: string;
  readonly kind: ModuleKind | 'none';
  /** The kernel's name. */
  readonly arch: string;
  readonly clang: string;
  readonly identity: string;
  readonly flags: readonly string[];
  readonly depfile: string;
  /** Where the object goes: a library's to where its package.json says. */
  readonly object: string;
  /** The package whose object this is. */
  readonly library: LibraryPackage | undefined;
}

function archOf(invocation: Invocation): string | undefined {
  const arch = invocation.value('arch');
  if (arch !== undefined && !(ARCHES as readonly string[]).includes(arch)) {
    throw new UsageError(`--arch is one of ${ARCHES.join(', ')}, not '${arch}'`);
  }
  return arch;
}

export function planBuild(invocation: Invocation): Plan {
  const { positionals, io } = invocation;
  const [first] = positionals;
  if (first === undefined) throw new UsageError('which SOURCE? Give at least one BPF source');
  const given = archOf(invocation);
  const arch = given ?? hostArch();
  const name = invocation.value('name') ?? objectName(first.replace(/\.c$/, '.o'));
  checkName(name);
  checkObjectOptions(invocation);
  const isObject = (file: string): boolean => file.endsWith('.o');
  const kind = (invocation.value('kind') as Plan['kind'] | undefined) ?? 'skeleton';
  const packages = invocation.values('link');
  if (kind === 'subskeleton' && packages.length > 0) {
    throw new UsageError(
      '--link is for final objects: what a library needs stands in its package.json, under "dependencies", and is linked with it',
    );
  }
  const objectFile = packages.find(isObject);
  if (objectFile !== undefined)
    throw new UsageError(`--link names a package; '${objectFile}' is an object: give it without --link`);
  const from = path.dirname(path.resolve(io.cwd, first));
  const folder = path.resolve(io.cwd, invocation.value('out') ?? from);
  const own = kind === 'subskeleton' ? ownLibrary(from, arch) : undefined;
  // Another object of the package goes where --out says.
  const isOwn = own !== undefined && objectName(own.object) === name;
  const object = isOwn ? own.object : path.join(folder, `${name}.bpf.o`);
  const objects = positionals.filter(isObject);
  if (objects.some((file) => path.resolve(io.cwd, file) === object)) {
    throw new UsageError(
      `'${path.relative(io.cwd, object)}' would be overwritten, and is to be linked: give --out or --name`,
    );
  }
  const clang = invocation.value('clang') ?? io.env['CLANG'] ?? 'clang';
  return {
    sources: positionals.filter((file) => !isObject(file)),
    objects,
    packages,
    from,
    folder,
    cache: path.join(folder, '.libbpf-subskel'),
    name,
    kind,
    arch,
    clang,
    identity: clangIdentity(clang, io.env['PATH'] ?? ''),
    flags: clangFlags({ arch: given, flags: invocation.values('cflags').flatMap(splitWords) }),
    depfile: path.resolve(io.cwd, invocation.value('depfile') ?? path.join(folder, `${name}.d`)),
    object,
    library: isOwn ? own.library : undefined,
  };
}
