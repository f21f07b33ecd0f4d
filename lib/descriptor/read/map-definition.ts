/**
 * BTF-defined maps: a variable in `.maps` whose struct type says everything. Numbers are the lengths of array types
 * (`int (*max_entries)[1024]`), key and value are what pointers point to (bpf_helpers.h: __uint, __type, __array).
 */
import type { RawBtf } from '../../btf/records/record-table';
import type { RawMember, RawStruct } from '../../btf/records/records';
import { skipModifiers } from '../../btf/layout/modifiers';
import { resolveType } from '../../btf/layout/resolve';
import type { Type } from '../../btf/layout/layout-model';
import { mapTypeName } from '../../uapi/map-types';
import type { InnerMapDescription, MapDescription } from '../types';
import type { TypesWriter } from './types-writer';

type Definition = Omit<MapDescription, 'name' | 'extern' | 'weak' | 'tags'>;

/** LIBBPF_PIN_BY_NAME of bpf_helpers.h. */
const PIN_BY_NAME = 1;

/** What the definition of the map whose VAR is `id` says. */
export function mapDefinition(btf: RawBtf, id: number, types: TypesWriter): Definition {
  const struct = skipModifiers(btf, id).target;
  if (struct.kind !== 'struct')
    throw btf.error(id, `is in .maps, but is no struct that defines a map: it is ${struct.kind}`);
  return new DefinitionReader(btf, struct, types).read(true);
}

class DefinitionReader {
  readonly #btf: RawBtf;
  readonly #struct: RawStruct;
  readonly #types: TypesWriter;

  constructor(btf: RawBtf, struct: RawStruct, types: TypesWriter) {
    this.#btf = btf;
    this.#struct = struct;
    this.#types = types;
  }

  read(outermost: boolean): Definition {
    const definition: Definition = {};
    for (const member of this.#struct.members) {
      switch (member.name) {
        case 'type':
          definition.type = mapTypeName(this.#number(member));
          break;
        case 'max_entries':
          definition.maxEntries = this.#number(member);
          break;
        case 'map_flags':
          definition.flags = this.#number(member);
          break;
        case 'key': {
          const type = this.#pointee(member);
          this.#setSize(definition, 'keySize', type.size, member);
          definition.key = this.#types.ref(type);
          break;
        }
        case 'value': {
          const type = this.#pointee(member);
          this.#setSize(definition, 'valueSize', type.size, member);
          definition.value = this.#types.ref(type);
          break;
        }
        case 'key_size':
          this.#setSize(definition, 'keySize', this.#number(member), member);
          break;
        case 'value_size':
          this.#setSize(definition, 'valueSize', this.#number(member), member);
          break;
        case 'values':
          if (!outermost) throw this.#fail(member, 'map definitions can be nested only once');
          this.#setSize(definition, 'valueSize', 4, member);
          this.#setInner(definition, member);
          break;
        case 'pinning':
          if (this.#number(member) === PIN_BY_NAME) definition.pinned = true;
          break;
        // map_extra, numa_node and what is newer do not matter to user space.
      }
    }
    return inFieldOrder(definition);
  }

  #setSize(definition: Definition, field: 'keySize' | 'valueSize', size: number, member: RawMember): void {
    const known = definition[field];
    if (known !== undefined && known !== size) {
      throw this.#fail(member, `says ${String(size)} bytes, but another member says ${String(known)}`);
    }
    definition[field] = size;
  }

  /** __uint: `int (*name)[value]`. */
  #number(member: RawMember): number {
    const pointer = skipModifiers(this.#btf, member.type).target;
    const array = pointer.kind === 'ptr' ? this.#btf.type(pointer.type) : undefined;
    if (array?.kind !== 'array')
      throw this.#fail(member, 'must be written __uint(name, value): a pointer to an array');
    return array.length;
  }

  /** __type: `typeof(T) *name`. */
  #pointee(member: RawMember): Type {
    const pointer = this.#btf.type(member.type);
    if (pointer.kind !== 'ptr') throw this.#fail(member, 'must be written __type(name, type): a pointer');
    return resolveType(this.#btf, pointer.type);
  }

  /** __array(values, …): an array without length of pointers to map definitions, or to functions in a prog_array. */
  #setInner(definition: Definition, member: RawMember): void {
    const array = this.#btf.type(member.type);
    const pointer = array.kind === 'array' ? skipModifiers(this.#btf, array.type).target : undefined;
    const target = pointer?.kind === 'ptr' ? skipModifiers(this.#btf, pointer.type).target : undefined;
    if (target?.kind === 'func_proto') return;
    if (target?.kind !== 'struct') throw this.#fail(member, 'must be written __array(values, struct …)');
    const inner: InnerMapDescription = new DefinitionReader(this.#btf, target, this.#types).read(false);
    definition.inner = inner;
  }

  #fail(member: RawMember, problem: string): Error {
    return this.#btf.error(this.#struct.id, `map definition: '${member.name}' ${problem}`);
  }
}

/** Sources list the members in any order; descriptors have one. */
function inFieldOrder(definition: Definition): Definition {
  const { type, key, value, keySize, valueSize, maxEntries, flags, pinned, inner } = definition;
  return {
    ...(type === undefined ? {} : { type }),
    ...(key === undefined ? {} : { key }),
    ...(value === undefined ? {} : { value }),
    ...(keySize === undefined ? {} : { keySize }),
    ...(valueSize === undefined ? {} : { valueSize }),
    ...(maxEntries === undefined ? {} : { maxEntries }),
    ...(flags === undefined ? {} : { flags }),
    ...(pinned === undefined ? {} : { pinned }),
    ...(inner === undefined ? {} : { inner }),
  };
}
