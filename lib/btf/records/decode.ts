/** One BTF record → RawType. The record is known to lie within the section; what it says is checked here. */
import { flagOf, kindOf, knownKindOf, vlenOf } from './info';
import { KIND_NAMES } from './records';
import type { Linkage, RawEnumerator, RawMember, RawParameter, RawSectionEntry, RawType } from './records';

/** What decoding needs to know about a record and the BTF that it is part of. One a BTF: thousands are decoded in a row. */
export interface RecordContext {
  /** The record's type id. */
  id: number;
  readonly words: Uint32Array;
  /** Type ids are below this. */
  readonly length: number;
  nameAt(offset: number): string;
  fail(problem: string): Error;
}

const LINKAGES: readonly (Linkage | undefined)[] = ['static', 'global', 'extern'];

/** Reads the words of one record, by their byte offset in it. */
class Cursor {
  readonly #context: RecordContext;
  readonly #at: number;

  constructor(context: RecordContext, at: number) {
    this.#context = context;
    this.#at = at;
  }

  u32(offset: number): number {
    return this.#context.words[this.#at + (offset >>> 2)] ?? 0;
  }

  i32(offset: number): number {
    return this.u32(offset) | 0;
  }

  /** A reference to another type; 0 is void. */
  type(offset: number): number {
    const id = this.u32(offset);
    if (id >= this.#context.length) {
      throw this.#context.fail(`refers to type ${String(id)}, but there are ${String(this.#context.length)}`);
    }
    return id;
  }

  name(offset: number): string {
    return this.#context.nameAt(this.u32(offset));
  }

  linkage(value: number): Linkage {
    const linkage = LINKAGES[value];
    if (linkage === undefined)
      throw this.#context.fail(`has linkage ${String(value)}, which BTF does not define`);
    return linkage;
  }

  /** `count` entries of `size` bytes behind the common header. */
  entries<T>(count: number, size: number, read: (at: number) => T): T[] {
    const entries: T[] = [];
    for (let index = 0, at = 12; index < count; index++, at += size) entries.push(read(at));
    return entries;
  }
}

export function decodeRecord(context: RecordContext, at: number): RawType {
  const { id } = context;
  const cursor = new Cursor(context, at);
  const info = cursor.u32(4);
  const kind = KIND_NAMES[knownKindOf(info)];
  const count = vlenOf(info);
  const flag = flagOf(info);
  const name = cursor.name(0);
  switch (kind) {
    case 'int': {
      const encoding = cursor.u32(12);
      return {
        kind,
        id,
        name,
        size: cursor.u32(8),
        signed: (encoding & 0x1000000) !== 0,
        isChar: (encoding & 0x2000000) !== 0,
        isBool: (encoding & 0x4000000) !== 0,
        bitOffset: (encoding >>> 16) & 0xff,
        bits: encoding & 0xff,
      };
    }
    case 'array':
      return { kind, id, name, type: cursor.type(12), indexType: cursor.type(16), length: cursor.u32(20) };
    case 'struct':
    case 'union': {
      const members = cursor.entries(count, 12, (entry): RawMember => {
        const offset = cursor.u32(entry + 8);
        return {
          name: cursor.name(entry),
          type: cursor.type(entry + 4),
          bitOffset: flag ? offset & 0xffffff : offset,
          bitSize: flag ? offset >>> 24 : 0,
        };
      });
      return { kind, id, name, size: cursor.u32(8), members, kindFlag: flag };
    }
    case 'enum': {
      const constants = cursor.entries(count, 8, (entry): RawEnumerator => ({
        name: cursor.name(entry),
        value: flag ? cursor.i32(entry + 4) : cursor.u32(entry + 4),
      }));
      return { kind, id, name, size: cursor.u32(8), signed: flag, constants };
    }
    case 'enum64': {
      const constants = cursor.entries(count, 12, (entry): RawEnumerator => {
        const value = (BigInt(cursor.u32(entry + 8)) << 32n) | BigInt(cursor.u32(entry + 4));
        return { name: cursor.name(entry), value: flag ? BigInt.asIntN(64, value) : value };
      });
      return { kind, id, name, size: cursor.u32(8), signed: flag, constants };
    }
    case 'fwd':
      return { kind, id, name, isUnion: flag };
    case 'func':
      return { kind, id, name, type: cursor.type(8), linkage: cursor.linkage(count) };
    case 'func_proto': {
      const parameters = cursor.entries(count, 8, (entry): RawParameter => ({
        name: cursor.name(entry),
        type: cursor.type(entry + 4),
      }));
      return { kind, id, name, type: cursor.type(8), parameters };
    }
    case 'var':
      return { kind, id, name, type: cursor.type(8), linkage: cursor.linkage(cursor.u32(12)) };
    case 'datasec': {
      const entries = cursor.entries(count, 12, (entry): RawSectionEntry => ({
        type: cursor.type(entry),
        offset: cursor.u32(entry + 4),
        size: cursor.u32(entry + 8),
      }));
      return { kind, id, name, size: cursor.u32(8), entries };
    }
    case 'float':
      return { kind, id, name, size: cursor.u32(8) };
    case 'decl_tag':
      return { kind, id, name, type: cursor.type(8), component: cursor.i32(12), isAttribute: flag };
    case 'type_tag':
      return { kind, id, name, type: cursor.type(8), isAttribute: flag };
    case 'ptr':
    case 'typedef':
    case 'volatile':
    case 'const':
    case 'restrict':
      return { kind, id, name, type: cursor.type(8) };
    case 'unknown':
      return { kind, id, name, number: kindOf(info) };
    default:
      throw context.fail('has no record');
  }
}
