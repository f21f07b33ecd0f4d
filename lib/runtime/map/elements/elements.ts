import { asError } from '../../../btf/codec/misfit';
import { UnsupportedError, ValueRangeError } from '../../../errors';
import { mapTraits } from '../../../uapi/map-types';
import { checkInteger } from '../../../util/check';
import type { ElementCalls } from './element-calls';
import { elementCodecs, type ElementCodec, type ElementCodecs, type ElementShape } from './element-codecs';

/**
 * The elements of one map, typed. Keys and values are checked, by code that may be the user's, before anything is stored.
 * `V` is what a value is read as, `In` what it may be given as. Many at once: walk.ts, store.ts.
 */
export class Elements<K = unknown, V = unknown, In = V> {
  readonly calls: ElementCalls;
  readonly shape: ElementShape;
  readonly maxEntries: number;
  readonly key: ElementCodec<K>;
  readonly value: ElementCodec<V>;
  readonly #keyOffset: number;
  readonly #valueOffset: number;

  constructor(calls: ElementCalls, shape: ElementShape, maxEntries: number) {
    const { key, value } = elementCodecs(shape) as ElementCodecs<K, V>;
    this.calls = calls;
    this.shape = shape;
    this.maxEntries = maxEntries;
    this.key = key;
    this.value = value;
    this.#keyOffset = calls.layout.keyOffset;
    this.#valueOffset = calls.layout.valueOffset;
  }

  get(key: K, flags: number): V | undefined {
    if (flags !== 0) checkFlags(flags);
    this.#putKey(key);
    return this.calls.lookup(flags) ? this.#read() : undefined;
  }

  has(key: K): boolean {
    this.#putKey(key);
    return this.calls.lookup(0);
  }

  set(key: K, value: In, flags: number): void {
    if (flags !== 0) checkFlags(flags);
    const staged = this.stageKey(key);
    const stagedValue = this.stageValue(value);
    this.key.put(this.calls.view, this.#keyOffset, staged);
    this.value.put(this.calls.view, this.#valueOffset, stagedValue);
    this.calls.update(flags);
  }

  setOnAllCpus(key: K, value: unknown, flags: number): void {
    const { type, cpus } = this.shape;
    if (mapTraits(type).perCpu !== true) throw this.unsuited('setOnAllCpus()', 'per-CPU maps');
    this.set(key, Array.from({ length: cpus() }, () => value) as In, flags);
  }

  delete(key: K): boolean {
    this.#putKey(key);
    return this.calls.delete();
  }

  take(key: K, flags: number): V | undefined {
    checkFlags(flags);
    this.#putKey(key);
    return this.calls.take(flags) ? this.#readTaken() : undefined;
  }

  push(value: In, flags: number): void {
    if (mapTraits(this.shape.type).keyless !== true) {
      throw this.unsuited('push()', 'queues, stacks and bloom filters');
    }
    checkFlags(flags);
    this.#putValue(value);
    this.calls.update(flags);
  }

  pop(): V | undefined {
    this.#needQueueOrStack('pop()');
    return this.calls.take(0) ? this.#readTaken() : undefined;
  }

  peek(): V | undefined {
    this.#needQueueOrStack('peek()');
    return this.calls.lookup(0) ? this.#read() : undefined;
  }

  mayContain(value: In): boolean {
    if (this.shape.type !== 'bloom_filter') throw this.unsuited('mayContain()', 'bloom filters');
    this.#putValue(value);
    return this.calls.lookup(0);
  }

  /** Checks a key; `place` says in messages which one of many it is. */
  stageKey(key: K, place = ''): unknown {
    try {
      return this.key.stage(key, false);
    } catch (error) {
      throw asError(error, `${place}key of map '${this.calls.map}'`);
    }
  }

  stageValue(value: In, place = ''): unknown {
    try {
      return this.value.stage(value, false);
    } catch (error) {
      throw asError(error, `${place}value of map '${this.calls.map}'`);
    }
  }

  /**
   * The error of reading what has been removed from the map: with it comes what it was, read with bigints, so that asking for
   * numbers, where there were none that are safe, loses nothing.
   */
  withTaken(error: unknown, read: (codecs: ElementCodecs) => unknown): unknown {
    if (!(error instanceof ValueRangeError)) return error;
    const told = new ValueRangeError(`${error.message}; what was removed is the error's cause, with bigints`);
    told.cause = read(elementCodecs({ ...this.shape, int64: 'bigint' }));
    return told;
  }

  /** `what` is for other maps. */
  unsuited(what: string, maps: string): UnsupportedError {
    return new UnsupportedError(`map '${this.calls.map}' is a ${this.shape.type}: ${what} is for ${maps}`);
  }

  #needQueueOrStack(what: string): void {
    const { type } = this.shape;
    if (type !== 'queue' && type !== 'stack') throw this.unsuited(what, 'queues and stacks');
  }

  #putKey(key: K): void {
    this.key.put(this.calls.view, this.#keyOffset, this.stageKey(key));
  }

  #putValue(value: In): void {
    this.value.put(this.calls.view, this.#valueOffset, this.stageValue(value));
  }

  #read(): V {
    return this.value.read(this.calls.view, this.#valueOffset);
  }

  #readTaken(): V {
    try {
      return this.#read();
    } catch (error) {
      throw this.withTaken(error, ({ value }) => value.read(this.calls.view, this.#valueOffset));
    }
  }
}

export function checkFlags(flags: unknown): void {
  checkInteger(flags, 'flags');
}
