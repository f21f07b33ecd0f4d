/** Writes BTF by hand: kinds that the installed compiler does not emit, old encodings, and what no compiler would write. */
import { KIND_NAMES } from '../../lib/btf/records/records';
import type { Kind } from '../../lib/btf/records/records';

export interface MemberSpec {
  readonly name: string;
  readonly type: number;
  /** Bits. */
  readonly at: number;
  readonly bits?: number;
}

export class BtfBuilder {
  readonly #words: number[] = [];
  readonly #strings: string[] = [''];
  readonly #littleEndian: boolean;
  #stringsLength = 1;
  #nextId: number;
  readonly #firstName: number;

  constructor({ littleEndian = true, firstId = 1, firstName = 0 } = {}) {
    this.#littleEndian = littleEndian;
    this.#nextId = firstId;
    this.#firstName = firstName;
  }

  name(text: string): number {
    if (text === '') return 0;
    const offset = this.#stringsLength;
    this.#strings.push(text);
    this.#stringsLength += Buffer.byteLength(text) + 1;
    return this.#firstName + offset;
  }

  /** A record of any shape; its id. */
  add(
    kind: Kind | number,
    name: string,
    count: number,
    flag: boolean,
    third: number,
    ...rest: number[]
  ): number {
    return this.#record(kind, name, count, flag, third, rest);
  }

  #record(
    kind: Kind | number,
    name: string,
    count: number,
    flag: boolean,
    third: number,
    rest: readonly number[],
  ): number {
    const number = typeof kind === 'number' ? kind : KIND_NAMES.indexOf(kind);
    this.#words.push(this.name(name), ((flag ? 0x80000000 : 0) | (number << 24) | count) >>> 0, third);
    // Not as arguments once more: there may be more of them than the stack holds.
    for (const word of rest) this.#words.push(word);
    return this.#nextId++;
  }

  /** A record whose name is somewhere in the strings, and whose only other word is `fourth`. */
  addNamed(kind: Kind, nameOffset: number, third: number, fourth: number): number {
    this.#words.push(nameOffset, (KIND_NAMES.indexOf(kind) << 24) >>> 0, third, fourth);
    return this.#nextId++;
  }

  int(
    name: string,
    size: number,
    { signed = false, bool = false, bits = size * 8, offset = 0 } = {},
  ): number {
    return this.add(
      'int',
      name,
      0,
      false,
      size,
      ((signed ? 1 : 0) << 24) | ((bool ? 4 : 0) << 24) | (offset << 16) | bits,
    );
  }

  reference(kind: Kind, type: number, name = '', flag = false): number {
    return this.add(kind, name, 0, flag, type);
  }

  array(type: number, length: number): number {
    return this.add('array', '', 0, false, 0, type, type, length);
  }

  struct(
    name: string,
    size: number,
    members: readonly MemberSpec[],
    kind: 'struct' | 'union' = 'struct',
  ): number {
    const flag = members.some(({ bits }) => bits !== undefined);
    const words = members.flatMap((m) => [this.name(m.name), m.type, ((m.bits ?? 0) << 24) | m.at]);
    return this.#record(kind, name, members.length, flag, size, words);
  }

  enum(name: string, size: number, constants: Record<string, number>, signed = false): number {
    const words = Object.entries(constants).flatMap(([text, value]) => [this.name(text), value >>> 0]);
    return this.#record('enum', name, words.length / 2, signed, size, words);
  }

  enum64(name: string, constants: Record<string, bigint>, signed = false, size = 8): number {
    const words = Object.entries(constants).flatMap(([text, value]) => {
      const bits = BigInt.asUintN(64, value);
      return [this.name(text), Number(bits & 0xffffffffn), Number(bits >> 32n)];
    });
    return this.#record('enum64', name, words.length / 3, signed, size, words);
  }

  prototype(result: number, parameters: readonly number[]): number {
    return this.#record(
      'func_proto',
      '',
      parameters.length,
      false,
      result,
      parameters.flatMap((type) => [0, type]),
    );
  }

  variable(name: string, type: number, linkage = 1): number {
    return this.add('var', name, 0, false, type, linkage);
  }

  /** `kinds` are lengths by kind number, of a record's own part and of each entry, in bytes: Linux 7.1's layout section. */
  build(kinds: readonly (readonly [own: number, entry: number])[] = []): Uint8Array {
    const strings = Buffer.from(this.#strings.map((text) => `${text}\0`).join(''), 'utf8');
    const types = this.#words.length * 4;
    const header = kinds.length === 0 ? 24 : 32;
    const layout = kinds.length * 4;
    const bytes = new Uint8Array(header + types + layout + strings.length);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, 0xeb9f, this.#littleEndian);
    view.setUint8(2, 1);
    const words = [header, 0, types, types + layout, strings.length, types, layout].slice(
      0,
      (header - 4) / 4,
    );
    for (const [index, word] of words.entries()) {
      view.setUint32(4 + index * 4, word, this.#littleEndian);
    }
    for (const [index, word] of this.#words.entries())
      view.setUint32(header + index * 4, word >>> 0, this.#littleEndian);
    for (const [index, lengths] of kinds.entries()) bytes.set(lengths, header + types + index * 4);
    bytes.set(strings, header + types + layout);
    return bytes;
  }
}
