/** Layouts → the `types` of a descriptor and references to them. types-table.ts is the way back. */
import { DescriptorError } from '../../errors';
import type { EnumType, Member, StructType, Type } from '../../btf/layout/layout-model';
import { setOwn } from '../../util/own-property';
import type {
  EnumDescription,
  MemberDescription,
  StructDescription,
  TypeDescription,
  TypeRef,
} from '../types';

/** Characters of names and declarations: no compiler writes an object that describes itself at such length. */
const MAX_TEXT = 16 << 20;
/** Names that JavaScript would move to the front of an object: no C name looks like that. */
const INDEX = /^(0|[1-9]\d*)$/;

/** A type comes after those that it consists of; types that are used first come first. */
export class TypesWriter {
  readonly types: Record<string, TypeDescription> = {};
  readonly #refs = new Map<Type, TypeRef>();
  /** The keys by what they describe: two types of one name and one content share a key. */
  readonly #keys = new Map<string, string>();
  readonly #next = new Map<string, number>();
  #text = 0;

  /** How the descriptor refers to the type, which is added to `types` if need be. */
  ref(type: Type): TypeRef {
    if (type.kind === 'pointer') {
      this.#spend(type.spelling);
      return { kind: 'pointer', c: type.spelling };
    }
    if (type.kind === 'array') {
      this.#spend('');
      return { kind: 'array', length: type.length, element: this.ref(type.element) };
    }
    if (type.spelling === '') return this.#aggregate(type);
    const known = this.#refs.get(type);
    if (known !== undefined) return known;
    const ref = this.#key(type.spelling, this.#describe(type));
    this.#refs.set(type, ref);
    return ref;
  }

  #key(spelling: string, description: TypeDescription): string {
    const content = `${spelling}\0${JSON.stringify(description)}`;
    const known = this.#keys.get(content);
    if (known !== undefined) return known;
    let key = spelling;
    let number = this.#next.get(spelling) ?? 2;
    while (Object.hasOwn(this.types, key)) key = `${spelling}___${String(number++)}`;
    this.#next.set(spelling, number);
    this.#keys.set(content, key);
    this.#spend(content);
    setOwn(this.types, key, key === spelling ? description : { ...description, c: spelling });
    return key;
  }

  #describe(type: Exclude<Type, { kind: 'pointer' | 'array' }>): TypeDescription {
    switch (type.kind) {
      case 'int':
        return { kind: 'int', size: type.size, ...signed(type) };
      case 'char':
        return { kind: 'char', ...signed(type) };
      case 'bool':
      case 'float':
        return { kind: type.kind, size: type.size };
      default:
        return this.#aggregate(type);
    }
  }

  #aggregate(type: Exclude<Type, { kind: 'pointer' | 'array' }>): StructDescription | EnumDescription {
    if (type.kind === 'enum') return this.#enum(type);
    if (type.kind === 'struct' || type.kind === 'union') return this.#struct(type);
    throw new DescriptorError('types', `a ${type.kind} without a name cannot be described`);
  }

  #enum(type: EnumType): EnumDescription {
    const constants: Record<string, number | string> = {};
    const seen = new Set<string>();
    for (const { name, value } of type.constants) {
      if (name === '' || INDEX.test(name) || seen.has(name)) {
        throw new DescriptorError(
          'types',
          `${type.spelling || 'an anonymous enum'} has two constants '${name}', or it is no C name`,
        );
      }
      seen.add(name);
      this.#spend(name);
      setOwn(constants, name, typeof value === 'bigint' ? String(value) : value);
    }
    return { kind: 'enum', size: type.size, ...signed(type), constants };
  }

  #struct(type: StructType): StructDescription {
    return { kind: type.kind, size: type.size, members: type.members.map((member) => this.#member(member)) };
  }

  #member(member: Member): MemberDescription {
    this.#spend(member.declaration);
    return {
      ...(member.name === '' ? {} : { name: member.name }),
      type: this.ref(member.type),
      ...(member.bitSize === 0
        ? { offset: member.bitOffset / 8 }
        : { bit: member.bitOffset, bits: member.bitSize }),
      c: member.declaration,
      ...(member.tags.length === 0 ? {} : { tags: [...member.tags] }),
    };
  }

  #spend(text: string): void {
    this.#text += text.length + 16;
    if (this.#text > MAX_TEXT)
      throw new DescriptorError('types', `the types take more than ${String(MAX_TEXT)} characters`);
  }
}

const signed = (type: { signed: boolean }): { signed?: true } => (type.signed ? { signed: true } : {});
