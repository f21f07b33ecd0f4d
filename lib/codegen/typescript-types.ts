/** Which TypeScript type stands for a C type: as part of a plain value, and as a variable. */
import type { ArrayDescription, TypeRef } from '../descriptor/types';
import { compareNames } from '../descriptor/identifiers';
import type { ModuleModel } from './model';
import type { ImportedName } from './names';
import { arrayOf, generic, named, type TypeText } from './print-type';

/** What 64-bit integers in plain values are. */
export type Int64 = 'bigint' | 'number';

const NUMBER = named('number');
const BIGINT = named('bigint');
const BYTES = named('Uint8Array');

/** Integers whose arrays are TypedArrays, by size: signed, unsigned. */
const INTEGER_ARRAYS: Readonly<Record<number, readonly [string, string]>> = {
  1: ['Int8Array', 'Uint8Array'],
  2: ['Int16Array', 'Uint16Array'],
  4: ['Int32Array', 'Uint32Array'],
  8: ['BigInt64Array', 'BigUint64Array'],
};
const FLOAT_ARRAYS: Readonly<Record<number, string>> = { 4: 'Float32Array', 8: 'Float64Array' };

export class TypeScriptTypes {
  readonly #model: ModuleModel;
  readonly #int64: TypeText;
  readonly #imports = new Set<string>();

  constructor(model: ModuleModel, int64: Int64) {
    this.#model = model;
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
        return type.size in FLOAT_ARRAYS ? NUMBER : BYTES;
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
        return type.size in FLOAT_ARRAYS
          ? this.library('NumberVariable')
          : this.library('ArrayVariable', BYTES);
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

  #array(type: ArrayDescription): TypeText {
    const element = this.#model.describe(type.element);
    switch (element.kind) {
      case 'char':
        return this.library('CharArray');
      case 'int':
      case 'enum': {
        const arrays = INTEGER_ARRAYS[element.size];
        if (arrays !== undefined) return named(arrays[element.signed === true ? 0 : 1]);
        break;
      }
      case 'pointer':
        return named('BigUint64Array');
      case 'float': {
        const array = FLOAT_ARRAYS[element.size];
        if (array !== undefined) return named(array);
        break;
      }
    }
    return arrayOf(this.plain(type.element));
  }
}
