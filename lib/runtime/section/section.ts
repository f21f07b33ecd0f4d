import { checkInteger } from '../../util/check';
import {
  AlreadyLoadedError,
  ClosedError,
  NotLoadedError,
  SubskelError,
  UnsupportedError,
} from '../../errors';
import type { Type } from '../../btf/layout/layout-model';
import { ARENA_SECTION } from '../../uapi/sections';
import { Region } from '../../memory/region/region';
import type { Variable } from '../../memory/types';
import type { NativeAddon } from '../../native/surface/addon';
import { ensureStack, SHALLOW } from '../../native/load/ensure-stack';
import type { NativeMap } from '../../native/surface/map';
import type { NativeShare } from '../../native/surface/handles';
import type { BpfMap } from '../map/bpf-map';
import { adoptInto, mapInto, type Release } from '../map/mapping';
import { BPF_F_MMAPABLE } from '../../uapi/map-flags';
import type { SharedSectionToken } from './shared-section';
import { specialFieldsOf } from '../map/elements/special-fields';
import { Internals } from '../../util/internals';
import { MadeVariables } from './made-variables';
import type { ObjectSymbols, VariableSymbol } from './variables';
import { syscallAccess } from './syscall-access';

/** What the rest of this package does with a section, and users cannot. */
interface SectionAccess {
  /** A variable of it, typed as the caller says: a library's descriptor, or the final BTF. */
  variable(symbol: VariableSymbol, type: Type): Variable;
  /** Before the kernel's map is made: hands libbpf what JavaScript wrote. bpf_map__set_initial_value */
  handOver(): void;
  /** After the kernel's map is made, or another one reused: the region becomes a mapping of it, from its fd. */
  adopt(): void;
  close(): void;
}

const accesses = new Internals<Section, SectionAccess>();

export function accessTo(section: Section): SectionAccess {
  const access = accesses.of(section);
  if (access === undefined) throw new TypeError('not a Section');
  return access;
}

/** What a section needs of its object. */
export interface SectionOwner {
  readonly name: string;
  readonly addon: NativeAddon;
  /** 'opened' until prepare() or load() creates the maps in the kernel. */
  readonly phase: 'opened' | 'prepared' | 'loaded' | 'closed';
  readonly symbols: ObjectSymbols;
  /** The object's BTF as bytes, a copy. */
  btfBytes(): Uint8Array;
  /** After a resize libbpf has changed the BTF. */
  forgetSymbols(): void;
}

/**
 * One data section of an object ('.data', '.bss', '.rodata', '.data.custom', '.kconfig'; '.addr_space.1' is what clang
 * calls the variables of an arena) with its variables. Iterating
 * gives every global variable that the final object's BTF knows in it, static ones included.
 *
 * Its memory is ordinary JavaScript memory before load, handed to libbpf by load() and prepare(), and the kernel's own
 * pages afterwards; variables taken at any time stay valid.
 */
export class Section {
  readonly name: string;
  /** The internal map that holds the section; the arena's map of arena variables. */
  readonly map: BpfMap;
  readonly #native: NativeMap;
  readonly #owner: SectionOwner;
  #region: Region | undefined;
  #release: Release | undefined;
  #variables: Map<string, Variable> | undefined;
  readonly #made = new MadeVariables(() => this.#memory());
  #resized = false;
  #share: NativeShare | undefined;

  /** @internal */
  constructor(name: string, map: BpfMap, native: NativeMap, owner: SectionOwner) {
    this.name = name;
    this.map = map;
    this.#native = native;
    this.#owner = owner;
    accesses.keep(this, {
      variable: (symbol, type) => this.#made.get(symbol, type),
      handOver: () => {
        this.#handOver();
      },
      adopt: () => {
        this.#adopt();
      },
      close: () => {
        this.#close();
      },
    });
  }

  /** Bytes. */
  get size(): number {
    return this.#memory().size;
  }

  /** Whether writes are refused: '.rodata' and '.kconfig' once the object is loaded. */
  get readonly(): boolean {
    return this.#memory().readonly;
  }

  /** The variables by name. Where a global and a static share one, the global is meant. */
  get variables(): ReadonlyMap<string, Variable> {
    this.#memory();
    return (this.#variables ??= this.#made.all(this.#owner.symbols.ofSection(this.name)));
  }

  [Symbol.iterator](): IterableIterator<Variable> {
    return this.variables.values();
  }

  /**
   * Gives the section another size before load; the array at its end grows or shrinks with it, in every subskeleton
   * that is open. bpf_map__set_value_size
   * @throws BpfError EINVAL where the variable at its end is no array, or its elements don't fit into `bytes`
   */
  resize(bytes: number): void {
    checkInteger(bytes, 'bytes', 1, 0xffff_ffff);
    const region = this.#memory();
    if (this.#owner.phase !== 'opened') {
      throw new AlreadyLoadedError(
        `resize section '${this.name}': its map exists already; resize before load()`,
      );
    }
    ensureStack(SHALLOW);
    this.#native.setValueSize(bytes);
    this.#owner.forgetSymbols();
    region.resize(bytes);
    this.#variables = undefined;
    this.#resized = true;
  }

  /**
   * A token for other threads, after load(): plain data to post to a worker, where SharedSection.open(token) gives the same
   * variables on the same memory. Good until this object is closed.
   * @throws UnsupportedError where the section cannot be mapped, and for an arena, which a process can map only once
   */
  share(): SharedSectionToken {
    const { size } = this;
    const subject = `share section '${this.name}'`;
    if (this.#native.fd < 0 || this.#owner.phase === 'opened') {
      throw new NotLoadedError(`${subject}: its memory is the kernel's, and other threads', after load()`);
    }
    if (this.name === ARENA_SECTION) {
      throw new UnsupportedError(`${subject}: a process can map an arena only once`);
    }
    if ((this.#native.flags & BPF_F_MMAPABLE) === 0 || this.#region?.state !== 'mapped') {
      throw new UnsupportedError(`${subject}: it cannot be mapped; share its map instead`);
    }
    this.#share ??= this.#owner.addon.share(this.#native.fd);
    return {
      kind: 'section',
      section: this.name,
      object: this.#owner.name,
      size,
      btf: this.#owner.btfBytes(),
      token: this.#share.token,
    };
  }

  /** Whether resize() has been called: the array at the end then has another length than its source says. */
  get resized(): boolean {
    return this.#resized;
  }

  #handOver(): void {
    if (this.#region?.state === 'image') this.#native.setInitialValue(this.#region.image());
  }

  #adopt(): void {
    const region = this.#region;
    if (region === undefined || region.state === 'mapped') return;
    try {
      this.#map(region);
    } catch (error) {
      // The image is no longer what it is about.
      region.fail(() => error as Error);
      throw error;
    }
  }

  #close(): void {
    this.#release?.();
    this.#release = undefined;
    this.#share?.close();
    this.#region?.close();
  }

  #memory(): Region {
    if (this.#owner.phase === 'closed') throw new ClosedError(`section '${this.name}': its object is closed`);
    if (this.#region === undefined) {
      const region = new Region(this.name);
      // A reused map has its file descriptor before load.
      if (this.#native.fd >= 0) this.#map(region);
      else this.#readImage(region);
      this.#region = region;
    }
    return this.#region;
  }

  #readImage(region: Region): void {
    if (this.name === '.kconfig') {
      region.resize(this.#native.valueSize);
      region.fail(
        () =>
          new NotLoadedError(
            "section '.kconfig': the kernel's configuration is known after load(); libbpf fills it in then",
          ),
      );
      return;
    }
    const image = this.#native.initialValue();
    if (image !== null) {
      region.setImage(image);
      return;
    }
    region.resize(this.#native.valueSize);
    region.fail(
      () =>
        new UnsupportedError(
          `section '${this.name}': libbpf keeps no initial image of it (it cannot be mapped); readable after load()`,
        ),
    );
  }

  #map(region: Region): void {
    if (this.name === ARENA_SECTION) {
      this.#mapArena(region);
      return;
    }
    const { fd, valueSize, flags } = this.#native;
    if (fd < 0) {
      region.fail(
        () =>
          new NotLoadedError(
            `section '${this.name}': its map was not created with its object (autocreate is off)`,
          ),
      );
      return;
    }
    if ((flags & BPF_F_MMAPABLE) === 0) {
      region.useSyscalls(
        syscallAccess(this.#native, specialFieldsOf(this.#owner.symbols.ofSection(this.name))),
      );
      return;
    }
    this.#release = mapInto(region, this.#owner.addon, fd, valueSize);
  }

  /** An arena can be mapped only once: its variables lie in libbpf's own mapping, which says where after load(). */
  #mapArena(region: Region): void {
    try {
      const mapping = this.#native.arenaMemory();
      this.#release = adoptInto(region, this.#owner.addon, mapping, mapping.buffer?.byteLength ?? 0);
    } catch (error) {
      // load() itself has succeeded: whoever asks for the variables hears why they cannot be had.
      if (!(error instanceof SubskelError)) throw error;
      region.fail(() => error);
    }
  }
}
