import { UnsupportedError } from '../../errors';
import { mapTraits } from '../../uapi/map-types';
import { loadAddon } from '../../native/load/load';
import { Elements } from './elements/elements';
import { sharedOf } from './defined-map';
import { MapBase, type MapTypes } from './map-base';
import { BPF_ANY } from '../../uapi/map-flags';
import { keepParent } from '../../util/primordials';
import { SharedMap, type MapSource } from './map-source';

/** Lets the other modules of a map reach what users must not. */
export let elementsOf: (map: object) => Elements;
export let int64Of: (map: object) => 'bigint' | 'number';

/** What is done with one element at a time. */
export abstract class ElementMap<K = unknown, V = unknown, In = V> extends MapBase {
  readonly #int64: 'bigint' | 'number';
  #live: Elements | undefined;

  static {
    keepParent(this);
    elementsOf = (map) => (map as ElementMap).#elements();
    int64Of = (map) => (map as ElementMap).#int64;
  }

  /** @internal `reused` is called when the map has become another one. */
  constructor(
    source: MapSource | SharedMap,
    types: () => MapTypes,
    int64: 'bigint' | 'number' = 'bigint',
    reused: () => void = () => undefined,
  ) {
    super(source instanceof SharedMap ? source : new SharedMap(source, reused), types);
    this.#int64 = int64;
  }

  /** The value, or undefined where the key is not there. bpf_map_lookup_elem */
  get(key: K, flags = 0): V | undefined {
    return this.#elements().get(key, flags) as V | undefined;
  }

  /** Whether the key is there. bpf_map_lookup_elem */
  has(key: K): boolean {
    return this.#elements().has(key);
  }

  /**
   * Stores a value, whole. bpf_map_update_elem
   * @param flags BPF_ANY (default), BPF_NOEXIST (throws EEXIST where the key is there), BPF_EXIST (throws ENOENT where not),
   *   plus BPF_F_LOCK for a value with a spin lock
   */
  set(key: K, value: In, flags = BPF_ANY): this {
    this.#elements().set(key, value, flags);
    return this;
  }

  /** Removes the key; false where it was not there. bpf_map_delete_elem */
  delete(key: K): boolean {
    return this.#elements().delete(key);
  }

  /** Looks up and deletes in one step. bpf_map_lookup_and_delete_elem; hash maps need kernel 5.14 */
  take(key: K, flags = 0): V | undefined {
    return this.#elements().take(key, flags) as V | undefined;
  }

  /** Of per-CPU maps: stores the same value for every possible CPU. bpf_map_update_elem */
  setOnAllCpus(key: K, value: V extends readonly (infer Each)[] ? Each : never, flags = BPF_ANY): this {
    if (mapTraits(this.type).perCpu !== true) this.#unsuited('setOnAllCpus()', 'per-CPU maps');
    const cpus = Array.from({ length: loadAddon().possibleCpus() }, () => value);
    this.#elements().set(key, cpus, flags);
    return this;
  }

  /**
   * Of queues and stacks: adds a value; of bloom filters: adds it to what mayContain() tells. bpf_map_update_elem
   * @param flags BPF_EXIST: a full queue or stack loses its oldest value instead of throwing E2BIG
   */
  push(value: In, flags = BPF_ANY): this {
    if (mapTraits(this.type).keyless !== true) this.#unsuited('push()', 'queues, stacks and bloom filters');
    this.#elements().push(value, flags);
    return this;
  }

  /** Of queues and stacks: the next value, which is removed; undefined where it is empty. bpf_map_lookup_and_delete_elem */
  pop(): V | undefined {
    this.#queueOrStack('pop()');
    return this.#elements().pop() as V | undefined;
  }

  /** Of queues and stacks: the next value, which stays; undefined where it is empty. bpf_map_lookup_elem */
  peek(): V | undefined {
    this.#queueOrStack('peek()');
    return this.#elements().peek() as V | undefined;
  }

  /** Of bloom filters: false if the value has never been pushed, true if it probably has. bpf_map_lookup_elem, kernel 5.16 */
  mayContain(value: In): boolean {
    if (this.type !== 'bloom_filter') this.#unsuited('mayContain()', 'bloom filters');
    return this.#elements().mayContain(value);
  }

  #elements(): Elements {
    const live = this.#live;
    return live !== undefined && live.calls === sharedOf(this).calls ? live : this.#connect();
  }

  #connect(): Elements {
    const calls = sharedOf(this).connect();
    const { type, keySize, valueSize, maxEntries, types } = this;
    const cpus = (): number => loadAddon().possibleCpus();
    const shape = { type, keySize, valueSize, types, int64: this.#int64, cpus };
    this.#live = new Elements(calls, shape, maxEntries);
    return this.#live;
  }

  #queueOrStack(what: string): void {
    const { type } = this;
    if (type !== 'queue' && type !== 'stack') this.#unsuited(what, 'queues and stacks');
  }

  #unsuited(what: string, maps: string): never {
    throw unsuited(this, what, maps);
  }
}

/** `what` is for other maps. */
export function unsuited({ name, type }: MapBase, what: string, maps: string): UnsupportedError {
  return new UnsupportedError(`map '${name}' is a ${type}: ${what} is for ${maps}`);
}
