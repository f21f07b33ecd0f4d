/** Skeletons: typed access to a whole object, which the skeleton opens, loads, attaches and closes. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { DescriptorError, NotFoundError } from '../errors';
import { closeAll } from '../util/closable';
import type { Int64Kind } from '../events/reader/typed-records';
import { BpfObject } from '../runtime/object/bpf-object';
import { LibraryPart, type FoundLibrary } from './library-part';
import { findLibrary } from './open';
import type { Skeleton, SkeletonFactory, SkeletonObject, SkeletonOptions, SkeletonSource } from './types';

/** What a generated skeleton module calls: binds a whole object, its bytes or file, to its TypeScript type. */
export function defineSkeleton<T extends Skeleton, I extends Int64Kind = 'bigint'>(
  source: SkeletonSource,
  defaults: SkeletonOptions = {},
): SkeletonFactory<T, I> {
  const { descriptor } = source;
  const open = (options: SkeletonOptions = {}): T => {
    const { check, int64, optional, ...objectOptions } = { ...defaults, ...options };
    const bytes = objectBytes(source.object, descriptor.name);
    const object = BpfObject.open(bytes, { name: descriptor.name, ...objectOptions });
    try {
      const found = findLibrary(object, descriptor, { check, int64, optional });
      return new ObjectSkeleton(bytes, found) as Skeleton as T;
    } catch (error) {
      object.close();
      throw error;
    }
  };
  return {
    name: descriptor.name,
    descriptor,
    open,
    openAndLoad(options) {
      const skeleton = open(options);
      try {
        skeleton.load();
        return skeleton;
      } catch (error) {
        skeleton.close();
        throw error;
      }
    },
  };
}

function readObject(file: string, name: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new NotFoundError(
      `the object of skeleton '${name}' is not at ${file}: copy it there (tsc does not), or generate the skeleton without --object, which embeds it`,
      { cause: error },
    );
  }
}

function objectBytes(object: SkeletonObject, name: string): Uint8Array {
  if ('file' in object) {
    const from = object.from.startsWith('file:') ? fileURLToPath(object.from) : object.from;
    return readObject(path.resolve(path.dirname(from), object.file), name);
  }
  const bytes = brotliDecompressSync(Buffer.from(object.brotli, 'base64'));
  if (bytes.length !== object.size) {
    throw new DescriptorError(
      'object.brotli',
      `has ${String(bytes.length)} bytes instead of ${String(object.size)}`,
    );
  }
  return bytes;
}

class ObjectSkeleton extends LibraryPart<BpfObject> implements Skeleton {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, found: FoundLibrary<BpfObject>) {
    // attach() is for all that the object has, also what its module leaves out.
    super(found, found.object);
    this.#bytes = bytes;
  }

  get elfBytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  load(): void {
    this.object.load();
  }

  override detach(): void {
    super.detach();
    // A program can have several, made by its own methods: the object knows all of them.
    closeAll(new Set(this.object.links));
  }

  override close(): void {
    this.detach();
    super.close();
    this.object.close();
  }
}
