/** Which TypeScript type stands for a C type: as part of a plain value, and as a variable. */
import { typedArrayOf } from '../btf/array-form';
import { typesOf, type TypesTable } from '../descriptor/types-table';
import type { ArrayDescription, TypeRef } from '../descriptor/types';
import { compareNames } from '../descriptor/identifiers';
import type { ModuleModel } from './model';
import type { ImportedName } from './names';
import { arrayOf, generic, named, type TypeText } from './print-type';

/** What 64-bit integers in plain values are. Enums, pointers and arrays of 64 bits stay bigint. */
export type Int64 = 'bigint' | 'number';

const NUMBER = named('number');
const BIGINT = named('bigint');
const BYTES = named('Uint8Array');

const isNumber = (type: { size: number }): boolean => type.size === 4 || type.size === 8;

export class TypeScriptTypes {
  readonly #model: ModuleModel;
  readonly #int64: TypeText;
  readonly #table: TypesTable;
  readonly #imports = new Set<string>();

  constructor(model: ModuleModel, int64: Int64) {
    this.#model = model;
    this.#table = typesOf(model.descriptor);
    this.#int64 = named(int64);
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

  /** The type of a plain value: of a snapshot, a map's key or value, a record. */
  plain(ref: TypeRef): TypeText {
    const type = this.#model.describe(ref);
    switch (type.kind) {
      case 'int':
        return type.size === 16 ? BIGINT : type.size === 8 ? this.#int64 : NUMBER;
      case 'char':
        return NUMBER;
      case 'bool':
        return named('boolean');
      case 'float':
        return isNumber(type) ? NUMBER : BYTES;
      case 'pointer':
        return BIGINT;
      case 'array':
        return this.#array(type);
      case 'enum':
      case 'struct':
      case 'union':
        return named(this.#model.nameOf(type) ?? 'unknown');
    }
  }

  /** The type of a variable of this C type. */
  variable(ref: TypeRef): TypeText {
    const type = this.#model.describe(ref);
    switch (type.kind) {
      case 'int':
      case 'enum':
        if (type.size === 16) return this.library('Int128Variable');
        if (type.size === 8) return this.library('BigIntVariable');
        return this.library(type.size === 4 ? 'Int32Variable' : 'NumberVariable');
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
          : this.library('ArrayVariable', this.#array(type));
      case 'struct':
      case 'union':
        return this.library('StructVariable', this.plain(ref));
    }
  }

  /** The array that a plain value has: the runtime's codec asks the same function. */
  #array(type: ArrayDescription): TypeText {
    if (this.#model.describe(type.element).kind === 'char') return this.library('CharArray');
    const typed = typedArrayOf(this.#table.resolve(type.element));
    return typed === undefined ? arrayOf(this.plain(type.element)) : named(typed);
  }
}
