/**
 * Layouts from outside: what a user gives as the type of keys, values or records, and what another thread has posted. Code is
 * compiled from layouts, so that none is used before it went through here. What comes out is a copy of our own, read once and
 * frozen: neither a getter nor a later change can make another layout of it.
 */
import { isDeepStrictEqual } from 'node:util';
import { DescriptorError } from '../../errors';
import { foundWeak } from '../../util/primordials';
import { shown } from '../../util/shown';
import { alternatives } from '../../util/suggest';
import { MAX_DEPTH, MAX_NODES } from '../limits';
import { arrayExtent, scalarExtent, SIZES, StructExtent, type Extent } from './extent';
import { fitsInteger } from './same-layout';
import { extentOfSealed, keepSealed } from './sealed-layout';
import type { EnumConstant, EnumType, Member, Type } from './layout-model';

/** As BTF counts bytes. */
const MAX_SIZE = 0xffff_ffff;

const FIELDS: Readonly<Record<Type['kind'], readonly string[]>> = {
  int: ['spelling', 'size', 'signed'],
  char: ['spelling', 'size', 'signed'],
  bool: ['spelling', 'size'],
  float: ['spelling', 'size'],
  enum: ['spelling', 'size', 'signed', 'constants'],
  pointer: ['spelling', 'size'],
  array: ['spelling', 'size', 'length', 'element'],
  struct: ['spelling', 'size', 'members'],
  union: ['spelling', 'size', 'members'],
};
/** As in descriptors: true, or it is not set. */
const FLAG = 'signed';
const MEMBER = ['name', 'type', 'bitOffset', 'bitSize', 'declaration', 'tags'] as const;
const CONSTANT = ['name', 'value'] as const;

/** What was made of an object last time: layouts that are equal share what is compiled for them. */
const copies = new WeakMap<object, Type>();

/**
 * The layout that `given` stands for. One that this package has handed out is taken as it is.
 * @throws DescriptorError, whose `path` names the first field that is not right
 */
export function checkedLayout(given: unknown, path: string): Type {
  const { type } = new Reader().read(given, path);
  if (type === given) return type;
  const before = foundWeak(copies, given as object);
  if (before !== undefined && isDeepStrictEqual(before, type)) return before;
  copies.set(given as object, type);
  return type;
}

/** What is meant as a layout, to be checked: itself, or that of a type of a Btf. */
export function layoutGiven(value: unknown): object | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { layout = value } = value as { layout?: unknown };
  return typeof layout === 'object' && layout !== null && 'kind' in layout ? layout : undefined;
}

interface Checked {
  readonly type: Type;
  readonly extent: Extent;
}

/** Reads one layout: each object in it once, however often it is referred to. */
class Reader {
  readonly #read = new Map<object, Checked>();
  readonly #open = new Set<object>();
  /** Objects read so far. Where getters make new ones all the time nothing else would end it. */
  #objects = 0;

  read(given: unknown, path: string): Checked {
    if (typeof given !== 'object' || given === null) throw wrong(path, 'a layout', given);
    const extent = extentOfSealed(given);
    if (extent !== undefined) return { type: given as Type, extent };
    const known = this.#read.get(given);
    if (known !== undefined) return known;
    if (this.#open.has(given)) throw new DescriptorError(path, 'contains itself by value');
    if (this.#open.size >= MAX_DEPTH) {
      throw new DescriptorError(path, `is nested in more than ${String(MAX_DEPTH)} types`);
    }
    this.#count(path);
    this.#open.add(given);
    const checked = this.#make(given, path);
    this.#open.delete(given);
    keepSealed(Object.freeze(checked.type), checked.extent);
    this.#read.set(given, checked);
    return checked;
  }

  #make(given: object, path: string): Checked {
    const { kind } = given as { kind?: unknown };
    if (typeof kind !== 'string' || !Object.hasOwn(FIELDS, kind)) {
      throw wrong(`${path}.kind`, `one of ${Object.keys(FIELDS).join(', ')}`, kind);
    }
    const fields = take(given, FIELDS[kind as Type['kind']], path, 'kind');
    const spelling = string(fields['spelling'], `${path}.spelling`);
    switch (kind as Type['kind']) {
      case 'int': {
        const size = oneOf(fields['size'], SIZES.int, `${path}.size`);
        const signed = fields['signed'] === true;
        return { type: { kind: 'int', spelling, size, signed }, extent: scalarExtent(size) };
      }
      case 'char': {
        const size = oneOf(fields['size'], [1] as const, `${path}.size`);
        const signed = fields['signed'] === true;
        return { type: { kind: 'char', spelling, size, signed }, extent: scalarExtent(size) };
      }
      case 'bool':
      case 'float': {
        const of = kind as 'bool' | 'float';
        const size = oneOf<number>(fields['size'], SIZES[of], `${path}.size`);
        return { type: { kind: of, spelling, size }, extent: scalarExtent(size) };
      }
      case 'pointer': {
        const size = oneOf(fields['size'], [8] as const, `${path}.size`);
        return { type: { kind: 'pointer', spelling, size }, extent: scalarExtent(size) };
      }
      case 'enum': {
        const size = oneOf(fields['size'], SIZES.enum, `${path}.size`);
        const signed = fields['signed'] === true;
        const constants = this.#constants(fields['constants'], size, signed, `${path}.constants`);
        return { type: { kind: 'enum', spelling, size, signed, constants }, extent: scalarExtent(size) };
      }
      case 'array':
        return this.#array(fields, spelling, path);
      case 'struct':
      case 'union':
        return this.#struct(kind as 'struct' | 'union', fields, spelling, path);
    }
  }

  #array(fields: Fields, spelling: string, path: string): Checked {
    const length = integer(fields['length'], MAX_SIZE, `${path}.length`);
    const element = this.read(fields['element'], `${path}.element`);
    const extent = arrayExtent(element.extent, length, (problem) => new DescriptorError(path, problem));
    const { size } = extent;
    if (fields['size'] !== size) {
      throw wrong(
        `${path}.size`,
        `${String(size)}, of ${String(length)} elements of ${String(element.extent.size)} bytes`,
        fields['size'],
      );
    }
    return { type: { kind: 'array', spelling, size, length, element: element.type }, extent };
  }

  #struct(kind: 'struct' | 'union', fields: Fields, spelling: string, path: string): Checked {
    const size = integer(fields['size'], MAX_SIZE, `${path}.size`);
    const extent = new StructExtent(kind, size);
    const fail = (problem: string): Error => new DescriptorError(path, problem);
    const members = this.#items(fields['members'], `${path}.members`, (given, place) => {
      const { member, extent: inner } = this.#member(given, place, size * 8);
      extent.add(
        { ...member, kind: member.type.kind },
        inner,
        fail,
        (problem) => new DescriptorError(place, problem),
      );
      return member;
    });
    const { nodes, empty } = extent;
    return { type: { kind, spelling, size, members }, extent: { size, nodes, empty } };
  }

  #member(given: unknown, path: string, room: number): { member: Member; extent: Extent } {
    const fields = take(given, MEMBER, path);
    const bitOffset = integer(fields['bitOffset'], room, `${path}.bitOffset`);
    const bitSize = integer(fields['bitSize'], 128, `${path}.bitSize`);
    const { type, extent } = this.read(fields['type'], `${path}.type`);
    const member = Object.freeze({
      name: string(fields['name'], `${path}.name`),
      type,
      bitOffset,
      bitSize,
      declaration: string(fields['declaration'], `${path}.declaration`),
      tags: this.#items(fields['tags'], `${path}.tags`, string),
    });
    return { member, extent };
  }

  #constants(given: unknown, size: EnumType['size'], signed: boolean, path: string): readonly EnumConstant[] {
    return this.#items(given, path, (item, place) => {
      const fields = take(item, CONSTANT, place);
      const { value } = fields;
      if (size === 8 ? typeof value !== 'bigint' : !Number.isSafeInteger(value)) {
        throw wrong(`${place}.value`, size === 8 ? 'a bigint' : 'an integer', value);
      }
      if (!fitsInteger(value as number | bigint, size, signed)) {
        throw new DescriptorError(
          `${place}.value`,
          `is ${String(value)}, which does not fit ${String(size)} bytes`,
        );
      }
      return Object.freeze({
        name: string(fields['name'], `${place}.name`),
        value: value as number | bigint,
      });
    });
  }

  #items<T>(given: unknown, path: string, each: (item: unknown, path: string) => T): readonly T[] {
    if (!Array.isArray(given)) throw wrong(path, 'an array', given);
    const { length } = given;
    const read: T[] = [];
    for (let i = 0; i < length; i++) {
      const place = `${path}[${String(i)}]`;
      this.#count(place);
      read.push(each(given[i], place));
    }
    return Object.freeze(read);
  }

  #count(path: string): void {
    if (++this.#objects > 4 * MAX_NODES) {
      throw new DescriptorError(path, `is part of a layout of more than ${String(4 * MAX_NODES)} parts`);
    }
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** The fields, each read once; a flag may be absent. Those that no layout has are refused: a misspelt one must not be ignored in silence. */
function take(given: unknown, names: readonly string[], path: string, known?: string): Fields {
  if (typeof given !== 'object' || given === null) throw wrong(path, 'an object', given);
  for (const name in given) {
    if (name === known || names.includes(name)) continue;
    const stranger = name.slice(0, 80);
    throw new DescriptorError(
      `${path}.${stranger}`,
      `is no field of a layout${alternatives(stranger, names)}`,
    );
  }
  const fields: Record<string, unknown> = {};
  for (const name of names) {
    fields[name] = (given as Fields)[name];
    if (fields[name] === undefined && name !== FLAG)
      throw new DescriptorError(`${path}.${name}`, 'is missing');
  }
  return fields;
}

function string(value: unknown, path: string): string {
  if (typeof value !== 'string' || value.includes('\0')) throw wrong(path, 'a string without NUL', value);
  return value;
}

function integer(value: unknown, max: number, path: string): number {
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > max) {
    throw wrong(path, `an integer from 0 to ${String(max)}`, value);
  }
  return value as number;
}

function oneOf<N extends number>(value: unknown, allowed: readonly N[], path: string): N {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw wrong(path, `one of ${allowed.join(', ')}`, value);
  return found;
}

function wrong(path: string, expected: string, value: unknown): DescriptorError {
  return new DescriptorError(path, `must be ${expected}, not ${shown(value)}`);
}
