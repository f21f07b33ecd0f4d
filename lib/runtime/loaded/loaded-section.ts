import type { Type } from '../../btf/layout/layout-model';
import { ClosedError, UnsupportedError } from '../../errors';
import { Region } from '../../memory/region/region';
import type { Variable } from '../../memory/types';
import { loadAddon } from '../../native/load/load';
import { BPF_F_MMAPABLE } from '../../uapi/map-flags';
import { KCONFIG_SECTION } from '../../uapi/sections';
import { Internals } from '../../util/internals';
import { checkOurs, OURS } from '../../util/ours';
import type { BpfMap } from '../map/bpf-map';
import { specialFieldsOf } from '../map/elements/special-fields';
import type { MapSource } from '../map/map-state';
import { mapInto, type Release } from '../map/mapping';
import { MadeVariables } from '../section/made-variables';
import { syscallAccess } from '../section/syscall-access';
import type { ObjectSymbols, VariableSymbol } from '../section/variables';

/** What it is made of. */
export interface LoadedSectionParts {
  /** '.bss' */
  readonly name: string;
  readonly map: BpfMap;
  readonly source: MapSource;
  readonly symbols: ObjectSymbols;
  readonly object: string;
}

/** What the rest of this package does with it, and users cannot. */
interface LoadedSectionAccess {
  /** A variable of it, typed as the caller says. */
  variable(symbol: VariableSymbol, type: Type): Variable;
  close(): void;
}

const accesses = new Internals<LoadedSection, LoadedSectionAccess>();

export function accessToLoaded(section: LoadedSection): LoadedSectionAccess {
  const access = accesses.of(section);
  if (access === undefined) throw new TypeError('not a LoadedSection');
  return access;
}

/**
 * A data section of programs that are in the kernel already, with its variables: live, as those of an object of one's own.
 * The mapping keeps the memory, also when the loader ends. What is frozen ('.rodata') can only be read.
 */
export class LoadedSection {
  readonly name: string;
  /** The map that holds the section. */
  readonly map: BpfMap;
  readonly #parts: LoadedSectionParts;
  readonly #made = new MadeVariables(() => this.#memory());
  #region: Region | undefined;
  #release: Release | undefined;
  #variables: Map<string, Variable> | undefined;
  #closed = false;

  /** @internal */
  constructor(ours: typeof OURS, parts: LoadedSectionParts) {
    checkOurs(ours, 'LoadedSection', 'loaded.section() gives one');
    this.name = parts.name;
    this.map = parts.map;
    this.#parts = parts;
    accesses.keep(this, {
      variable: (symbol, type) => this.#made.get(symbol, type),
      close: () => {
        this.#close();
      },
    });
  }

  /** Bytes. */
  get size(): number {
    return this.#memory().size;
  }

  /** Whether writes are refused. */
  get readonly(): boolean {
    return this.#memory().readonly;
  }

  /** The variables by name. Where a global and a static share one, the global is meant. */
  get variables(): ReadonlyMap<string, Variable> {
    this.#memory();
    return (this.#variables ??= this.#made.all(this.#parts.symbols.ofSection(this.name)));
  }

  [Symbol.iterator](): IterableIterator<Variable> {
    return this.variables.values();
  }

  #close(): void {
    this.#closed = true;
    this.#release?.();
    this.#release = undefined;
    this.#region?.close();
  }

  #memory(): Region {
    const { object, source, symbols } = this.#parts;
    if (this.#closed) throw new ClosedError(`section '${this.name}': ${object} is closed`);
    if (this.#region !== undefined) return this.#region;
    const region = new Region(this.name);
    if (this.name === KCONFIG_SECTION) {
      region.resize(source.valueSize);
      region.fail(
        () =>
          new UnsupportedError(
            `section '${this.name}' of ${object}: where each option is in it, only its loader knows; read the options from /proc/config.gz or /boot`,
          ),
      );
    } else if ((source.flags & BPF_F_MMAPABLE) === 0) {
      region.useSyscalls(syscallAccess(source, specialFieldsOf(symbols.ofSection(this.name))));
    } else {
      this.#release = mapInto(region, loadAddon(), source.fd, source.valueSize);
    }
    return (this.#region = region);
  }
}
