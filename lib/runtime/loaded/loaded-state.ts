import path from 'node:path';
import { wrapBtf, type Btf } from '../../btf/api/btf';
import { RawBtf } from '../../btf/records/record-table';
import { ArgumentError, UnsupportedError } from '../../errors';
import { loadAddon } from '../../native/load/load';
import type { NativeElements } from '../../native/surface/elements';
import { Internals } from '../../util/internals';
import { OURS } from '../../util/ours';
import { closeAll, type Closable } from '../../util/closable';
import { BpfMap } from '../map/bpf-map';
import { mapOfLoaded } from '../map/open-map';
import type { BpfProgram } from '../program/bpf-program';
import type { ProgramInfo } from '../program/program-info';
import { ObjectSymbols, type VariableSymbol } from '../section/variables';
import { accessToLoaded, LoadedSection } from './loaded-section';
import { KERNEL_NAME_LENGTH, wholeMapName, wholeProgramName } from './whole-names';
import type { LoadedObject } from './loaded-object';

/** What stands behind a LoadedObject: handles of its own of programs and maps, and the BTF that belongs to them. */
export class LoadedState {
  name = 'the loaded object';
  readonly maps = new Map<string, BpfMap>();
  readonly programs = new Map<string, BpfProgram>();
  readonly sections = new Map<string, LoadedSection>();
  closed = false;
  readonly #mapIds = new Map<number, string>();
  readonly #btfs = new Map<number, RawBtf>();
  readonly #symbols = new Map<number, ObjectSymbols>();
  /** The BTF of each section. */
  readonly #ofSection = new Map<string, ObjectSymbols>();
  readonly #handles = new Set<Closable>();
  /** The ids of the maps that the programs use. */
  readonly #used = new Set<number>();
  readonly #readers = new Set<Closable>();
  #api: Btf | undefined;

  get empty(): boolean {
    return this.maps.size === 0 && this.programs.size === 0;
  }

  programNames(): string[] {
    return [...this.programs.keys()];
  }

  /** Its maps are added by addMapsOfPrograms(). */
  addProgram(program: BpfProgram): ProgramInfo {
    this.#handles.add(program);
    const info = program.info();
    const whole = wholeProgramName(this.#btf(info.btfId), info.name);
    // Of one name: the first stands; all of their maps count.
    if (!this.programs.has(whole)) this.programs.set(whole, program);
    for (const id of info.mapIds) this.#used.add(id);
    return info;
  }

  addMapsOfPrograms(): void {
    for (const id of this.#used) this.addMapById(id);
  }

  addMapById(id: number): void {
    if (!this.#mapIds.has(id)) this.#addMap(loadAddon().openMapById(id, 0), undefined);
  }

  addPinnedMap(file: string): void {
    this.#addMap(loadAddon().openPinnedMap(file, 0), path.basename(file));
  }

  addMapByFd(fd: number): void {
    this.#addMap(loadAddon().openMapByFd(fd), undefined);
  }

  /** The first BTF that is there. */
  btf(): RawBtf | undefined {
    const [first] = this.#btfs.values();
    return first;
  }

  /** @throws UnsupportedError where there is none */
  get api(): Btf {
    const raw = this.btf();
    if (raw === undefined) throw new UnsupportedError(`${this.name} was loaded without BTF`);
    return (this.#api ??= wrapBtf(raw));
  }

  /** All variables of a name, in whichever section. */
  named(name: string): readonly VariableSymbol[] {
    const found: VariableSymbol[] = [];
    for (const [section, symbols] of this.#ofSection) {
      found.push(...symbols.named(name).filter((symbol) => symbol.section === section));
    }
    return found;
  }

  /** All names of variables, for suggestions. */
  *names(): Generator<string, void, undefined> {
    for (const [section, symbols] of this.#ofSection) {
      for (const { name } of symbols.ofSection(section)) yield name;
    }
  }

  close(): void {
    this.closed = true;
    try {
      closeAll(this.#readers);
    } finally {
      for (const section of this.sections.values()) accessToLoaded(section).close();
      closeAll(this.#handles);
    }
  }

  #addMap(native: NativeElements, pin: string | undefined): void {
    let map: BpfMap;
    let key: string;
    try {
      const info = native.info();
      if (this.#mapIds.has(info.id)) {
        native.close();
        return;
      }
      const btf = this.#btf(info.btfId);
      const section = sectionOf(btf, info.btfValueTypeId);
      key = section ?? wholeName(btf, info, pin);
      const other = this.maps.has(key) ? [...this.#mapIds].find(([, name]) => name === key) : undefined;
      if (other !== undefined) {
        throw new ArgumentError(
          `maps ${String(other[0])} and ${String(info.id)} are both named '${key}': ${this.name} is of several objects; ` +
            'make a LoadedObject of each',
        );
      }
      const opened = mapOfLoaded(native, key, {
        btf: () => this.#needBtf(info.btfId, key),
        btfBytes: () => loadAddon().btfById(info.btfId, true).bytes,
        readers: this.#readers,
      });
      map = new BpfMap(OURS, opened.state, opened.int64);
      this.#mapIds.set(info.id, key);
      if (section !== undefined && btf !== undefined) {
        const symbols = this.#symbolsOf(info.btfId, btf);
        this.#ofSection.set(section, symbols);
        const { source } = opened.state;
        this.sections.set(
          section,
          new LoadedSection(OURS, { name: section, map, source, symbols, object: this.name }),
        );
      }
    } catch (error) {
      native.close();
      throw error;
    }
    this.maps.set(key, map);
    this.#handles.add(map);
  }

  #needBtf(id: number, map: string): RawBtf {
    const btf = this.#btf(id) ?? this.btf();
    if (btf !== undefined) return btf;
    throw new UnsupportedError(
      `map '${map}' of ${this.name} was loaded without BTF: its types are not known`,
    );
  }

  /** Read once for each id. */
  #btf(id: number): RawBtf | undefined {
    if (id === 0) return undefined;
    let btf = this.#btfs.get(id);
    if (btf === undefined) {
      btf = RawBtf.parse(loadAddon().btfById(id, true).bytes, `BTF ${String(id)}`);
      this.#btfs.set(id, btf);
    }
    return btf;
  }

  #symbolsOf(id: number, btf: RawBtf): ObjectSymbols {
    let symbols = this.#symbols.get(id);
    if (symbols === undefined) this.#symbols.set(id, (symbols = new ObjectSymbols(btf)));
    return symbols;
  }
}

/** A section's map has its DATASEC as the type of its value. */
function sectionOf(btf: RawBtf | undefined, valueTypeId: number): string | undefined {
  if (btf === undefined || valueTypeId === 0 || btf.kindOf(valueTypeId) !== 'datasec') return undefined;
  return btf.nameOf(valueTypeId);
}

/** From the BTF, or from the pin, which loaders name as the map with '_' for a dot. */
function wholeName(
  btf: RawBtf | undefined,
  info: Parameters<typeof wholeMapName>[1],
  pin: string | undefined,
): string {
  const whole = wholeMapName(btf, info);
  const cut = whole.length === KERNEL_NAME_LENGTH && pin?.startsWith(whole.replaceAll('.', '_')) === true;
  return cut ? pin : whole;
}

const states = new Internals<LoadedObject, LoadedState>();

export function keepLoadedState(object: LoadedObject, state: LoadedState): void {
  states.keep(object, state);
}

/** undefined for anything else. */
export function loadedStateOf(object: LoadedObject): LoadedState | undefined {
  return states.of(object);
}
