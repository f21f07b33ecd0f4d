import type { CharArray } from '../../btf/codec/char-array';
import { fitType } from '../../btf/layout/fit-type';
import { isAligned, viewType, type CompositeType, type LiveOptions, type Place } from '../view/composite';
import { liveOps, readThrough, writeThrough } from '../view/live';
import { BaseVariable, type VariableSpec } from './variable-base';
import { subjectOf } from './scalar-variable';
import type { Region } from '../region/region';
import { keepParent } from '../../util/primordials';

/** A variable whose value is a view: a struct, a union or an array. */
export class CompositeVariable extends BaseVariable {
  readonly #region: Region;
  readonly #spec: VariableSpec;
  readonly #options: LiveOptions;
  readonly #grows: boolean;
  #type: CompositeType;
  /** The size that #type was fitted to. */
  #fitted: number;
  #place: Place | undefined;

  constructor(region: Region, spec: VariableSpec) {
    super(region, spec);
    this.#region = region;
    this.#spec = spec;
    const { type, offset, size, int64 = 'bigint', growsWithSection } = spec;
    this.#options = { int64 };
    this.#fitted = size;
    this.#type = fitType(viewType(type), size) as CompositeType;
    // bpf_map__set_value_size does so with the array at the end of the section.
    this.#grows = type.kind === 'array' && (growsWithSection ?? (size > 0 && offset + size === region.size));
  }

  /** The type that the variable has now. */
  protected get layout(): CompositeType {
    if (this.#grows) {
      const size = Math.max(0, this.#region.size - this.#spec.offset);
      if (size !== this.#fitted) {
        this.#type = fitType(this.#type, size, true) as CompositeType;
        this.#fitted = size;
        this.#place = undefined;
      }
    }
    return this.#type;
  }

  override get size(): number {
    return Math.max(this.layout.size, this.#grows ? 0 : this.#spec.size);
  }

  get value(): unknown {
    const type = this.layout;
    this.#place ??= liveOps(type, isAligned(type, this.#spec.offset), this.#options).place(
      this.#region,
      this.#spec.offset,
    );
    return this.#place.get();
  }

  set value(value: unknown) {
    this.write(value);
  }

  override read(): unknown {
    return readThrough(this.#region, this.#spec.offset, this.layout, this.#options);
  }

  write(value: unknown): void {
    const { offset } = this.#spec;
    writeThrough(this.#region, offset, this.layout, this.#options, value, subjectOf(this.#spec));
  }
}

export class StructVariable extends CompositeVariable {}

export class ArrayVariable extends CompositeVariable {
  get length(): number {
    const type = this.layout;
    return type.kind === 'array' ? type.length : 0;
  }
}

export class CharArrayVariable extends ArrayVariable {
  get string(): string {
    return (this.read() as CharArray).string;
  }

  set string(text: string) {
    this.write(text);
  }
}

for (const made of [CompositeVariable, StructVariable, ArrayVariable, CharArrayVariable]) keepParent(made);
