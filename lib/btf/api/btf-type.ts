/**
 * BTF types as users see them: one class a kind, made when they are asked for, so that looking at one struct of a
 * kernel decodes that struct. What a type refers to (members' types, a pointer's target) is made on access.
 */
import { inspect } from 'node:util';
import { viewOf } from '../../util/bytes';
import { checkBytes, checkInteger, checkOptions, refuse } from '../../util/check';
import { ArgumentError } from '../../errors';
import { codecFor, type CodecOptions } from '../codec/codec';
import { readFlexible } from '../codec/flexible-array';
import { asError } from '../codec/misfit';
import { shorten, SHORT } from '../codec/short-value';
import { formatDeclaration } from '../spell/spell';
import { formatValue, type ValueFormat } from '../print/print-value';
import type { BtfType } from './btf-types';
import type { Kind, RawType } from '../records/records';
import type { RawBtf } from '../records/record-table';
import { sealLayout } from '../layout/sealed-layout';
import { resolveType } from '../layout/resolve';
import type { Type } from '../layout/layout-model';

/** Where types come from; what they refer to is asked of it. */
export interface TypeSource {
  readonly raw: RawBtf;
  typeOf(id: number): BtfType;
  definitionOf(id: number): string;
}

export interface DecodeOptions {
  /** 64-bit integers as bigint (default) or as numbers, which throws ValueRangeError where one is not safe. */
  readonly int64?: 'bigint' | 'number' | undefined;
  /** 'zero': there may be fewer bytes than the type has. What is missing is 0, an array at the end is as long as what came. */
  readonly short?: 'zero' | undefined;
}

export interface EncodeOptions {
  /** Members that a struct's value lacks are zero, instead of an error. */
  readonly partial?: boolean | undefined;
}

/** What all kinds of BTF types have. */
export abstract class BtfTypeBase<R extends RawType = RawType> {
  abstract readonly kind: Kind;
  /** The id in its BTF. */
  readonly id: number;
  /** Without `struct` and the like; '' for what has no name. */
  readonly name: string;
  /** @internal */
  protected readonly source: TypeSource;
  /** @internal */
  protected readonly record: R;

  /** @internal */
  constructor(source: TypeSource, record: R) {
    this.source = source;
    this.record = record;
    this.id = record.id;
    this.name = record.name;
    // What users print is the type, not where it came from.
    Object.defineProperty(this, 'source', { enumerable: false });
    Object.defineProperty(this, 'record', { enumerable: false });
  }

  /**
   * Bytes of a value (btf__resolve_size); typedefs and qualifiers are looked through. undefined for what has no
   * values: functions, forward declarations, void.
   */
  get size(): number | undefined {
    return undefined;
  }

  /** `btf_decl_tag`s on it. Kernel 5.16, clang 14 */
  get tags(): readonly string[] {
    return this.source.raw.tagsOf(this.id);
  }

  /** What it is in the end: typedefs, const, volatile, restrict and type tags looked through. */
  resolve(): BtfType {
    return this.source.typeOf(this.id);
  }

  /**
   * The C declaration of something of this type: `int (*handler)(struct sock *)`; without a name the C name of the type.
   * btf_dump__emit_type_decl, on one line
   */
  declaration(name?: string): string {
    if (name !== undefined) checkName(name);
    return formatDeclaration(this.source.raw, this.id, name ?? this.declared);
  }

  /** @internal What its own declaration declares: functions and variables have a name there. */
  protected get declared(): string {
    return '';
  }

  /**
   * The definition in C, with the definitions and forward declarations that it needs, in an order that compiles.
   * btf_dump__dump_type
   * @throws BtfError for what C cannot say: a struct inside itself
   */
  definition(): string {
    return this.source.definitionOf(this.id);
  }

  /**
   * The layout that values are read by, as a tree without pointers' targets: struct members with their bit offsets,
   * array elements, enumerators. It is frozen.
   * @throws BtfError for what has no values
   */
  get layout(): Type {
    return sealLayout(this.#layout);
  }

  /**
   * A value from its bytes, as a plain copy: structs as objects, char arrays as CharArray, 64-bit integers as bigint.
   * `bytes` may be longer than the type, not shorter (but see `short`); flexible arrays at its end have all the bytes that there are.
   */
  decode(bytes: Uint8Array, options: DecodeOptions = {}): unknown {
    checkBytes(bytes, 'bytes');
    checkOptions<DecodeOptions>(options, 'options', { int64: ['bigint', 'number'], short: SHORT });
    const layout = this.#layout;
    if (bytes.byteLength < layout.size) {
      if (options.short === 'zero') {
        const whole = new Uint8Array(layout.size);
        whole.set(bytes);
        return shorten(layout, this.#codec(options).read(viewOf(whole), 0), bytes.byteLength);
      }
      throw new ArgumentError(
        `decode: ${this.declaration()} has ${String(layout.size)} bytes, and ${String(bytes.byteLength)} are given; ` +
          "{ short: 'zero' } reads what is missing as 0",
      );
    }
    const view = viewOf(bytes);
    const value = this.#codec(options).read(view, 0);
    try {
      return readFlexible(layout, value, view, this.#codecOptions(options));
    } catch (error) {
      throw asError(error);
    }
  }

  /**
   * The bytes of a value; padding is zero.
   * @throws ArgumentError, ValueRangeError: both name the member
   */
  encode(value: unknown, options: EncodeOptions = {}): Uint8Array {
    checkOptions<EncodeOptions>(options, 'options', { partial: 'boolean' });
    const bytes = new Uint8Array(this.#layout.size);
    this.#codec({}).write(viewOf(bytes), 0, value, options.partial ?? false);
    return bytes;
  }

  /**
   * A value as C, `(struct point){ .x = (int)1 }`: what btf_dump__dump_type_data prints, with its options. Zero members are
   * left out unless `emitZeroes` is set. Bytes that are missing at the end are left out, too.
   */
  format(bytes: Uint8Array, options: ValueFormat = {}): string {
    checkBytes(bytes, 'bytes');
    checkFormat(options);
    return formatValue(this.source.raw, this.id, bytes, options);
  }

  /** The C name: 'struct task_struct', 'u64', 'const char *'. */
  toString(): string {
    return this.declaration();
  }

  [inspect.custom](_depth: number, options: object): string {
    const { constructor, id } = this;
    return `${constructor.name} ${inspect({ id, declaration: String(this) }, options)}`;
  }

  get #layout(): Type {
    return resolveType(this.source.raw, this.id);
  }

  #codec(options: DecodeOptions): ReturnType<typeof codecFor> {
    return codecFor(this.#layout, this.#codecOptions(options));
  }

  #codecOptions({ int64 = 'bigint' }: DecodeOptions): CodecOptions {
    return { int64, littleEndian: this.source.raw.littleEndian };
  }
}

const MAX_INDENT_LEVEL = 1000;
/** As in libbpf. */
const MAX_INDENT = 31;

function checkFormat(options: ValueFormat): void {
  checkOptions<ValueFormat>(options, 'options', {
    compact: 'boolean',
    skipNames: 'boolean',
    emitZeroes: 'boolean',
    emitStrings: 'boolean',
    indent: 'string',
    indentLevel: 'integer',
  });
  const { indent = '', indentLevel = 0 } = options;
  checkInteger(indentLevel, 'options.indentLevel', 0, MAX_INDENT_LEVEL);
  if (indent.length > MAX_INDENT)
    refuse('options.indent', `at most ${String(MAX_INDENT)} characters`, indent);
}

function checkName(name: unknown): void {
  if (typeof name === 'string' && /^\w*$/.test(name)) return;
  throw new ArgumentError(`name must be a C identifier, not ${inspect(name, { depth: 0 })}`);
}
