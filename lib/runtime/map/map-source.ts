import type { Type } from '../../btf/layout/layout-model';
import type { NativeElements } from '../../native/surface/elements';
import type { NativeMap } from '../../native/surface/map';
import type { NativeShare } from '../../native/surface/share';
import { ElementCalls } from './elements/element-calls';
import { MapMemory } from './map-memory';

/** What a BpfMap is made of: a map of an object, or one that no object owns (standalone-map.ts). */
export interface MapSource extends Pick<
  NativeMap,
  | 'name'
  | 'section'
  | 'type'
  | 'keySize'
  | 'valueSize'
  | 'maxEntries'
  | 'flags'
  | 'extra'
  | 'fd'
  | 'autocreate'
  | 'autoattach'
  | 'setAutocreate'
  | 'setAutoattach'
  | 'setType'
  | 'setKeySize'
  | 'setValueSize'
  | 'setFlags'
  | 'setExtra'
  | 'setNumaNode'
  | 'setMaxEntries'
  | 'setInnerMap'
  | 'reuseFd'
  | 'pinPath'
  | 'setPinPath'
  | 'pin'
  | 'unpin'
  | 'freeze'
  | 'elements'
> {
  /** Only of maps of an object: the kernel does not tell. */
  readonly numaNode: number | undefined;
  /** Only of maps that no object owns. */
  close?(): void;
}

/** A source, and the calls on its elements, for all BpfMaps that are made of it. */
export class SharedMap {
  readonly source: MapSource;
  /** Of the map that the kernel has now; undefined before the first use of it. */
  calls: ElementCalls | undefined;
  /** What other threads find it by. */
  share: NativeShare | undefined;
  readonly #reused: () => void;
  #memory: MapMemory | undefined;

  /** `reused` is called when the map has become another one. */
  constructor(source: MapSource, reused: () => void) {
    this.source = source;
    this.#reused = reused;
  }

  /** @throws NotLoadedError before the kernel has the map, ClosedError after its end */
  get native(): NativeElements {
    return this.source.elements();
  }

  connect(): ElementCalls {
    this.calls ??= new ElementCalls(this.native, this.source.name, () => this.native);
    return this.calls;
  }

  /** Its elements as variables. @throws UnsupportedError where it has no memory to map */
  memory(valueType: () => Type | undefined): MapMemory {
    this.#memory ??= new MapMemory(this.source, this.native.fd, valueType());
    return this.#memory;
  }

  reuse(fd: number): void {
    this.source.reuseFd(fd);
    this.calls = undefined;
    this.closeMemory();
    this.#reused();
  }

  closeMemory(): void {
    this.#memory?.close();
    this.#memory = undefined;
  }
}
