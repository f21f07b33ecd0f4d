/**
 * The shapes that generated modules have. A generated interface narrows `maps` and `progs` to what the library
 * has, and adds one property for each section in use (`data`, `bss`, `rodata`, `data_custom`, …).
 */
import type { Descriptor } from '../descriptor/types';
import type { MapRecordsOptions } from '../events/map-records';
import type { BpfLink } from '../runtime/bpf-link';
import type { BpfMap } from '../runtime/bpf-map';
import type { BpfObject } from '../runtime/bpf-object';
import type { BpfProgram } from '../runtime/bpf-program';
import type { StructOps } from '../runtime/struct-ops';

/** What `records()` of a map knows in a generated module: the module's structs, by their C names. */
export interface TypedRecords<R> {
  /** The records of the map, one by one: BpfMap.records(). */
  records<N extends keyof R & string>(
    type: N,
    options?: MapRecordsOptions,
  ): AsyncIterableIterator<R[N], undefined>;
}

/** A ring buffer or perf event array in a generated module. */
export type RecordsMap<R> = TypedRecords<R> & BpfMap<Uint8Array, Uint8Array>;

/** How closely the final object's types are compared with the descriptor's. */
export type CheckLevel = 'layout' | 'size' | 'off';

export interface SubskeletonOptions {
  /** 'layout' (default) compares every member, 'size' the sizes of variables only, 'off' nothing. */
  readonly check?: CheckLevel | undefined;
  /** What 64-bit integers in map keys, values and records become. Default 'bigint'. */
  readonly int64?: 'bigint' | 'number' | undefined;
  /** Variables, maps and programs that the final object may lack (true: all): their properties are then undefined. */
  readonly optional?: readonly string[] | true | undefined;
}

/** A library's part of an object that somebody else owns (`bpf_object__open_subskeleton`). */
export interface Subskeleton {
  readonly object: BpfObject;
  readonly descriptor: Descriptor;
  readonly maps: { readonly [name: string]: BpfMap | undefined };
  readonly progs: { readonly [name: string]: BpfProgram | undefined };
  /** Lets go of the library's part. The object stays as it is. Twice is fine. */
  close(): void;
  [Symbol.dispose](): void;
}

/** What `defineSubskeleton()` makes, and a generated module exports. */
export interface SubskeletonFactory<T extends Subskeleton> {
  readonly name: string;
  readonly descriptor: Descriptor;
  /**
   * Finds the library's maps, programs and variables in `object`, before or after its load().
   * Throws SubskeletonError, which lists everything that is missing or does not fit.
   */
  open(object: BpfObject, options?: SubskeletonOptions): T;
}

/** What the second argument of `BpfObject.open()` may say. */
export type ObjectOptions = NonNullable<Parameters<typeof BpfObject.open>[1]>;

export type SkeletonOptions = ObjectOptions & SubskeletonOptions;

/** Typed access to a whole object, which it owns (bpftool's `gen skeleton`). */
export interface Skeleton extends Subskeleton {
  /** By the name of the program or struct_ops map: what attach() made, or what you put there; detach() ends them all. */
  readonly links: { [name: string]: BpfLink | undefined };
  readonly structOps: { readonly [name: string]: StructOps | undefined };
  /** A copy of the ELF file that the skeleton was opened from. */
  readonly elfBytes: Uint8Array;
  /** `bpf_object__load`. */
  load(): void;
  /** Attaches every program whose `autoattach` is on, and every struct_ops map. All or nothing. */
  attach(): void;
  /** Ends all `links`. Twice is fine; attach() works again afterwards. */
  detach(): void;
  /** detach(), and closes the object. Twice is fine. */
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

/** What `defineSkeleton()` makes, and a generated module exports. */
export interface SkeletonFactory<T extends Skeleton> {
  readonly name: string;
  readonly descriptor: Descriptor;
  /** Opens the object (`bpf_object__open_mem`), not yet loaded. */
  open(options?: SkeletonOptions): T;
  /** open() and load(). */
  openAndLoad(options?: SkeletonOptions): T;
}
