/**
 * The shapes that generated modules have. A generated interface narrows `maps` and `progs` to what the library
 * has, and adds one property for each section in use (`data`, `bss`, `rodata`, `data_custom`, …).
 */
import type { Descriptor } from '../descriptor/types';
import type { MapRecordsOptions } from '../events/reader/map-records';
import type { BpfLink } from '../runtime/link/bpf-link';
import type { LoadedObject } from '../runtime/loaded/loaded-object';
import type { BpfMap } from '../runtime/map/bpf-map';
import type { BpfObject } from '../runtime/object/bpf-object';
import type { BpfProgram } from '../runtime/program/bpf-program';
import type { StructOps } from '../runtime/object/struct-ops';

/** What 64-bit integers are read as. */
export type Int64Kind = 'bigint' | 'number';

/** Of three sets of types the one that is meant: of numbers, of bigints, or of what the map was opened with. */
export type ByInt64<B, N, D, I> = I extends 'number' ? N : I extends 'bigint' ? B : D;

/**
 * What `records()` of a map knows in a generated module: the module's structs, by their C names. `B` is how they are with
 * 64-bit integers as bigints, `N` as numbers, `D` where the call does not say.
 */
export interface TypedRecords<B, N = B, D = B> {
  /** The records of the map, one by one: BpfMap.records(). */
  records<K extends keyof B & keyof N & keyof D & string, I extends Int64Kind | undefined = undefined>(
    type: K,
    options?: MapRecordsOptions & { readonly int64?: I },
  ): AsyncIterableIterator<ByInt64<B[K], N[K], D[K], I>, undefined>;
  /** By the first member of each: one of the structs. */
  records<
    const T extends Readonly<Record<string | number, keyof B & keyof N & keyof D & string>>,
    I extends Int64Kind | undefined = undefined,
  >(
    type: { readonly tag: string; readonly types: T },
    options?: MapRecordsOptions & { readonly int64?: I },
  ): AsyncIterableIterator<ByInt64<B[T[keyof T]], N[T[keyof T]], D[T[keyof T]], I>, undefined>;
}

/** A ring buffer or perf event array in a generated module. */
export type RecordsMap<B, N = B, D = B> = TypedRecords<B, N, D> & BpfMap<Uint8Array, Uint8Array>;

/** How closely the final object's types are compared with the descriptor's. */
export type CheckLevel = 'layout' | 'size' | 'off';

export interface SubskeletonOptions {
  /** 'layout' (default) compares every member, 'size' the sizes of variables only, 'off' nothing. */
  readonly check?: CheckLevel | undefined;
  /** What 64-bit integers in map keys, values and records become. Default 'bigint'. */
  readonly int64?: Int64Kind | undefined;
  /** Variables, maps and programs that the final object may lack (true: all): their properties are then undefined. */
  readonly optional?: readonly string[] | true | undefined;
}

/** A library's part of an object that somebody else owns (`bpf_object__open_subskeleton`). */
export interface Subskeleton {
  readonly object: BpfObject | LoadedObject;
  readonly descriptor: Descriptor;
  readonly maps: { readonly [name: string]: BpfMap | undefined };
  readonly progs: { readonly [name: string]: BpfProgram | undefined };
  /** Lets go of the library's part. The object stays as it is. Safe to call more than once. */
  close(): void;
  [Symbol.dispose](): void;
}

/** What `T` says of 64-bit integers: another `int64` at open() would make its types wrong. */
export interface Int64Option<I extends Int64Kind> {
  readonly int64?: I | undefined;
}

/** What `defineSubskeleton()` makes, and a generated module exports. `I` is the `int64` that `T` was generated with. */
export interface SubskeletonFactory<T extends Subskeleton, I extends Int64Kind = 'bigint'> {
  readonly name: string;
  readonly descriptor: Descriptor;
  /**
   * Finds the library's maps, programs and variables in `object`, before or after its load(), or in a LoadedObject.
   * Throws SubskeletonError, which lists everything that is missing or does not fit.
   */
  open(object: BpfObject | LoadedObject, options?: SubskeletonOptions & Int64Option<I>): T;
}

/** What the second argument of `BpfObject.open()` may say. */
export type ObjectOptions = NonNullable<Parameters<typeof BpfObject.open>[1]>;

export type SkeletonOptions = ObjectOptions & SubskeletonOptions;

/** Typed access to a whole object, which it owns (bpftool's `gen skeleton`). */
export interface Skeleton extends Subskeleton {
  readonly object: BpfObject;
  /** By the name of the program or struct_ops map: what attach() made, or what you put there. */
  readonly links: { [name: string]: BpfLink | undefined };
  readonly structOps: { readonly [name: string]: StructOps | undefined };
  /** A copy of the ELF file that the skeleton was opened from. */
  readonly elfBytes: Uint8Array;
  /** `bpf_object__load`. */
  load(): void;
  /** Attaches every program whose `autoattach` is on, and every struct_ops map. All or nothing. */
  attach(): void;
  /**
   * Ends all links of the object: `links`, and those that methods of its programs made, several of one program included. Safe to call
   * more than once; attach() works again afterwards.
   */
  detach(): void;
  /** detach(), and closes the object. Safe to call more than once. */
  close(): void;
}

/** Where a skeleton's object comes from: embedded in the module, or a file beside it. */
export type SkeletonObject =
  | {
      /** The ELF file, compressed with Brotli, in base64. */
      readonly brotli: string;
      /** Its size in bytes. */
      readonly size: number;
    }
  | {
      /** Relative to the folder of `from`. */
      readonly file: string;
      /** The module: `__filename` or `import.meta.url`. */
      readonly from: string;
    };

/** What `defineSkeleton()` takes. */
export interface SkeletonSource {
  readonly descriptor: Descriptor;
  readonly object: SkeletonObject;
}

/** What `defineSkeleton()` makes, and a generated module exports. `I` is the `int64` that `T` was generated with. */
export interface SkeletonFactory<T extends Skeleton, I extends Int64Kind = 'bigint'> {
  readonly name: string;
  readonly descriptor: Descriptor;
  /** Opens the object (`bpf_object__open_mem`), not yet loaded. */
  open(options?: SkeletonOptions & Int64Option<I>): T;
  /** open() and load(). */
  openAndLoad(options?: SkeletonOptions & Int64Option<I>): T;
}
