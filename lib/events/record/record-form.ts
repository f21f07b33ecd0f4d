/** What a caller says that the records are, made ready for reading them. */
import type { RawBtf } from '../../btf/records/record-table';
import { flatMembers } from '../../btf/layout/members';
import { resolveType } from '../../btf/layout/resolve';
import { checkedLayout, layoutGiven } from '../../btf/layout/checked-layout';
import type { StructType, Type } from '../../btf/layout/layout-model';
import { checkInteger, checkString, refuse } from '../../util/check';
import { ArgumentError, NotFoundError, RecordError, UnsupportedError } from '../../errors';
import { alternatives } from '../../util/suggest';
import { RecordBatch, type RecordForm } from './record-batch';
import { recordClass, tooShort, type RecordClass, type RecordFormOptions } from './record-class';
import { bytesAt, over, type RecordMemory } from './record-memory';

/** Records of several structs, which all start with the same integer or enum: its value says which one a record is. */
export interface TaggedRecords {
  /** The name of that first member. */
  readonly tag: string;
  /** By the tag's value, or where it is an enum by the constant's name: the struct. */
  readonly types: Readonly<Record<string | number, string | Type>>;
}

/**
 * What the records are: the C name of a struct ('struct event', or a typedef's name), its layout (`btf.type(name).layout`,
 * for maps that belong to no object), or several of them by a tag. null: they are bytes.
 */
export type RecordType = string | Type | TaggedRecords | null;

export { SHORT } from '../../btf/codec/short-value';

/** Uint8Arrays: copies always, so that they may be kept. */
export const BYTES: RecordForm = {
  makeBatch: (memory, form, origin) => new RecordBatch(memory, form, origin),
  plains: each(bytesOf),
  view: bytesOf,
};

function each(plain: (memory: RecordMemory, i: number) => unknown): RecordForm['plains'] {
  return (memory, from, end, to) => {
    for (let i = from; i < end; i++) to.push(plain(memory, i));
  };
}

function bytesOf(memory: RecordMemory, i: number): Uint8Array {
  return bytesAt(memory, memory.offsetOf(i), memory.lengthOf(i));
}

export function recordForm(
  type: RecordType | undefined,
  btf: () => RawBtf,
  options: RecordFormOptions,
  name = 'type',
): RecordForm {
  if (type === undefined || type === null) return BYTES;
  if (typeof type === 'string' || layoutGiven(type) !== undefined)
    return structForm(recordClass(structOf(type as string | Type, btf, name), options));
  if (typeof type !== 'object') {
    refuse(name, 'the name of a struct, or { tag, types }', type);
  }
  return taggedForm(type as TaggedRecords, btf, options, name);
}

function structForm(made: RecordClass): RecordForm {
  return {
    makeBatch: made.makeBatch,
    plains: made.plains,
    view: (memory, i) => {
      const [offset, length] = extent(memory, i);
      checkLength(made, length);
      return made.view(memory, offset, length);
    },
  };
}

function extent(memory: RecordMemory, i: number): [offset: number, length: number] {
  return [memory.offsetOf(i), memory.lengthOf(i)];
}

function checkLength(made: RecordClass, length: number): void {
  if (length < made.size) {
    throw tooShort(made.spelling, made.size, length);
  }
}

/** 'struct event' → the struct of that name; 'event_t' → the typedef's. */
export function structOf(wanted: string | Type, from: () => RawBtf, argument: string): StructType {
  const layout = layoutGiven(wanted);
  if (layout !== undefined) {
    const type = checkedLayout(layout, argument);
    if (type.kind === 'struct' || type.kind === 'union') return type;
    throw new ArgumentError(`${argument}: '${type.spelling}' is no struct or union`);
  }
  checkString(wanted, argument);
  return structNamed(wanted, from(), argument);
}

function structNamed(name: string, btf: RawBtf, argument: string): StructType {
  const [, keyword, bare] = /^(struct|union) (\S+)$/.exec(name) ?? [];
  const kind = keyword === 'struct' || keyword === 'union' ? keyword : 'typedef';
  const id = btf.findByName(bare ?? name, kind);
  const type: Type | undefined = id === undefined ? undefined : resolveType(btf, id);
  if (type !== undefined && (type.kind === 'struct' || type.kind === 'union')) return type;
  if (type !== undefined) {
    throw new ArgumentError(`${argument}: '${name}' is no struct or union; without a type records are bytes`);
  }
  const known = (['struct', 'union'] as const).flatMap((word) =>
    [...btf.idsOfKind(word)].map((each) => `${word} ${btf.nameOf(each)}`),
  );
  const bareKnown = known.find((each) => each.split(' ')[1] === name);
  const hint =
    bareKnown === undefined
      ? `${alternatives(name, known)}. BTF has only types that something refers to: ` +
        'in C, `const struct event *unused __attribute__((unused));` does'
      : `; did you mean '${bareKnown}'?`;
  throw new NotFoundError(`${argument}: ${btf.source} has no type '${name}'${hint}`);
}

const TAG_LANES = { i1: 'i8', u1: 'u8', i2: 'i16', u2: 'u16', i4: 'i32', u4: 'u32' } as const;

function taggedForm(
  type: TaggedRecords,
  btf: () => RawBtf,
  options: RecordFormOptions,
  name: string,
): RecordForm {
  const { tag, types } = type;
  checkString(tag, `${name}.tag`);
  if (typeof types !== 'object' || (types as unknown) === null || Object.keys(types).length === 0) {
    refuse(`${name}.types`, 'an object with at least one struct', types);
  }
  // No Map: whoever replaced its get() would be handed the ring's memory.
  const classes = Object.create(null) as Record<number, RecordClass | undefined>;
  const lanes = new Set<string>();
  for (const [key, struct] of Object.entries(types)) {
    const path = `${name}.types[${JSON.stringify(key)}]`;
    const resolved = structOf(struct, btf, path);
    const first = tagOf(resolved, tag, path);
    lanes.add(`${first.signed ? 'i' : 'u'}${String(first.size)}`);
    classes[tagValue(key, first, path)] = recordClass(resolved, options);
  }
  const lane = TAG_LANES[[...lanes].join() as keyof typeof TAG_LANES] as
    (typeof TAG_LANES)[keyof typeof TAG_LANES] | undefined;
  if (lane === undefined) {
    throw new UnsupportedError(
      `${name}.tag: '${tag}' must be the same integer of 8 to 32 bits in all the structs`,
    );
  }
  const bytes = Number(/\d+/.exec([...lanes].join())?.[0]);
  const shift = Math.log2(bytes);
  const find = (memory: RecordMemory, offset: number, length: number): RecordClass => {
    if (memory.source === undefined) throw over();
    const value = length < bytes ? undefined : memory[lane][offset >> shift];
    const made = value === undefined ? undefined : classes[value];
    if (made === undefined) {
      const is = value === undefined ? `is only ${String(length)} bytes long` : `has ${tag} ${String(value)}`;
      throw new RecordError(
        `a record ${is}, which none of the types stands for: ${Object.keys(classes).join(', ')}`,
      );
    }
    checkLength(made, length);
    return made;
  };
  return {
    makeBatch: (memory, form, origin) => new RecordBatch(memory, form, origin),
    plains: each((memory, i) => {
      const [offset, length] = extent(memory, i);
      return find(memory, offset, length).plain(memory, offset, length);
    }),
    view: (memory, i) => {
      const [offset, length] = extent(memory, i);
      return find(memory, offset, length).view(memory, offset, length);
    },
  };
}

type TagType = Extract<Type, { kind: 'int' | 'enum' | 'char' }>;

function tagOf(struct: StructType, tag: string, path: string): TagType {
  const first = flatMembers(struct)[0];
  const { type } = first ?? {};
  if (first?.name !== tag || first.bitOffset !== 0 || first.bitSize !== 0) {
    throw new ArgumentError(
      `${path}: the first member of ${struct.spelling} is ${first === undefined ? 'none' : `'${first.name}'`}, not the tag '${tag}'`,
    );
  }
  if (type?.kind !== 'int' && type?.kind !== 'enum' && type?.kind !== 'char') {
    throw new ArgumentError(`${path}: the tag '${tag}' of ${struct.spelling} is no integer`);
  }
  return type;
}

function tagValue(key: string, type: TagType, path: string): number {
  const constant = type.kind === 'enum' ? type.constants.find((each) => each.name === key) : undefined;
  const value = constant === undefined ? Number(key) : Number(constant.value);
  if (key.trim() === '' || Number.isNaN(value)) {
    const names = type.kind === 'enum' ? type.constants.map((each) => each.name) : [];
    throw new ArgumentError(`${path}: '${key}' is no value of the tag${alternatives(key, names)}`);
  }
  checkInteger(value, path, -(2 ** 31), 2 ** 32 - 1);
  return value;
}
