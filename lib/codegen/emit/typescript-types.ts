/** Which TypeScript type stands for a C type: as part of a plain value, and as a variable. */
import { typedArrayOf } from '../../btf/layout/array-form';
import { typesOf, type TypesTable } from '../../descriptor/types-table';
import type { ArrayDescription, TypeDescription, TypeRef } from '../../descriptor/types';
import { compareNames } from '../../descriptor/identifiers';
import { recordTypes, type ModuleModel } from '../model/model';
import type { ImportedName } from '../model/names';
import { arrayOf, flatType, generic, named, type TypeText } from './print-type';

/** What 64-bit integers in plain values are. Enums, pointers and arrays of 64 bits stay bigint. */
export type Int64 = 'bigint' | 'number';

/** The parameter of structs that have such integers: a map may be read either way. */
export const INT64 = named('Int64');

const NUMBER = named('number');
const BIGINT = named('bigint');
const BYTES = named('Uint8Array');

const isNumber = (type: { size: number }): boolean => type.size === 4 || type.size === 8;

export class TypeScriptTypes {
  readonly #model: ModuleModel;
  /** What a plain value has unless somebody says otherwise. */
  readonly #int64: TypeText;
  readonly #table: TypesTable;
  readonly #imports = new Set<string>();
  readonly #dependent = new Map<TypeDescription, boolean>();

  constructor(model: ModuleModel, int64: Int64) {
    this.#model = model;
    this.#table = typesOf(model.descriptor);
    this.#int64 = int64 === 'number' ? NUMBER : BIGINT;
  }

  /** What has been used of the library, in order. */
  get imports(): string[] {
    return [...this.#imports].sort(compareNames);
  }

  /** A type of the library: the module will import it. */
  library(name: ImportedName, ...args: TypeText[]): TypeText {
    this.#imports.add(name);
    return args.length === 0 ? named(name) : generic(name, ...args);
  }

  /** `<Int64 = bigint>` behind the name of a type that depends on what 64-bit integers are. */
  get parameter(): string {
    return `${flatType(INT64)} = ${flatType(this.#int64)}`;
  }

  /** Whether there are 64-bit integers in its plain value that can be bigints or numbers. */
  dependsOnInt64(ref: TypeRef): boolean {
    const type = this.#model.describe(ref);
    if (type.kind === 'int') return type.size === 8;
    if (type.kind === 'array') return !this.#isTyped(type) && this.dependsOnInt64(type.element);
    if (type.kind !== 'struct' && type.kind !== 'union') return false;
    let depends = this.#dependent.get(type);
    if (depends === undefined) {
      depends = type.members.some((member) => this.dependsOnInt64(member.type));
      this.#dependent.set(type, depends);
    }
    return depends;
  }

  /** The name of a type that depends on it: with the argument, where that is not the default. */
  applied(name: string, int64: TypeText): TypeText {
    return int64 === this.#int64 ? named(name) : generic(name, int64);
  }

  /** The type of a plain value: of a map's key or value, a record, or with `int64` of something else. */
  plain(ref: TypeRef, int64 = this.#int64): TypeText {
    const type = this.#model.describe(ref);
    switch (type.kind) {
      case 'int':
        return type.size === 16 ? BIGINT : type.size === 8 ? int64 : NUMBER;
      case 'char':
        return NUMBER;
      case 'bool':
        return named('boolean');
      case 'float':
        return isNumber(type) ? NUMBER : BYTES;
      case 'pointer':
        return BIGINT;
      case 'array':
        return this.#array(type, int64);
      case 'enum':
        return named(this.#model.nameOf(type) ?? 'unknown');
      case 'struct':
      case 'union': {
        const name = this.#model.nameOf(type);
        if (name === undefined) return named('unknown');
        return this.dependsOnInt64(ref) ? this.applied(name, int64) : named(name);
      }
    }
  }

  /** The type of what is no map's and no record: its 64-bit integers are bigints always. */
  exact(ref: TypeRef): TypeText {
    return this.plain(ref, BIGINT);
  }

  /** Whether one of the types that records can be depends on what 64-bit integers are. */
  get recordsDepend(): boolean {
    return recordTypes(this.#model.descriptor).some((key) => this.dependsOnInt64(key));
  }

  /** A ring buffer or perf event array, with what its definition names as its value. */
  records(name: string, value: TypeRef | undefined): TypeText {
    const struct = this.#structValue(value);
    if (struct === undefined) return this.structs('RecordsMap', name);
    const [bigints, numbers = bigints, otherwise = bigints] = this.#variants(name);
    return this.library('RecordsMap', bigints, numbers, otherwise, named(struct));
  }

  /** A type of the library's of all structs: with 64-bit integers as bigints, as numbers, and as they are unless somebody says. */
  structs(library: ImportedName, name: string): TypeText {
    return this.library(library, ...this.#variants(name));
  }

  /** A map of which withInt64() makes another type: with bigints, with numbers, and which of them it is to begin with. */
  eitherInt64(map: (int64: TypeText) => TypeText): TypeText {
    const variants = [map(BIGINT), map(NUMBER)];
    return this.library('Int64Map', ...variants, ...(this.#int64 === NUMBER ? [named('"number"')] : []));
  }

  /** The factory of a module's main type: it takes no other `int64` at open() than the types were made for. */
  factory(skeleton: boolean, typeName: string): { type: TypeText; args: string } {
    const args = [named(typeName), ...(this.#int64 === NUMBER ? [named('"number"')] : [])];
    return {
      type: this.library(skeleton ? 'SkeletonFactory' : 'SubskeletonFactory', ...args),
      args: args.map(flatType).join(', '),
    };
  }

  /** The type of a variable of this C type. */
  variable(ref: TypeRef): TypeText {
    const type = this.#model.describe(ref);
    switch (type.kind) {
      case 'int':
      case 'enum':
        if (type.size === 16) return this.library('Int128Variable');
        if (type.size === 8) return this.library('BigIntVariable');
        if (type.size < 4) return this.library('NumberVariable');
        return this.library(type.signed === true ? 'Int32Variable' : 'Uint32Variable');
      case 'char':
        return this.library('NumberVariable');
      case 'bool':
        return this.library('BooleanVariable');
      case 'float':
        return isNumber(type) ? this.library('NumberVariable') : this.library('ArrayVariable', BYTES);
      case 'pointer':
        return this.library('BigIntVariable');
      case 'array':
        return this.#model.describe(type.element).kind === 'char'
          ? this.library('CharArrayVariable')
          : this.library('ArrayVariable', this.#array(type, BIGINT));
      case 'struct':
      case 'union':
        return this.library('StructVariable', this.exact(ref));
    }
  }

  #variants(name: string): [TypeText, ...TypeText[]] {
    if (!this.recordsDepend) return [named(name)];
    const variants: [TypeText, TypeText] = [this.applied(name, BIGINT), this.applied(name, NUMBER)];
    return [...variants, ...(this.#int64 === NUMBER ? [named(name)] : [])];
  }

  /** The key of a struct in the interface of all; `string` for one that is not in it; undefined for what is no struct. */
  #structValue(value: TypeRef | undefined): string | undefined {
    if (value === undefined) return undefined;
    const { kind } = this.#model.describe(value);
    if (kind !== 'struct' && kind !== 'union') return undefined;
    const listed = typeof value === 'string' && recordTypes(this.#model.descriptor).includes(value);
    return listed ? JSON.stringify(value) : 'string';
  }

  /** The array that a plain value has: the runtime's codec asks the same function. */
  #array(type: ArrayDescription, int64: TypeText): TypeText {
    if (this.#model.describe(type.element).kind === 'char') return this.library('CharArray');
    const typed = typedArrayOf(this.#table.resolve(type.element));
    return typed === undefined ? arrayOf(this.plain(type.element, int64)) : named(typed);
  }

  #isTyped(type: ArrayDescription): boolean {
    const { kind } = this.#model.describe(type.element);
    return kind === 'char' || typedArrayOf(this.#table.resolve(type.element)) !== undefined;
  }
}
