/**
 * Values as C, from their bytes: what btf_dump__dump_type_data prints, read the same way by people and scripts. Where
 * libbpf (1.7) is wrong, this is not: it leaves out a whole struct whose first member is zero, and after the first char
 * array takes every later byte for a character (docs/btf.md).
 */
import { ArgumentError } from '../../errors';
import { viewOf } from '../../util/bytes';
import { formatTypeName } from '../spell/spell';
import { skipModifiers } from '../layout/modifiers';
import type { RawEnum, RawInt, RawStruct, RawType } from '../records/records';
import type { RawBtf } from '../records/record-table';
import { bitsOf } from '../layout/bitfield-place';
import { resolveType } from '../layout/resolve';
import { bytesText, floatText, integerAt, integerText } from './value-text';

/** The options of btf_dump__dump_type_data. */
export interface ValueFormat {
  /** All on one line. */
  readonly compact?: boolean | undefined;
  /** No `.name = (type)` before values. */
  readonly skipNames?: boolean | undefined;
  /** Members that are zero too. */
  readonly emitZeroes?: boolean | undefined;
  /** Char arrays that end with NUL as `"text"`. */
  readonly emitStrings?: boolean | undefined;
  /** One level of indentation; default a tab. */
  readonly indent?: string | undefined;
  /** How many levels everything but the first line is indented; default 0. */
  readonly indentLevel?: number | undefined;
}

/** What is printed at most: a page of zeroes of a hostile type would be gigabytes. */
const MAX_TEXT = 64 << 20;

interface Place {
  /** Bytes from the start of the value. */
  readonly at: number;
  /** Bits from there. */
  readonly bit: number;
  /** The width of a bitfield, else 0. */
  readonly width: number;
}

class ValuePrinter {
  readonly #btf: RawBtf;
  readonly #view: DataView;
  readonly #options: ValueFormat;
  readonly #indent: string;
  #text = '';
  #depth = 0;
  /** In an array, whose type says it all: no casts, and zeroes are shown. */
  #inArray = false;

  constructor(btf: RawBtf, bytes: Uint8Array, options: ValueFormat) {
    this.#btf = btf;
    this.#view = viewOf(bytes);
    this.#options = options;
    this.#indent = options.indent ?? '\t';
  }

  print(id: number): string {
    this.#value(id, '', { at: 0, bit: 0, width: 0 });
    return this.#text;
  }

  #add(text: string): void {
    this.#text += text;
    if (this.#text.length > MAX_TEXT) {
      throw new ArgumentError(`format: the text is longer than ${String(MAX_TEXT)} characters`);
    }
  }

  #line(): string {
    return this.#options.compact === true
      ? ''
      : this.#indent.repeat((this.#options.indentLevel ?? 0) + this.#depth);
  }

  /** Ends a value: nothing on the outermost level, else a comma, and a new line. */
  #end(): string {
    if (this.#depth === 0) return '';
    return this.#options.compact === true ? ',' : ',\n';
  }

  /** A value, unless it is left out: it is zero, or not all of it is there. */
  #value(id: number, name: string, place: Place): void {
    const { target } = skipModifiers(this.#btf, id);
    if (!this.#isThere(target, place)) return;
    const all = this.#depth === 0 || this.#inArray || this.#options.emitZeroes === true;
    if (!all && this.#isZero(target, place)) return;
    let head = this.#line();
    if (this.#options.skipNames !== true) {
      if (name !== '') head += `.${name} = `;
      if (!this.#inArray) head += `(${formatTypeName(this.#btf, id)})`;
    }
    this.#add(head);
    this.#body(target, place);
  }

  #body(target: RawType, place: Place): void {
    switch (target.kind) {
      case 'int':
      case 'enum':
      case 'enum64':
        this.#add(this.#integer(target, place) + this.#end());
        return;
      case 'float':
        this.#add(floatText(this.#view, place.at, target.size, this.#btf.littleEndian) + this.#end());
        return;
      case 'ptr': {
        const address = integerAt(
          this.#view,
          { at: place.at, bits: 64, size: 8 },
          false,
          this.#btf.littleEndian,
        );
        this.#add(`0x${address.toString(16)}${this.#end()}`);
        return;
      }
      case 'array':
        this.#array(target.id, target.type, target.length, place.at);
        return;
      case 'struct':
      case 'union':
        this.#members(target, place.at);
        return;
      default:
        throw this.#btf.error(target.id, `a ${target.kind} has no values`);
    }
  }

  #members(struct: RawStruct, at: number): void {
    this.#group('{', '}', () => {
      for (const member of struct.members) {
        const { bitOffset, bitSize } = bitsOf(this.#btf, member);
        this.#value(member.type, member.name, {
          at: at + Math.floor(bitOffset / 8),
          bit: bitOffset % 8,
          width: bitSize,
        });
      }
    });
  }

  #array(id: number, element: number, length: number, at: number): void {
    // Also refuses what would be endless: elements without a size.
    const size = resolveType(this.#btf, id).size / Math.max(1, length);
    const { target } = skipModifiers(this.#btf, element);
    const isText = target.kind === 'int' && target.size === 1 && !target.isBool;
    if (isText && this.#options.emitStrings === true) {
      const text = bytesText(this.#view, at, length);
      if (text !== undefined) {
        this.#add(text + this.#end());
        return;
      }
    }
    const outer = this.#inArray;
    this.#group('[', ']', () => {
      this.#inArray = true;
      for (let index = 0; index < length && at + index * size < this.#view.byteLength; index++) {
        const place = { at: at + index * size, bit: 0, width: 0 };
        if (!isText) this.#value(element, '', place);
        else if (this.#character(target, place)) break;
      }
    });
    this.#inArray = outer;
  }

  /** A byte of a text, which ends at the first NUL: true there. */
  #character(type: RawInt, { at }: Place): boolean {
    const byte = this.#view.getUint8(at);
    const printable = byte >= 0x20 && byte < 0x7f;
    const value = type.signed ? this.#view.getInt8(at) : byte;
    const text = byte === 0 ? "'\\0'" : printable ? `'${String.fromCharCode(byte)}'` : String(value);
    this.#add(this.#line() + text + this.#end());
    return byte === 0;
  }

  #group(open: string, close: string, body: () => void): void {
    this.#depth++;
    this.#add(open + (this.#options.compact === true ? '' : '\n'));
    body();
    this.#depth--;
    this.#add(this.#line() + close + this.#end());
  }

  #integer(type: RawInt | RawEnum, { at, bit, width }: Place): string {
    const { littleEndian } = this.#btf;
    const bits = width === 0 ? type.size * 8 : width;
    const where = { at, bit, bits, size: type.size };
    const value = integerAt(this.#view, where, width === 0 && type.signed, littleEndian);
    if (type.kind === 'int') return integerText(value, type.size, width > 0);
    const wide = type.signed ? BigInt.asIntN(bits, value) : value;
    const constant = type.constants.find((known) => BigInt(known.value) === wide);
    if (constant !== undefined) return constant.name;
    return type.kind === 'enum' ? String(wide) : `${String(wide)}${type.signed ? 'LL' : 'ULL'}`;
  }

  /** Structs and arrays are shown as far as their bytes go. */
  #isThere(target: RawType, { at, bit, width }: Place): boolean {
    switch (target.kind) {
      case 'struct':
      case 'union':
      case 'array':
        return true;
      case 'ptr':
        return at + 8 <= this.#view.byteLength;
      case 'int':
      case 'float':
      case 'enum':
      case 'enum64':
        return at + (width === 0 ? target.size : Math.ceil((bit + width) / 8)) <= this.#view.byteLength;
      default:
        return true;
    }
  }

  #isZero(target: RawType, { at, bit, width }: Place): boolean {
    if (width > 0 && 'size' in target) {
      const where = { at, bit, bits: width, size: target.size };
      return integerAt(this.#view, where, false, this.#btf.littleEndian) === 0n;
    }
    const { size } = resolveType(this.#btf, target.id);
    const first = skipElement(this.#btf, target);
    // A text is empty when it starts with NUL, whatever is behind.
    if (first?.kind === 'int' && first.size === 1 && at < this.#view.byteLength)
      return this.#view.getUint8(at) === 0;
    const end = Math.min(at + size, this.#view.byteLength);
    for (let index = at; index < end; index++) if (this.#view.getUint8(index) !== 0) return false;
    return true;
  }
}

function skipElement(btf: RawBtf, target: RawType): RawType | undefined {
  return target.kind === 'array' ? skipModifiers(btf, target.type).target : undefined;
}

/** The value of the type `id` at the start of `bytes`, as C. */
export function formatValue(btf: RawBtf, id: number, bytes: Uint8Array, options: ValueFormat): string {
  // The layout is checked as a whole: what is printed later lies where it says.
  resolveType(btf, id);
  return new ValuePrinter(btf, bytes, options).print(id);
}
