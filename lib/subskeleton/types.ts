/**
 * The shapes that generated modules have. A generated interface narrows `maps` and `progs` to what the library
 * has, and adds one property for each section in use (`data`, `bss`, `rodata`, `data_custom`, …).
 */
import type { DecodeOptions } from '../btf/api/btf-type';
import type { Descriptor } from '../descriptor/types';
import type { Int64Kind } from '../events/reader/typed-records';
import type { BpfLink } from '../runtime/link/bpf-link';
import type { LoadedObject } from '../runtime/loaded/loaded-object';
import type { BpfMap } from '../runtime/map/bpf-map';
import type { BpfObject } from '../runtime/object/bpf-object';
import type { BpfProgram } from '../runtime/program/bpf-program';
import type { StructOps } from '../runtime/object/struct-ops';

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

/** What a library can be found in: an object, a LoadedObject, or what has one (a skeleton, a subskeleton). */
export type ObjectHolder = BpfObject | LoadedObject | { readonly object: BpfObject | LoadedObject };

/** A library's part of an object that somebody else owns (`bpf_object__open_subskeleton`). */
export interface Subskeleton {
  readonly object: BpfObject | LoadedObject;
  readonly descriptor: Descriptor;
  readonly maps: { readonly [name: string]: BpfMap | undefined };
  readonly progs: { readonly [name: string]: BpfProgram | undefined };
  /**
   * A value from its bytes, by the C name of its type: Btf.decode() of the object's BTF, with `int64` as at open().
   * @throws NotFoundError where the object's BTF has no such type
   */
  decode(type: string, bytes: Uint8Array, options?: DecodeOptions): unknown;
  /** Its struct_ops maps. */
  readonly structOps: { readonly [name: string]: StructOps | undefined };
  /** By the name of the program or struct_ops map: what attach() made, or what you put there. */
  readonly links: { [name: string]: BpfLink | undefined };
  /**
   * Attaches the library's own programs whose `autoattach` is on, and its struct_ops maps, unless they are in `links` already.
   * All or nothing. What is in a LoadedObject is its owner's to attach: UnsupportedError.
   * `bpf_program__attach`, `bpf_map__attach_struct_ops`
   */
  attach(): void;
  /** Ends all `links`. Safe to call more than once; attach() works again afterwards. */
  detach(): void;
  /** detach(), and lets go of the library's part. The object stays open. Safe to call more than once. */
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
   * Finds the library's maps, programs and variables in `object`, before or after its load(); in a skeleton's, or in a LoadedObject.
   * Throws SubskeletonError, which lists everything that is missing or does not fit.
   */
  open(object: ObjectHolder, options?: SubskeletonOptions & Int64Option<I>): T;
}

/** What the second argument of `BpfObject.open()` may say. */
export type ObjectOptions = NonNullable<Parameters<typeof BpfObject.open>[1]>;

export type SkeletonOptions = ObjectOptions & SubskeletonOptions;

/** Typed access to a whole object, which it owns (bpftool's `gen skeleton`). */
export interface Skeleton extends Subskeleton {
  readonly object: BpfObject;
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
