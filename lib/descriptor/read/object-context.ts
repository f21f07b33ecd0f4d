/** What the readers of an object share: its symbols, its BTF by section and by name, and the types written so far. */
import type { RawBtf } from '../../btf/records/record-table';
import type { RawFunction, RawSection, RawVariable } from '../../btf/records/records';
import type { Elf, ElfSymbol } from '../../elf/elf';
import { ElfError } from '../../errors';
import { compareNames } from '../identifiers';
import { ObjectSymbols } from './elf-symbols';
import type { LeftOutVariable } from './left-out';
import { TypesWriter } from './types-writer';

/** What a descriptor is to leave out, by name and declaration tags. */
export type Omitted = (name: string, tags: readonly string[]) => boolean;

export class ObjectContext {
  readonly elf: Elf;
  readonly btf: RawBtf;
  readonly symbols: ObjectSymbols;
  readonly types = new TypesWriter();
  readonly leftOut: LeftOutVariable[] = [];
  readonly sections: readonly RawSection[];
  /** The FUNCs by name; the global one where a static one has the same. */
  readonly functions: ReadonlyMap<string, RawFunction>;
  readonly #omit: Omitted | undefined;
  readonly #inSections: ReadonlySet<number>;

  constructor(elf: Elf, btf: RawBtf, omit?: Omitted) {
    this.#omit = omit;
    this.elf = elf;
    this.btf = btf;
    this.symbols = new ObjectSymbols(elf);
    this.sections = [...btf.idsOfKind('datasec')].map((id) => btf.type(id) as RawSection);
    this.functions = functionsByName(btf);
    this.#inSections = new Set(this.sections.flatMap(({ entries }) => entries.map(({ type }) => type)));
  }

  /** Whether a VAR or FUNC is listed in a section; plain externs are in none. */
  isInSection(id: number): boolean {
    return this.#inSections.has(id);
  }

  /** The variables that BTF lists for a section. */
  variablesOf(section: RawSection): RawVariable[] {
    return section.entries.map(({ type: id }) => {
      const variable = this.btf.type(id);
      if (variable.kind !== 'var') throw this.badEntry(section, id);
      return variable;
    });
  }

  badEntry(section: RawSection, id: number): Error {
    return this.btf.error(
      section.id,
      `lists type ${String(id)}, a ${this.btf.kindOf(id)}, which cannot be there`,
    );
  }

  /** Where a global variable is: clang leaves offsets and sizes in BTF at 0 until objects are linked. */
  definitionOf(variable: RawVariable): ElfSymbol {
    const symbol = this.symbols.defined(variable.name);
    if (symbol === undefined) {
      throw new ElfError(
        `${this.elf.source}: symbol table`,
        `lacks the global variable '${variable.name}' that BTF type ${String(variable.id)} describes`,
      );
    }
    return symbol;
  }

  /** Whether the map, variable or function of that BTF type is left out. */
  isOmitted(name: string, id: number): boolean {
    return this.#omit?.(name, this.btf.tagsOf(id)) ?? false;
  }

  tagsField(id: number): { tags?: string[] } {
    const tags = this.btf.tagsOf(id);
    return tags.length === 0 ? {} : { tags: [...tags] };
  }

  /** Throws where a name is there twice: no compiler or linker makes such an object. */
  unique<T extends { readonly name: string }>(what: string, list: T[]): T[] {
    const seen = new Set<string>();
    for (const { name } of list) {
      if (name === '') throw new ElfError(`${this.elf.source}: ${what}`, 'one has no name');
      if (seen.has(name)) throw new ElfError(`${this.elf.source}: ${what}`, `'${name}' is listed twice`);
      seen.add(name);
    }
    return list;
  }
}

function functionsByName(btf: RawBtf): Map<string, RawFunction> {
  const functions = new Map<string, RawFunction>();
  for (const id of btf.idsOfKind('func')) {
    const type = btf.type(id);
    if (type.kind === 'func' && (type.linkage !== 'static' || !functions.has(type.name)))
      functions.set(type.name, type);
  }
  return functions;
}

export const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  compareNames(a.name, b.name);

/** A thing with the place that decides where it stands in the descriptor. */
export interface Placed<T> {
  /** '' stands behind all sections. */
  readonly section: string;
  readonly offset: number;
  readonly value: T;
}

/** The same input gives the same bytes, and a new variable moves no other: by section, and then as they stand in it. */
export function inOrder<T extends { readonly name: string }>(found: readonly Placed<T>[]): T[] {
  const compare = (a: Placed<T>, b: Placed<T>): number => {
    if (a.section !== b.section)
      return a.section === '' || (b.section !== '' && a.section > b.section) ? 1 : -1;
    if (a.offset !== b.offset) return a.offset < b.offset ? -1 : 1;
    return byName(a.value, b.value);
  };
  return [...found].sort(compare).map(({ value }) => value);
}
