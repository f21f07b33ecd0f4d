/** Skeletons: typed access to a whole object, which the skeleton opens, loads, attaches and closes. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { DescriptorError, NotFoundError } from '../errors';
import { DEEP, ensureStack } from '../native/load/ensure-stack';
import { attachIfPossible } from '../runtime/object/attach-if-possible';
import { closeAll } from '../util/closable';
import type { Int64Kind } from '../events/reader/typed-records';
import type { BpfLink } from '../runtime/link/bpf-link';
import { BpfObject } from '../runtime/object/bpf-object';
import type { StructOps } from '../runtime/object/struct-ops';
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
  readonly links: Record<string, BpfLink | undefined> = {};

  constructor(bytes: Uint8Array, found: FoundLibrary<BpfObject>) {
    super(found);
    this.#bytes = bytes;
  }

  get elfBytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  get structOps(): Readonly<Record<string, StructOps | undefined>> {
    return Object.fromEntries(this.object.structOps);
  }

  load(): void {
    this.object.load();
  }

  attach(): void {
    ensureStack(DEEP);
    const made: string[] = [];
    try {
      for (const program of this.object.programs.values()) {
        if (!program.autoload || !program.autoattach || this.links[program.name] !== undefined) continue;
        const link = attachIfPossible(program);
        if (link === undefined) continue;
        this.links[program.name] = link;
        made.push(program.name);
      }
      for (const ops of Object.values(this.structOps)) {
        if (ops === undefined || this.links[ops.name] !== undefined) continue;
        if (!ops.map.autocreate || !ops.map.autoattach) continue;
        this.links[ops.name] = ops.attach();
        made.push(ops.name);
      }
    } catch (error) {
      for (const name of made) this.#end(name);
      throw error;
    }
  }

  detach(): void {
    for (const name of Object.keys(this.links)) this.#end(name);
    // A program can have several, made by its own methods: the object knows all of them.
    closeAll(new Set(this.object.links));
  }

  override close(): void {
    this.detach();
    super.close();
    this.object.close();
  }

  #end(name: string): void {
    this.links[name]?.close();
    this.links[name] = undefined;
  }
}
