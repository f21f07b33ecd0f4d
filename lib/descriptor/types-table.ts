/** The `types` of a descriptor → layouts, the same that resolve.ts makes from the object's BTF. */
import { DescriptorError } from '../errors';
import { MAX_DEPTH } from '../btf/limits';
import { arraySpelling } from '../btf/layout/spelling';
import type { EnumConstant, Member, Type } from '../btf/layout/layout-model';
import { getOwn } from '../util/own-property';
import type {
  ArrayDescription,
  Descriptor,
  EnumDescription,
  MemberDescription,
  StructDescription,
  TypeDescription,
  TypeRef,
} from './types';

export interface TypesTable {
  /** The layout that a reference stands for; the same object each time for a key. Throws DescriptorError. */
  resolve(ref: TypeRef): Type;
}

class Table implements TypesTable {
  readonly #types: Readonly<Record<string, TypeDescription>>;
  readonly #byKey = new Map<string, Type>();
  readonly #byReference = new WeakMap<object, Type>();
  readonly #open: string[] = [];
  #depth = 0;

  constructor(descriptor: Pick<Descriptor, 'types'>) {
    this.#types = descriptor.types;
  }

  resolve(ref: TypeRef): Type {
    if (this.#depth >= MAX_DEPTH) {
      throw new DescriptorError('types', `are nested more than ${String(MAX_DEPTH)} deep`);
    }
    this.#depth++;
    try {
      return typeof ref === 'string' ? this.#named(ref) : this.#inPlace(ref);
    } finally {
      this.#depth--;
    }
  }

  #named(key: string): Type {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const description = getOwn(this.#types, key);
    if (description === undefined)
      throw new DescriptorError(`types[${JSON.stringify(key)}]`, 'there is no such type');
    if (this.#open.includes(key))
      throw new DescriptorError(`types[${JSON.stringify(key)}]`, 'contains itself by value');
    this.#open.push(key);
    try {
      const type = this.#make(description, description.c ?? key);
      this.#byKey.set(key, type);
      return type;
    } finally {
      this.#open.pop();
    }
  }

  #inPlace(ref: Exclude<TypeRef, string>): Type {
    const known = this.#byReference.get(ref);
    if (known !== undefined) return known;
    const type = this.#makeInPlace(ref);
    this.#byReference.set(ref, type);
    return type;
  }

  #makeInPlace(ref: Exclude<TypeRef, string>): Type {
    if (ref.kind === 'pointer') return { kind: 'pointer', spelling: ref.c, size: 8 };
    if (ref.kind === 'array') return this.#array(ref);
    return this.#make(ref, ref.c ?? '');
  }

  #array(ref: ArrayDescription): Type {
    const element = this.resolve(ref.element);
    const { length } = ref;
    return {
      kind: 'array',
      spelling: arraySpelling(element, length),
      size: element.size * length,
      length,
      element,
    };
  }

  #make(description: TypeDescription, spelling: string): Type {
    switch (description.kind) {
      case 'int':
        return {
          kind: 'int',
          spelling,
          size: description.size as 1 | 2 | 4 | 8 | 16,
          signed: description.signed === true,
        };
      case 'char':
        return { kind: 'char', spelling, size: 1, signed: description.signed === true };
      case 'bool':
      case 'float':
        return { kind: description.kind, spelling, size: description.size };
      case 'enum':
        return {
          kind: 'enum',
          spelling,
          size: description.size as 1 | 2 | 4 | 8,
          signed: description.signed === true,
          constants: constantsOf(description),
        };
      default:
        return {
          kind: description.kind,
          spelling,
          size: description.size,
          members: this.#members(description),
        };
    }
  }

  #members(description: StructDescription): Member[] {
    return description.members.map((member) => ({
      name: member.name ?? '',
      type: this.resolve(member.type),
      bitOffset: bitOffsetOf(member),
      bitSize: member.bits ?? 0,
      declaration: member.c ?? '',
      tags: member.tags ?? [],
    }));
  }
}

const bitOffsetOf = (member: MemberDescription): number => member.bit ?? (member.offset ?? 0) * 8;

function constantsOf(description: EnumDescription): EnumConstant[] {
  return Object.entries(description.constants).map(([name, value]) => ({
    name,
    value: typeof value === 'string' ? BigInt(value) : value,
  }));
}

/** The layouts of a valid descriptor's types, made when they are asked for. */
export function typesOf(descriptor: Pick<Descriptor, 'types'>): TypesTable {
  return new Table(descriptor);
}
