import { ArgumentError } from '../../errors';
import { setFallback } from '../region/fallback';
import { jsonOf, inspectLive } from '../view/inspect';
import type { Region } from '../region/region';
import type { ChangesOptions, WaitOptions } from '../types';
import type { Type } from '../../btf/layout/layout-model';
import { changes, waitUntil, type Watched } from './waiting';

/** What createVariable needs to know. */
export interface VariableSpec {
  readonly name: string;
  readonly section: string;
  readonly offset: number;
  readonly size: number;
  readonly type: Type;
  /** The C declaration. */
  readonly declaration: string;
  /** What 64-bit integers in structs are. Default 'bigint'. */
  readonly int64?: 'bigint' | 'number' | undefined;
  /** The variable is the last of its section, and an array: it has what elements the section has room for. */
  readonly growsWithSection?: boolean | undefined;
}

/** Classes of variables hand what they are given to the class above, so that none may be put there later (keepParent). */
export type VariableClass<T extends BaseVariable = BaseVariable> = new (
  region: Region,
  spec: VariableSpec,
) => T;

/** What all variables share: what they are, and how they show themselves. */
export abstract class BaseVariable {
  readonly #region: Region;
  readonly #spec: VariableSpec;

  constructor(region: Region, spec: VariableSpec) {
    this.#region = region;
    this.#spec = spec;
  }

  get name(): string {
    return this.#spec.name;
  }

  get section(): string {
    return this.#spec.section;
  }

  get offset(): number {
    return this.#spec.offset;
  }

  get size(): number {
    return this.#spec.size;
  }

  get type(): string {
    return this.#spec.declaration;
  }

  get readonly(): boolean {
    return this.#region.readonly;
  }

  abstract read(): unknown;

  waitUntil(condition: (value: unknown) => boolean, options?: WaitOptions): Promise<unknown> {
    return waitUntil(this.#watched, condition, options);
  }

  changes(options?: ChangesOptions): AsyncGenerator {
    return changes(this.#watched, options);
  }

  get #watched(): Watched {
    return {
      region: this.#region,
      offset: this.#spec.offset,
      size: () => this.size,
      read: () => this.read(),
    };
  }

  toJSON(): unknown {
    return jsonOf(this.read());
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth: number, options: object, inspect: unknown): string {
    return inspectLive(`${this.section}: ${this.type} =`, () => this.read(), depth, options, inspect);
  }
}

setFallback(BaseVariable.prototype, {
  set(variable, key) {
    throw new ArgumentError(
      `variable '${variable.name}' has no property '${String(key)}' to set; its value is '.value'`,
    );
  },
});
