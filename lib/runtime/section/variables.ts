/**
 * Which variables an object's BTF knows, by section and by name: one linear pass over its DATASECs. libbpf's
 * bpf_object__open_subskeleton walks a section anew for each variable, and takes the first one of that name whatever
 * its linkage; here the global wins.
 */
import type { RawBtf } from '../../btf/records/record-table';
import { formatDeclaration } from '../../btf/spell/spell';
import type { Linkage } from '../../btf/records/records';
import { resolveType } from '../../btf/layout/resolve';
import type { Type } from '../../btf/layout/layout-model';

/** One variable in one section. Its type and declaration are made when they are asked for. */
export class VariableSymbol {
  readonly #btf: RawBtf;
  readonly #typeId: number;
  #type: Type | undefined;
  #declaration: string | undefined;
  /** Whether libbpf has been asked where it sees the variable, and agreed. */
  confirmed = false;

  constructor(
    btf: RawBtf,
    readonly section: string,
    readonly name: string,
    readonly offset: number,
    /** Bytes, as the DATASEC says; of a flexible array more than its type's. */
    readonly size: number,
    readonly linkage: Linkage,
    typeId: number,
  ) {
    this.#btf = btf;
    this.#typeId = typeId;
  }

  get type(): Type {
    return (this.#type ??= resolveType(this.#btf, this.#typeId));
  }

  get declaration(): string {
    return (this.#declaration ??= formatDeclaration(this.#btf, this.#typeId, this.name));
  }
}

export class ObjectSymbols {
  readonly #bySection = new Map<string, VariableSymbol[]>();
  readonly #byName = new Map<string, VariableSymbol[]>();

  constructor(btf: RawBtf) {
    for (const id of btf.idsOfKind('datasec')) {
      const section = btf.type(id);
      if (section.kind !== 'datasec') continue;
      for (const { type, offset, size } of section.entries) {
        const variable = btf.type(type);
        // '.ksyms' has functions among its entries.
        if (variable.kind !== 'var') continue;
        const { name, linkage } = variable;
        const symbol = new VariableSymbol(btf, section.name, name, offset, size, linkage, variable.type);
        push(this.#bySection, section.name, symbol);
        push(this.#byName, name, symbol);
      }
    }
  }

  /** The variables of a section by offset; of several of one name the global one, else the first. */
  ofSection(section: string): VariableSymbol[] {
    const byName = new Map<string, VariableSymbol>();
    for (const symbol of this.#bySection.get(section) ?? []) {
      const known = byName.get(symbol.name);
      if (known === undefined || (known.linkage === 'static' && symbol.linkage !== 'static')) {
        byName.set(symbol.name, symbol);
      }
    }
    return [...byName.values()];
  }

  /** All variables of a name, in whichever section. */
  named(name: string): readonly VariableSymbol[] {
    return this.#byName.get(name) ?? [];
  }

  /** All names of variables, for suggestions. */
  names(): IterableIterator<string> {
    return this.#byName.keys();
  }
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
