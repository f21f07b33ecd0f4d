import type { CharArray } from '../btf/char-array';
import { fitType } from './fit-type';
import {
  isAligned,
  liveOps,
  readThrough,
  writeThrough,
  type CompositeType,
  type LiveOptions,
  type Place,
} from './live';
import { BaseVariable, type VariableSpec } from './variable-base';
import { subjectOf } from './scalar-variable';
import type { Region } from './region';

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

  constructor(region: Region, spec: VariableSpec, type: CompositeType) {
    super();
    this.#region = region;
    this.#spec = spec;
    this.#options = { int64: spec.int64 ?? 'bigint' };
    this.#fitted = spec.size;
    this.#type = fitType(type, spec.size) as CompositeType;
    // bpf_map__set_value_size does so with the array at the end of the section.
    this.#grows =
      type.kind === 'array' &&
      (spec.growsWithSection ?? (spec.size > 0 && spec.offset + spec.size === region.size));
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
