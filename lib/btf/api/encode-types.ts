/**
 * The layout model → BTF: what describes the keys and values of a map to the kernel, so that whoever opens the map later
 * knows their types, and the kernel what is its own in them (spin locks, timers). A tree in, a blob with just these types
 * out; pointers, which are opaque in the model, become pointers to void.
 */
import { BtfError } from '../../errors';
import { viewOf } from '../../util/bytes';
import { infoOf, MAX_VLEN } from '../records/info';
import { KIND_NAMES, type Kind } from '../records/records';
import type { EnumType, Member, StructType, Type } from '../layout/layout-model';

/** Of the header: magic and version. */
const MAGIC = 0xeb9f;
const VERSION = 1;
const HEADER = 24;
/** With the kind flag a member's word has 24 bits for the offset, and 8 for the width. */
const MAX_FLAGGED_OFFSET = 0xff_ffff;
/** The encodings of integers. */
const SIGNED = 1;
const BOOL = 4;

/** Collects types, and writes them as BTF, in this machine's byte order (little endian, as Node.js has it on Linux). */
export class TypeEncoder {
  readonly #words: number[] = [];
  readonly #names: Buffer[] = [Buffer.of(0)];
  #namesLength = 1;
  readonly #offsets = new Map<string, number>([['', 0]]);
  readonly #ids = new Map<Type, number>();
  #count = 0;
  #indexType: number | undefined;

  /** The id of a type, added where it is new. */
  add(type: Type): number {
    let id = this.#ids.get(type);
    if (id === undefined) this.#ids.set(type, (id = this.#add(type)));
    return id;
  }

  bytes(): Uint8Array {
    const types = 4 * this.#words.length;
    const bytes = new Uint8Array(HEADER + types + this.#namesLength);
    const view = viewOf(bytes);
    view.setUint16(0, MAGIC, true);
    view.setUint8(2, VERSION);
    for (const [index, word] of [HEADER, 0, types, types, this.#namesLength].entries()) {
      view.setUint32(4 + 4 * index, word, true);
    }
    for (const [index, word] of this.#words.entries()) view.setUint32(HEADER + 4 * index, word, true);
    bytes.set(Buffer.concat(this.#names), HEADER + types);
    return bytes;
  }

  #add(type: Type): number {
    switch (type.kind) {
      case 'int':
      case 'char':
        return this.#integer(type.spelling, type.size, type.signed ? SIGNED : 0);
      case 'bool':
        return this.#integer(type.spelling, type.size, BOOL);
      case 'float':
        return this.#record('float', type.spelling, 0, false, type.size);
      case 'enum':
        return this.#enum(type);
      case 'pointer':
        return this.#record('ptr', '', 0, false, 0);
      case 'array': {
        const element = this.add(type.element);
        this.#indexType ??= this.#integer('__ARRAY_SIZE_TYPE__', 4, 0);
        return this.#record('array', '', 0, false, 0, [element, this.#indexType, type.length]);
      }
      case 'struct':
      case 'union':
        return this.#struct(type);
    }
  }

  #integer(name: string, size: number, encoding: number): number {
    return this.#record('int', name, 0, false, size, [(encoding << 24) | (8 * size)]);
  }

  #enum({ spelling, size, signed, constants }: EnumType): number {
    const { tag, typedef } = names(spelling, 'enum');
    const wide = size === 8;
    const words = constants.flatMap(({ name, value }) => {
      const bits = BigInt.asUintN(64, BigInt(value));
      const low = Number(bits & 0xffff_ffffn);
      return wide ? [this.#name(name), low, Number(bits >> 32n)] : [this.#name(name), low];
    });
    const kind = wide ? 'enum64' : 'enum';
    return this.#named(typedef, this.#record(kind, tag, constants.length, signed, size, words));
  }

  #struct(type: StructType): number {
    const { spelling, kind, size, members } = type;
    const { tag, typedef } = names(spelling, kind);
    const flagged = members.some(({ bitSize }) => bitSize > 0);
    const words = members.flatMap((member) => [
      this.#name(member.name),
      this.add(member.type),
      flagged ? flaggedOffset(member, spelling) : member.bitOffset,
    ]);
    return this.#named(typedef, this.#record(kind, tag, members.length, flagged, size, words));
  }

  /** Behind the typedef that is all that names it. */
  #named(typedef: string, id: number): number {
    return typedef === '' ? id : this.#record('typedef', typedef, 0, false, id);
  }

  #record(
    kind: Kind,
    name: string,
    count: number,
    flag: boolean,
    third: number,
    rest: readonly number[] = [],
  ): number {
    if (count > MAX_VLEN) throw new BtfError(`write BTF of ${kind} '${name}'`, 'it has too many members');
    this.#words.push(this.#name(name), infoOf(KIND_NAMES.indexOf(kind), count, flag), third);
    // Not as arguments: there may be more of them than the stack holds.
    for (const word of rest) this.#words.push(word);
    return ++this.#count;
  }

  #name(text: string): number {
    let offset = this.#offsets.get(text);
    if (offset === undefined) {
      offset = this.#namesLength;
      const bytes = Buffer.from(`${text}\0`, 'utf8');
      this.#names.push(bytes);
      this.#namesLength += bytes.length;
      this.#offsets.set(text, offset);
    }
    return offset;
  }
}

/** 'struct request' has a tag; 'request_t' is a typedef of a struct without one; '' has neither. */
function names(spelling: string, kind: string): { readonly tag: string; readonly typedef: string } {
  const prefix = `${kind} `;
  return spelling.startsWith(prefix)
    ? { tag: spelling.slice(prefix.length), typedef: '' }
    : { tag: '', typedef: spelling };
}

function flaggedOffset({ name, bitOffset, bitSize }: Member, struct: string): number {
  if (bitOffset > MAX_FLAGGED_OFFSET) {
    throw new BtfError(
      `write BTF of '${struct}'`,
      `member '${name}' lies too far in for a struct with bitfields`,
    );
  }
  return bitSize * 2 ** 24 + bitOffset;
}
