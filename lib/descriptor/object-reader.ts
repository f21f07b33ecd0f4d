/** Collects what a descriptor says from an object's symbols and BTF. */
import type { Btf } from '../btf/btf';
import { formatDeclaration } from '../btf/format';
import type { RawFunction, RawSection, RawVariable } from '../btf/raw';
import { resolveType } from '../btf/resolve';
import { SHF_EXECINSTR, SHT_PROGBITS } from '../elf/constants';
import type { Elf, ElfSymbol } from '../elf/elf';
import { ElfError } from '../errors';
import { mapDefinition } from './map-definition';
import { isDataSection, isStructOpsSection, KCONFIG_SECTION, KSYMS_SECTION, MAPS_SECTION } from './sections';
import { isHidden, ObjectSymbols, weakFlag } from './symbols';
import { DESCRIPTOR_VERSION } from './types';
import type {
  Descriptor,
  FunctionDescription,
  KsymDescription,
  MapDescription,
  ProgramDescription,
  VariableDescription,
} from './types';
import { TypesWriter } from './types-writer';

/** A thing with the place that decides the order of the descriptor: defined ones by section and offset, then externs. */
interface Placed<T> {
  readonly section: string;
  readonly offset: number;
  readonly value: T;
}

export class ObjectReader {
  readonly #elf: Elf;
  readonly #btf: Btf;
  readonly #symbols: ObjectSymbols;
  readonly #types = new TypesWriter();
  readonly #functions = new Map<string, RawFunction>();

  constructor(elf: Elf, btf: Btf) {
    this.#elf = elf;
    this.#btf = btf;
    this.#symbols = new ObjectSymbols(elf);
    for (const id of btf.idsOfKind('func')) {
      const type = btf.type(id);
      // A static function may share its name with the global one that we look for.
      if (type.kind === 'func' && (type.linkage !== 'static' || !this.#functions.has(type.name))) {
        this.#functions.set(type.name, type);
      }
    }
  }

  describe(name: string): Descriptor {
    if (this.#elf.section('maps') !== undefined) {
      throw new ElfError(
        `${this.#elf.source}: section 'maps'`,
        'has map definitions of the old kind (struct bpf_map_def), which libbpf 1.0 dropped; define maps in SEC(".maps")',
      );
    }
    const license = this.#license();
    const sections = [...this.#btf.idsOfKind('datasec')].map((id) => this.#btf.type(id) as RawSection);
    const inSections = new Set(sections.flatMap((section) => section.entries.map((entry) => entry.type)));
    const plainExterns = this.#plainExterns(inSections);
    const maps = this.#maps(sections);
    return {
      version: DESCRIPTOR_VERSION,
      name,
      byteOrder: this.#elf.littleEndian ? 'little' : 'big',
      ...(license === undefined ? {} : { license }),
      maps,
      programs: this.#programs(),
      variables: [...this.#variables(sections), ...plainExterns],
      functions: this.#subprograms(inSections),
      ksyms: this.#ksyms(sections),
      structOps: this.#structOps(sections),
      types: this.#types.types,
    };
  }

  #license(): string | undefined {
    const data = this.#elf.section('license')?.data;
    if (data === undefined) return undefined;
    const end = data.indexOf(0);
    return Buffer.from(data.subarray(0, end < 0 ? data.length : end)).toString('utf8');
  }

  #variables(sections: readonly RawSection[]): VariableDescription[] {
    const found: Placed<VariableDescription>[] = [];
    for (const section of sections) {
      if (!isDataSection(section.name) && section.name !== KCONFIG_SECTION) continue;
      for (const { variable } of this.#entries(section)) {
        if (variable.linkage === 'extern') {
          const symbol = this.#symbols.declared(variable.name);
          const value = {
            ...this.#variable(variable, section.name, undefined),
            extern: true as const,
            ...weakFlag(symbol),
          };
          found.push({ section: section.name, offset: Infinity, value: ordered(value) });
        } else if (variable.linkage === 'global') {
          const symbol = this.#definition(variable);
          // libbpf and bpftool take hidden variables for static ones.
          if (isHidden(symbol)) continue;
          const value = { ...this.#variable(variable, section.name, symbol), ...weakFlag(symbol) };
          found.push({ section: section.name, offset: symbol.value, value: ordered(value) });
        }
      }
    }
    return inOrder(found);
  }

  #plainExterns(inSections: ReadonlySet<number>): VariableDescription[] {
    const found: Placed<VariableDescription>[] = [];
    for (const id of this.#btf.idsOfKind('var')) {
      const variable = this.#btf.type(id);
      if (variable.kind !== 'var' || variable.linkage !== 'extern' || inSections.has(id)) continue;
      const symbol = this.#symbols.declared(variable.name);
      const value = {
        ...this.#variable(variable, undefined, undefined),
        extern: true as const,
        ...weakFlag(symbol),
      };
      found.push({ section: '', offset: 0, value: ordered(value) });
    }
    return inOrder(found);
  }

  #structOps(sections: readonly RawSection[]): VariableDescription[] {
    const found: Placed<VariableDescription>[] = [];
    for (const section of sections) {
      if (!isStructOpsSection(section.name)) continue;
      for (const { variable, offset } of this.#entries(section)) {
        const symbol = this.#symbols.defined(variable.name) ?? this.#symbols.local(variable.name);
        const value = { ...this.#variable(variable, section.name, symbol), ...weakFlag(symbol) };
        found.push({ section: section.name, offset: symbol?.value ?? offset, value: ordered(value) });
      }
    }
    return inOrder(found);
  }

  #maps(sections: readonly RawSection[]): MapDescription[] {
    const found: Placed<MapDescription>[] = [];
    for (const section of sections) {
      if (section.name !== MAPS_SECTION) continue;
      for (const { variable } of this.#entries(section)) {
        const extern = variable.linkage === 'extern';
        if (variable.linkage === 'static') {
          throw this.#btf.error(variable.id, 'is a static map, which libbpf refuses: drop the static');
        }
        const symbol = extern ? this.#symbols.declared(variable.name) : this.#definition(variable);
        const tags = this.#btf.tagsOf(variable.id);
        const value: MapDescription = {
          name: variable.name,
          ...mapDefinition(this.#btf, variable.id, this.#types),
          ...(extern ? { extern: true as const } : {}),
          ...weakFlag(symbol),
          ...(tags.length === 0 ? {} : { tags: [...tags] }),
        };
        found.push({ section: section.name, offset: extern ? Infinity : (symbol?.value ?? 0), value });
      }
    }
    return inOrder(found);
  }

  #programs(): ProgramDescription[] {
    return this.#symbols
      .functions()
      .filter(({ section }) => isProgramSection(section) && section.name !== '.text')
      .map(({ symbol, section }) => {
        const type = this.#functions.get(symbol.name);
        const tags = type === undefined ? [] : this.#btf.tagsOf(type.id);
        return {
          name: symbol.name,
          section: section.name,
          ...(type === undefined ? {} : { c: formatDeclaration(this.#btf, type.id, symbol.name) }),
          ...weakFlag(symbol),
          ...(tags.length === 0 ? {} : { tags: [...tags] }),
        };
      });
  }

  #subprograms(inSections: ReadonlySet<number>): FunctionDescription[] {
    const own = this.#symbols
      .functions()
      .filter(
        ({ symbol, section }) => section.name === '.text' && isProgramSection(section) && !isHidden(symbol),
      )
      .map(({ symbol }) => {
        const type = this.#functions.get(symbol.name);
        const c =
          type === undefined ? `${symbol.name}()` : formatDeclaration(this.#btf, type.id, symbol.name);
        return { name: symbol.name, c, ...weakFlag(symbol) };
      });
    const externs = [...this.#functions.values()]
      .filter((type) => type.linkage === 'extern' && !inSections.has(type.id))
      .map((type) => ({
        name: type.name,
        c: formatDeclaration(this.#btf, type.id, type.name),
        extern: true as const,
        ...weakFlag(this.#symbols.declared(type.name)),
      }));
    return [...own, ...externs.sort(byName)];
  }

  #ksyms(sections: readonly RawSection[]): KsymDescription[] {
    const ksyms: KsymDescription[] = [];
    for (const section of sections) {
      if (section.name !== KSYMS_SECTION) continue;
      for (const { type: id } of section.entries) {
        const type = this.#btf.type(id);
        if (type.kind !== 'var' && type.kind !== 'func') throw this.#badEntry(section, id);
        ksyms.push({
          name: type.name,
          kind: type.kind === 'func' ? 'function' : 'variable',
          c: formatDeclaration(this.#btf, id, type.name),
          ...weakFlag(this.#symbols.declared(type.name)),
        });
      }
    }
    return ksyms.sort(byName);
  }

  #variable(
    variable: RawVariable,
    section: string | undefined,
    symbol: ElfSymbol | undefined,
  ): VariableDescription {
    const type = resolveType(this.#btf, variable.type);
    if (symbol !== undefined) this.#checkExtent(symbol, type.size);
    const tags = this.#btf.tagsOf(variable.id);
    return {
      name: variable.name,
      ...(section === undefined ? {} : { section }),
      type: this.#types.ref(type),
      // Clang writes no sizes of variables before linking: the symbol knows, also of a flexible array's elements.
      size: symbol?.size ?? type.size,
      c: formatDeclaration(this.#btf, variable.type, variable.name),
      ...(tags.length === 0 ? {} : { tags: [...tags] }),
    };
  }

  #checkExtent(symbol: ElfSymbol, typeSize: number): void {
    const place = `${this.#elf.source}: symbol '${symbol.name}'`;
    if (symbol.size < typeSize) {
      throw new ElfError(place, `has ${String(symbol.size)} bytes, but its type has ${String(typeSize)}`);
    }
    const section = this.#symbols.sectionOf(symbol);
    if (section === undefined || symbol.value + symbol.size > section.size) {
      throw new ElfError(place, `reaches past the end of section '${section?.name ?? '(none)'}'`);
    }
  }

  #definition(variable: RawVariable): ElfSymbol {
    const symbol = this.#symbols.defined(variable.name);
    if (symbol === undefined) {
      throw new ElfError(
        `${this.#elf.source}: symbol table`,
        `lacks the global variable '${variable.name}' that BTF type ${String(variable.id)} describes`,
      );
    }
    return symbol;
  }

  /** The variables of a section; extern functions are only allowed among the ksyms. */
  #entries(section: RawSection): { variable: RawVariable; offset: number }[] {
    return section.entries.map(({ type: id, offset }) => {
      const variable = this.#btf.type(id);
      if (variable.kind !== 'var') throw this.#badEntry(section, id);
      return { variable, offset };
    });
  }

  #badEntry(section: RawSection, id: number): Error {
    return this.#btf.error(section.id, `lists type ${String(id)}, which is no variable`);
  }
}

const isProgramSection = (section: { type: number; flags: number; size: number }): boolean =>
  section.type === SHT_PROGBITS && (section.flags & SHF_EXECINSTR) !== 0 && section.size > 0;

const byName = (a: { name: string }, b: { name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

/** The same input gives the same bytes, and a new variable moves no other: sections by name, variables as they stand in them. */
function inOrder<T extends { name: string }>(found: readonly Placed<T>[]): T[] {
  const compare = (a: Placed<T>, b: Placed<T>): number => {
    if (a.section !== b.section) return a.section < b.section ? -1 : 1;
    if (a.offset !== b.offset) return a.offset < b.offset ? -1 : 1;
    return byName(a.value, b.value);
  };
  return [...found].sort(compare).map(({ value }) => value);
}

/** Fields in the order of the documentation, tags last. */
function ordered(variable: VariableDescription): VariableDescription {
  const { tags, ...rest } = variable;
  return tags === undefined ? rest : { ...rest, tags };
}
