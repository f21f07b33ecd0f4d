/** The symbols of an object, by name: what it defines, what it only declares, and in which section. */
import {
  SHN_UNDEF,
  STB_LOCAL,
  STB_WEAK,
  STV_HIDDEN,
  STV_INTERNAL,
  STT_FUNC,
  STT_SECTION,
} from '../../elf/constants';
import type { Elf, ElfSection, ElfSymbol } from '../../elf/elf';

export class ObjectSymbols {
  readonly #elf: Elf;
  readonly #defined = new Map<string, ElfSymbol>();
  readonly #undefined = new Map<string, ElfSymbol>();
  readonly #local = new Map<string, ElfSymbol>();

  constructor(elf: Elf) {
    this.#elf = elf;
    for (const symbol of elf.symbols) {
      if (symbol.name === '' || symbol.type === STT_SECTION) continue;
      const table =
        symbol.bind === STB_LOCAL
          ? this.#local
          : symbol.sectionIndex === SHN_UNDEF
            ? this.#undefined
            : this.#defined;
      if (!table.has(symbol.name)) table.set(symbol.name, symbol);
    }
  }

  /** A global or weak symbol that this object defines. */
  defined(name: string): ElfSymbol | undefined {
    return this.#defined.get(name);
  }

  /** A symbol that this object refers to and does not define. */
  declared(name: string): ElfSymbol | undefined {
    return this.#undefined.get(name);
  }

  local(name: string): ElfSymbol | undefined {
    return this.#local.get(name);
  }

  /** undefined for ELF's special indices (absolute symbols). */
  sectionOf(symbol: ElfSymbol): ElfSection | undefined {
    return symbol.sectionIndex === SHN_UNDEF ? undefined : this.#elf.sections[symbol.sectionIndex];
  }

  /** Global and weak functions, by section and then by address. */
  functions(): { symbol: ElfSymbol; section: ElfSection }[] {
    const functions: { symbol: ElfSymbol; section: ElfSection }[] = [];
    for (const symbol of this.#defined.values()) {
      const section = this.sectionOf(symbol);
      if (symbol.type === STT_FUNC && section !== undefined) functions.push({ symbol, section });
    }
    return functions.sort((a, b) => a.section.index - b.section.index || a.symbol.value - b.symbol.value);
  }
}

/** Not to be seen outside the object: libbpf takes it for static. */
export const isHidden = (symbol: ElfSymbol): boolean =>
  symbol.visibility === STV_HIDDEN || symbol.visibility === STV_INTERNAL;

export const weakFlag = (symbol: ElfSymbol | undefined): { weak?: true } =>
  symbol?.bind === STB_WEAK ? { weak: true } : {};
