import { readdirSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import type { Btf } from '../../btf/api/btf';
import { BpfError, ClosedError, NotFoundError } from '../../errors';
import { DEEP, ensureStack } from '../../native/load/ensure-stack';
import { checkInteger, checkOptions, checkString, refuse } from '../../util/check';
import { markCopy } from '../../util/copies';
import { found } from '../../util/found';
import { hasCode } from '../../util/has-code';
import { checkOurs, OURS } from '../../util/ours';
import { show } from '../../util/show';
import { kernel } from '../kernel/kernel';
import { BpfMap } from '../map/bpf-map';
import { BpfProgram } from '../program/bpf-program';
import { keepLoadedState, LoadedState } from './loaded-state';
import type { LoadedSection } from './loaded-section';

/** A program that is in the kernel: by its id, the path of its pin, its descriptor, or as a BpfProgram. */
export type ProgramSource = BpfProgram | number | string | { readonly fd: number };

/** A map that is in the kernel, likewise. */
export type MapSource = BpfMap | number | string | { readonly fd: number };

export interface LoadedProgramOptions {
  /**
   * Whether the other programs that were loaded with it belong to it: those with the same BTF. Default true where this process may list
   * programs (CAP_SYS_ADMIN).
   */
  readonly siblings?: boolean | undefined;
}

/**
 * Maps and programs that are in the kernel already, whoever loaded them, as something that a subskeleton opens on. It owns
 * descriptors and mappings only: the programs live and die with their loader, but memory that is mapped stays.
 *
 * Sections are found through the maps that the programs use, their variables through the BTF that was loaded with them:
 * CAP_SYS_ADMIN, kernel 5.2. What was attached through it is ended by its close().
 */
export class LoadedObject {
  readonly #state: LoadedState;
  /** What it was found by, for messages: "program 'on_request' (id 17)". */
  readonly name: string;

  private constructor(ours: typeof OURS, state: LoadedState) {
    checkOurs(ours, 'LoadedObject', 'LoadedObject.fromProgram() and its like give one');
    this.#state = state;
    this.name = state.name;
    keepLoadedState(this, state);
  }

  /**
   * What a program is part of: the programs that were loaded with it, and the maps that those use.
   * @throws BpfError ENOENT where there is no such program; EPERM
   */
  static fromProgram(program: ProgramSource, options: LoadedProgramOptions = {}): LoadedObject {
    checkOptions<LoadedProgramOptions>(options, 'options', { siblings: 'boolean' });
    return LoadedObject.#made((state) => {
      const { id, name, btfId } = state.addProgram(openProgram(program, 'program'));
      state.name = `program '${name}' (id ${String(id)})`;
      if (options.siblings !== false && btfId !== 0) addSiblings(state, id, btfId, options.siblings === true);
      state.addMapsOfPrograms();
    });
  }

  /** What several programs are parts of: themselves, and the maps that they use. @throws BpfError; ArgumentError if they have two sections of one name */
  static fromPrograms(programs: readonly ProgramSource[]): LoadedObject {
    const given: unknown = programs;
    if (!Array.isArray(given) || given.length === 0) refuse('programs', 'an array of programs', given);
    return LoadedObject.#made((state) => {
      programs.forEach((program, at) => {
        state.addProgram(openProgram(program, `programs[${String(at)}]`));
      });
      state.name = `${String(programs.length)} programs ('${state.programNames()[0] ?? ''}' first)`;
      state.addMapsOfPrograms();
    });
  }

  /** These maps, and no programs. @throws BpfError; ArgumentError if they have two sections of one name */
  static fromMaps(maps: readonly MapSource[]): LoadedObject {
    const given: unknown = maps;
    if (!Array.isArray(given) || given.length === 0) refuse('maps', 'an array of maps', given);
    return LoadedObject.#made((state) => {
      state.name = `${String(maps.length)} maps`;
      maps.forEach((map, at) => {
        addMap(state, map, `maps[${String(at)}]`);
      });
    });
  }

  /**
   * The programs and maps that are pinned in a folder of a BPF file system (`bpftool prog loadall`, bpf_object__pin), and the maps that
   * those programs use; links are left out. @throws BpfError; NotFoundError where none is pinned there
   */
  static fromPins(folder: string): LoadedObject {
    checkString(folder, 'folder');
    return LoadedObject.#made((state) => {
      state.name = `the pins in ${folder}`;
      const files = readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(folder, entry.name));
      for (const file of files) addPin(state, file);
      if (state.empty) throw new NotFoundError(`no program and no map is pinned in ${folder}`);
      state.addMapsOfPrograms();
    });
  }

  /** The maps by name, those of sections by the section's ('.bss'). Names of more than 15 characters are whole where the BTF tells them. */
  get maps(): ReadonlyMap<string, BpfMap> {
    return this.#open().maps;
  }

  /** The programs by name, likewise. They attach by their descriptor; `section` is ''. */
  get programs(): ReadonlyMap<string, BpfProgram> {
    return this.#open().programs;
  }

  /** The data sections by name, each with its variables. */
  get sections(): ReadonlyMap<string, LoadedSection> {
    return this.#open().sections;
  }

  /** A map that must be there. @throws NotFoundError */
  map(name: string): BpfMap {
    return found('map', name, this.maps, this.name);
  }

  /** A program that must be there. @throws NotFoundError */
  program(name: string): BpfProgram {
    return found('program', name, this.programs, this.name);
  }

  /** A section that must be there. @throws NotFoundError */
  section(name: string): LoadedSection {
    return found('section', name, this.sections, this.name);
  }

  /** The BTF that was loaded with it; of several the first. @throws UnsupportedError where there is none */
  get btf(): Btf {
    return this.#open().api;
  }

  /** Whether close() was called. */
  get closed(): boolean {
    return this.#state.closed;
  }

  /** Ends the links that were made through its programs, and lets go of descriptors and mappings. Safe to call more than once. */
  close(): void {
    if (this.#state.closed) return;
    ensureStack(DEEP);
    this.#state.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  [inspect.custom](_depth: number, options: object): string {
    return show(
      'LoadedObject',
      {
        name: () => this.name,
        maps: () => [...this.maps.keys()],
        programs: () => [...this.programs.keys()],
      },
      options,
    );
  }

  #open(): LoadedState {
    if (this.#state.closed) throw new ClosedError(`${this.name}: it is closed`);
    return this.#state;
  }

  /** All of it, or nothing stays open. */
  static #made(collect: (state: LoadedState) => void): LoadedObject {
    const state = new LoadedState();
    try {
      collect(state);
      return new LoadedObject(OURS, state);
    } catch (error) {
      state.close();
      throw error;
    }
  }
}

markCopy(LoadedObject);

/** A handle of its own: closing what the caller gave changes nothing. */
function openProgram(source: ProgramSource, name: string): BpfProgram {
  if (typeof source === 'number') return BpfProgram.fromId(source);
  if (typeof source === 'string') return BpfProgram.openPinned(source);
  return BpfProgram.fromFd(descriptorOf(source, name, 'a BpfProgram'));
}

function addMap(state: LoadedState, source: MapSource, name: string): void {
  if (typeof source === 'number') {
    checkInteger(source, name, 1, 0xffff_ffff);
    state.addMapById(source);
  } else if (typeof source === 'string') {
    state.addPinnedMap(source);
  } else {
    state.addMapByFd(descriptorOf(source, name, 'a BpfMap'));
  }
}

function descriptorOf(source: { readonly fd: number }, name: string, what: string): number {
  const given: unknown = source;
  if (typeof given !== 'object' || given === null || !('fd' in given)) {
    refuse(name, `${what}, an id, the path of a pin, or { fd }`, given);
  }
  const { fd } = given;
  checkInteger(fd, `${name}.fd`, 0, 0x7fff_ffff);
  return fd;
}

/** A pin is of a program, of a map, or of something that does not belong here. */
function addPin(state: LoadedState, file: string): void {
  try {
    state.addProgram(BpfProgram.openPinned(file));
    return;
  } catch (error) {
    if (!hasCode(error, 'ERR_INVALID_ARG')) throw error;
  }
  try {
    state.addPinnedMap(file);
  } catch (error) {
    if (!hasCode(error, 'ERR_INVALID_ARG')) throw error;
  }
}

/** A loader loads its BTF once for all its programs, and each time anew: the same id is the same load. */
function addSiblings(state: LoadedState, first: number, btfId: number, wanted: boolean): void {
  try {
    for (const { id, btfId: other } of kernel.programs()) {
      if (id !== first && other === btfId) state.addProgram(BpfProgram.fromId(id));
    }
  } catch (error) {
    if (wanted || !(error instanceof BpfError) || !hasCode(error, 'EPERM')) throw error;
  }
}
