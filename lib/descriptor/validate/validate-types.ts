/** Checks the types of a descriptor: shapes, references, and that every layout is possible. */
import { arrayExtent, scalarExtent, SIZES, StructExtent, type Extent } from '../../btf/layout/extent';
import { MAX_DEPTH } from '../../btf/limits';
import { fitsInteger } from '../../btf/layout/same-layout';
import { DescriptorError } from '../../errors';
import { checkFields, checkInteger, fields, items, optional, required, wrong } from './validate-fields';
import type { FieldRules, TypeChecker } from './validate-fields';

const common = { kind: required('any'), c: optional('string') };
const SHAPES: Readonly<Record<string, FieldRules>> = {
  int: { ...common, size: required('size'), signed: optional('flag') },
  char: { ...common, signed: optional('flag') },
  bool: { ...common, size: required('size') },
  float: { ...common, size: required('size') },
  enum: { ...common, size: required('size'), signed: optional('flag'), constants: required('object') },
  struct: { ...common, size: required('size'), members: required('array') },
  union: { ...common, size: required('size'), members: required('array') },
  pointer: { kind: required('any'), c: required('string') },
  array: { kind: required('any'), length: required('u32'), element: required('any') },
};

const MEMBER: FieldRules = {
  name: optional('name'),
  type: required('any'),
  offset: optional('size'),
  bit: optional('size'),
  bits: optional('size'),
  c: optional('string'),
  tags: optional('strings'),
};

interface Layout {
  readonly kind: string;
  readonly extent: Extent;
}

export class LayoutValidator implements TypeChecker {
  readonly #types: Readonly<Record<string, unknown>>;
  readonly #named = new Map<string, Layout>();
  readonly #open = new Set<string>();
  #depth = 0;

  constructor(types: Readonly<Record<string, unknown>>) {
    this.#types = types;
  }

  checkAll(): void {
    for (const key of Object.keys(this.#types)) this.#layoutOfKey(key, typePath(key));
  }

  sizeOf(ref: unknown, path: string): number {
    return this.#layoutOf(ref, path).extent.size;
  }

  #layoutOf(ref: unknown, path: string): Layout {
    if (this.#depth >= MAX_DEPTH)
      throw new DescriptorError(path, `is nested more than ${String(MAX_DEPTH)} deep`);
    this.#depth++;
    try {
      if (typeof ref === 'string') return this.#layoutOfKey(ref, path);
      const description = fields(ref, path);
      const { kind } = description;
      if (
        kind !== 'pointer' &&
        kind !== 'array' &&
        kind !== 'struct' &&
        kind !== 'union' &&
        kind !== 'enum'
      ) {
        throw new DescriptorError(
          `${path}.kind`,
          'must be pointer, array, struct, union or enum where a type is written in place',
        );
      }
      return this.#check(description, path);
    } finally {
      this.#depth--;
    }
  }

  #layoutOfKey(key: string, path: string): Layout {
    const known = this.#named.get(key);
    if (known !== undefined) return known;
    if (!Object.hasOwn(this.#types, key))
      throw new DescriptorError(path, `refers to ${JSON.stringify(key)}, which types does not have`);
    if (this.#open.has(key)) throw new DescriptorError(typePath(key), 'contains itself by value');
    this.#open.add(key);
    const layout = this.#check(fields(this.#types[key], typePath(key)), typePath(key));
    if (layout.kind === 'pointer' || layout.kind === 'array') {
      throw new DescriptorError(typePath(key), `is ${layout.kind}: only types that C names are in types`);
    }
    this.#open.delete(key);
    this.#named.set(key, layout);
    return layout;
  }

  #check(description: Readonly<Record<string, unknown>>, path: string): Layout {
    const kind = String(description['kind']);
    const shape = Object.hasOwn(SHAPES, kind) ? SHAPES[kind] : undefined;
    if (shape === undefined)
      throw wrong(`${path}.kind`, `one of ${Object.keys(SHAPES).join(', ')}`, description['kind']);
    checkFields(description, path, shape, this);
    const size = description['size'] as number;
    const allowed: readonly number[] | undefined = (SIZES as Partial<Record<string, readonly number[]>>)[
      kind
    ];
    if (allowed !== undefined && !allowed.includes(size))
      throw wrong(`${path}.size`, `one of ${allowed.join(', ')}`, size);
    switch (kind) {
      case 'char':
        return { kind, extent: scalarExtent(1) };
      case 'pointer':
        return { kind, extent: scalarExtent(8) };
      case 'array':
        return this.#array(description, path);
      case 'enum':
        this.#constants(description, path);
        return { kind, extent: scalarExtent(size) };
      case 'struct':
      case 'union':
        return { kind, extent: this.#members(kind, description, path) };
      default:
        return { kind, extent: scalarExtent(size) };
    }
  }

  #array(description: Readonly<Record<string, unknown>>, path: string): Layout {
    const element = this.#layoutOf(description['element'], `${path}.element`);
    const length = description['length'] as number;
    const fail = (problem: string): Error => new DescriptorError(path, problem);
    return { kind: 'array', extent: arrayExtent(element.extent, length, fail) };
  }

  #constants(description: Readonly<Record<string, unknown>>, path: string): void {
    const { size, signed } = description;
    const wide = size === 8;
    for (const [name, value] of Object.entries(fields(description['constants'], `${path}.constants`))) {
      const place = `${path}.constants[${JSON.stringify(name)}]`;
      if (wide ? typeof value !== 'string' || !/^-?\d{1,20}$/.test(value) : !Number.isSafeInteger(value)) {
        throw wrong(place, wide ? 'a decimal string' : 'an integer', value);
      }
      if (!fitsInteger(BigInt(value as string | number), size as number, signed === true)) {
        throw new DescriptorError(place, `is ${String(value)}, which does not fit ${String(size)} bytes`);
      }
    }
  }

  #members(
    kind: 'struct' | 'union',
    description: Readonly<Record<string, unknown>>,
    path: string,
  ): StructExtent {
    const extent = new StructExtent(kind, description['size'] as number);
    const fail = (problem: string): Error => new DescriptorError(path, problem);
    for (const [index, item] of items(description['members'], `${path}.members`).entries()) {
      const place = `${path}.members[${String(index)}]`;
      const member = fields(item, place);
      checkFields(member, place, MEMBER, this);
      const layout = this.#layoutOf(member['type'], `${place}.type`);
      const at = { ...memberPlace(member, place), kind: layout.kind };
      extent.add(at, layout.extent, fail, (problem) => new DescriptorError(place, problem));
    }
    return extent;
  }
}

function memberPlace(
  member: Readonly<Record<string, unknown>>,
  place: string,
): { bitOffset: number; bitSize: number } {
  const { offset, bit, bits } = member;
  if (bits === undefined) {
    if (bit !== undefined) throw new DescriptorError(`${place}.bits`, 'is missing');
    checkInteger(offset, `${place}.offset`, Number.MAX_SAFE_INTEGER / 8);
    return { bitOffset: offset * 8, bitSize: 0 };
  }
  if (offset !== undefined)
    throw new DescriptorError(`${place}.offset`, 'must be absent: a bitfield has bit and bits');
  checkInteger(bit, `${place}.bit`, Number.MAX_SAFE_INTEGER / 2);
  checkInteger(bits, `${place}.bits`, Number.MAX_SAFE_INTEGER / 2);
  if (bits === 0) throw new DescriptorError(`${place}.bits`, 'must not be 0');
  return { bitOffset: bit, bitSize: bits };
}

const typePath = (key: string): string => `types[${JSON.stringify(key)}]`;
