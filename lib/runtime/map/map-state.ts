import type { Type } from '../../btf/layout/layout-model';
import { AlreadyLoadedError, ClosedError, UnsupportedError } from '../../errors';
import type { MapOwner } from '../../events/reader/record-map';
import type { Int64Kind } from '../../events/reader/typed-records';
import { DEEP, ensureStack, SHALLOW } from '../../native/load/ensure-stack';
import { loadAddon } from '../../native/load/load';
import type { NativeElements } from '../../native/surface/elements';
import type { NativeMapDefinition } from '../../native/surface/map';
import type { NativeShare } from '../../native/surface/handles';
import { mapTraits, mapTypeName } from '../../uapi/map-types';
import { refuse } from '../../util/check';
import { closeAll } from '../../util/closable';
import { Internals } from '../../util/internals';
import type { BpfMap } from './bpf-map';
import { ElementCalls } from './elements/element-calls';
import { Elements } from './elements/elements';
import { MapMemory } from './map-memory';

/** The types of the keys and values of a map, where its BTF says them. */
export interface MapTypes {
  readonly key: Type | undefined;
  readonly value: Type | undefined;
}

/** Also of a map whose types are those of its records, and not of its elements. */
export const UNTYPED: MapTypes = { key: undefined, value: undefined };

/** What a map is made of: a map of an object (NativeMap), or one that exists by itself (StandaloneMap). */
export interface MapSource {
  readonly name: string;
  readonly type: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags: number;
  readonly extra: bigint;
  readonly fd: number;
  readonly pinPath: string;
  pin(path?: string): void;
  unpin(path?: string): void;
  freeze(): void;
  /** @throws NotLoadedError before the kernel has the map, ClosedError after its end */
  elements(): NativeElements;
  /** Only of maps that exist by themselves: an object closes its own. */
  close?(): void;
}

/** What a map consists of. None is left out: a getter on Object.prototype would be asked for it, and see the others. */
export interface MapParts {
  readonly source: MapSource;
  readonly types: () => MapTypes;
  /** What is decided before load: of a map of an object, and of no other. */
  readonly definition: NativeMapDefinition | undefined;
  /** What readers of its records need. */
  readonly owner: MapOwner | undefined;
  /** Called when it has become another map of the kernel. */
  readonly reused: (() => void) | undefined;
}

/** What stands behind a BpfMap, and behind every other one of the same map (withInt64()). */
export class MapState {
  readonly name: string;
  readonly source: MapSource;
  readonly types: () => MapTypes;
  readonly definition: NativeMapDefinition | undefined;
  readonly owner: MapOwner | undefined;
  readonly #reused: (() => void) | undefined;
  /** Of the map that the kernel has now; undefined before the first use of it. */
  calls: ElementCalls | undefined;
  /** What other threads find it by. */
  share: NativeShare | undefined;
  #memory: MapMemory | undefined;

  constructor({ source, types, definition, owner, reused }: MapParts) {
    this.name = source.name;
    this.source = source;
    this.types = types;
    this.definition = definition;
    this.owner = owner;
    this.#reused = reused;
  }

  /** @throws NotLoadedError before the kernel has the map, ClosedError after its end */
  get native(): NativeElements {
    return this.source.elements();
  }

  /** What is settable before load. @throws AlreadyLoadedError for a map that exists by itself, ClosedError after its end */
  define(what: string): NativeMapDefinition {
    if (this.definition !== undefined) return this.definition;
    if (this.closed) throw new ClosedError(`map '${this.name}' is closed`);
    throw new AlreadyLoadedError(
      `map '${this.name}' exists already: ${what} is for maps of an object, before load()`,
    );
  }

  elements<K, V, In>(int64: Int64Kind): Elements<K, V, In> {
    const { type, keySize, valueSize, maxEntries } = this.source;
    this.calls ??= new ElementCalls(this.native, this.name, () => this.native);
    const cpus = (): number => loadAddon().possibleCpus();
    const name = mapTypeName(type);
    const types = mapTraits(name).recordsOf === undefined ? this.types() : UNTYPED;
    const shape = { type: name, keySize, valueSize, types, int64, cpus };
    return new Elements(this.calls, shape, maxEntries);
  }

  /** Its elements as variables. @throws UnsupportedError where it has no memory to map */
  get memory(): MapMemory {
    this.#memory ??= new MapMemory(this.source, this.native.fd, this.types().value);
    return this.#memory;
  }

  reuse(fd: number): void {
    ensureStack(SHALLOW);
    this.define('reuse()').reuseFd(fd);
    this.calls = undefined;
    this.closeMemory();
    this.#reused?.();
  }

  get closed(): boolean {
    try {
      return this.source.type < 0;
    } catch (error) {
      if (error instanceof ClosedError) return true;
      throw error;
    }
  }

  /** @throws UnsupportedError for a map of an object */
  close(): void {
    const { source, owner } = this;
    if (source.close === undefined) {
      throw new UnsupportedError(`map '${this.name}' belongs to its object: close() that`);
    }
    ensureStack(DEEP);
    try {
      if (owner !== undefined) closeAll(owner.readers);
    } finally {
      this.share?.close();
      this.closeMemory();
      source.close();
    }
  }

  closeMemory(): void {
    this.#memory?.close();
    this.#memory = undefined;
  }
}

const states = new Internals<object, MapState>();

export function keepMapState(map: BpfMap, state: MapState): void {
  states.keep(map, state);
}

/** @throws ArgumentError for anything but a BpfMap */
export function mapStateOf(map: BpfMap, name = 'map'): MapState {
  return states.of(map) ?? refuse(name, 'a BpfMap', map);
}
