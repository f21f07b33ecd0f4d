/** The memory of an array map that user space can map (BPF_F_MMAPABLE): its elements as variables. */
import { bytesType } from '../../btf/layout/byte';
import type { Type } from '../../btf/layout/layout-model';
import { checkInteger } from '../../util/check';
import { UnsupportedError } from '../../errors';
import { Region } from '../../memory/region/region';
import type {
  BigIntVariable,
  BooleanVariable,
  NumberVariable,
  StructVariable,
  Variable,
} from '../../memory/types';
import { createVariable } from '../../memory/variable/variable';
import { loadAddon } from '../../native/load/load';
import { mapInto, type Release } from './mapping';
import { BPF_F_MMAPABLE } from '../../uapi/map-flags';

/** The variable that an element of type V is. */
export type ElementVariable<V> = [V] extends [bigint]
  ? BigIntVariable
  : [V] extends [number]
    ? NumberVariable
    : [V] extends [boolean]
      ? BooleanVariable
      : [V] extends [ArrayBufferView]
        ? Variable<V>
        : [V] extends [object]
          ? StructVariable<V>
          : Variable;

/** What decides about it. */
export interface MappedMap {
  readonly name: string;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags: number;
}

export class MapMemory {
  readonly #map: string;
  readonly #region: Region;
  readonly #release: Release;
  readonly #type: Type;
  /** The kernel rounds the size of values up to 8 bytes. */
  readonly #stride: number;
  readonly #length: number;
  readonly #elements = new Map<number, Variable>();
  #whole: Variable | undefined;

  /** @throws UnsupportedError where the map has no memory to map */
  constructor({ name, valueSize, maxEntries, flags }: MappedMap, fd: number, valueType: Type | undefined) {
    if ((flags & BPF_F_MMAPABLE) === 0) {
      throw new UnsupportedError(
        `map '${name}' cannot be mapped: only array maps that are made with BPF_F_MMAPABLE can (kernel 5.5)`,
      );
    }
    this.#map = name;
    this.#stride = (valueSize + 7) & ~7;
    this.#length = maxEntries;
    this.#type = valueType?.size === valueSize ? valueType : bytesType(valueSize);
    const size = this.#stride * maxEntries;
    this.#region = new Region(name, 'map');
    this.#release = mapInto(this.#region, loadAddon(), fd, size);
  }

  /** The same variable each time. */
  at(index: number): Variable {
    checkInteger(index, `index into map '${this.#map}'`, 0, this.#length - 1);
    let element = this.#elements.get(index);
    if (element === undefined) {
      element = this.#variable(`[${String(index)}]`, index * this.#stride, this.#type);
      this.#elements.set(index, element);
    }
    return element;
  }

  /** All elements as one array. */
  whole(): Variable {
    const { size, spelling } = this.#type;
    if (size !== this.#stride) {
      throw new UnsupportedError(
        `map '${this.#map}': its values have ${String(size)} bytes, and lie ${String(this.#stride)} apart: ` +
          'together they are no array; use at()',
      );
    }
    const length = this.#length;
    const type: Type = {
      kind: 'array',
      spelling: `${spelling}[${String(length)}]`,
      size: size * length,
      length,
      element: this.#type,
    };
    this.#whole ??= this.#variable('', 0, type);
    return this.#whole;
  }

  /** Everything taken of it throws ClosedError from then on. */
  close(): void {
    this.#release();
    this.#region.close();
  }

  #variable(suffix: string, offset: number, type: Type): Variable {
    const name = `${this.#map}${suffix}`;
    const declaration = `${type.spelling} ${name}`;
    return createVariable(this.#region, {
      name,
      section: this.#map,
      offset,
      size: type.size,
      type,
      declaration,
    });
  }
}
