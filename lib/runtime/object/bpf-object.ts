import { inspect } from 'node:util';
import path from 'node:path';
import { checkBytes, checkString, refuse } from '../../util/check';
import { AlreadyLoadedError, NotFoundError } from '../../errors';
import { closeAll } from '../../util/closable';
import { DEEP, ensureStack, SHALLOW } from '../../native/load/ensure-stack';
import { loadAddon } from '../../native/load/load';
import { explainLoad } from '../../native/failure/needing';
import type { Btf } from '../../btf/api/btf';
import { BpfLink } from '../link/bpf-link';
import type { BpfMap } from '../map/bpf-map';
import type { ElementVariable } from '../map/map-memory';
import { mapStateOf } from '../map/map-state';
import type { BpfProgram } from '../program/bpf-program';
import { collectMembers, partsOf, variableNamed, type Members } from './members';
import { keepState, ObjectState } from './object-state';
import { prefer } from './prefer';
import { checkOpenOptions, type OpenOptions } from './open-options';
import { accessTo, type Section } from '../section/section';
import type { StructOps } from './struct-ops';
import { found } from '../../util/found';
import { OURS } from '../../util/ours';
import { show } from '../../util/show';
import { markCopy } from '../../util/copies';

/**
 * A BPF object (`struct bpf_object`): open, perhaps configure, load, use, close.
 *
 * It owns everything that is made through it: maps, programs, links, mappings; close() releases all of them.
 */
export class BpfObject {
  readonly #state: ObjectState;
  #closing = false;
  #released = false;
  #members: Members | undefined;

  /** bpf_object__name */
  readonly name: string;

  private constructor(state: ObjectState) {
    this.#state = state;
    this.name = state.name;
    keepState(this, state);
  }

  /**
   * Opens an object from a file, or from its bytes (which are copied). bpf_object__open_file, bpf_object__open_mem
   * @throws BpfError ENOENT and the like; what libbpf said is on its `log`
   */
  static open(source: string | Uint8Array, options: OpenOptions = {}): BpfObject {
    checkOpenOptions(options);
    const { logLevel = 'info', ...open } = options;
    const addon = loadAddon();
    addon.setLogLevel(logLevel);
    if (typeof source === 'string') {
      checkString(source, 'source');
      return new BpfObject(new ObjectState(addon, addon.openFile(path.resolve(source), open), logLevel));
    }
    checkBytes(source, 'source (a path or the bytes of an object)');
    return new BpfObject(new ObjectState(addon, addon.openMemory(source, open), logLevel));
  }

  /** Whether load() has succeeded. */
  get loaded(): boolean {
    return this.#state.phase === 'loaded';
  }

  /** Whether close() has released everything. */
  get closed(): boolean {
    return this.#released;
  }

  /** The object's own BTF: its types, also those that no map or variable has. @throws UnsupportedError where it was compiled without */
  get btf(): Btf {
    return this.#state.btf;
  }

  /** All maps by name; a section's internal map by the section's name ('.bss'). bpf_object__next_map */
  get maps(): ReadonlyMap<string, BpfMap> {
    return this.#all().maps;
  }

  /** All programs by name. bpf_object__next_program */
  get programs(): ReadonlyMap<string, BpfProgram> {
    return this.#all().programs;
  }

  /** The data sections by name, each with its variables. */
  get sections(): ReadonlyMap<string, Section> {
    return this.#all().sections;
  }

  /** The struct_ops maps by name: their members, before load, and attach(). */
  get structOps(): ReadonlyMap<string, StructOps> {
    return this.#all().structOps;
  }

  /** A map that must be there; of the types that you say. @throws NotFoundError */
  map<K = unknown, V = unknown, In = V>(name: string): BpfMap<K, V, In> {
    return found('map', name, this.maps, `object '${this.name}'`) as BpfMap<K, V, In>;
  }

  /** A program that must be there. @throws NotFoundError */
  program(name: string): BpfProgram {
    return found('program', name, this.programs, `object '${this.name}'`);
  }

  /** A section that must be there. @throws NotFoundError */
  section(name: string): Section {
    return found('section', name, this.sections, `object '${this.name}'`);
  }

  /**
   * A variable that must be there, in whichever section, of the type that you say: the global one of this name, or the only static one.
   * @throws NotFoundError; ArgumentError where several sections have a static variable of this name: `section(…).variables` tells
   * them apart
   */
  variable<V = unknown>(name: string): ElementVariable<V> {
    return variableNamed(name, this.#state.symbols, this.sections, this.name) as ElementVariable<V>;
  }

  /** The attachments made through this object that are still open. */
  get links(): readonly BpfLink[] {
    return [...this.#state.links].filter((link) => !link.closed);
  }

  /**
   * Before load: chooses among programs that do one thing in several ways. Of the alternatives, each one or more programs that go
   * together, the first is loaded all of whose programs this kernel can run; the programs of the others are not (`autoload`). The
   * kernel is asked, by programs that do nothing: those for fentry and its like, tracepoints and kprobes are attached for a moment to
   * what the section or setAttachTarget() names. Of uprobes, and of what is attached to devices, only the kind is tried.
   * @returns the names of the programs that are chosen
   * @throws UnsupportedError where the kernel can run none, which says why of each program; AlreadyLoadedError, NotFoundError
   */
  prefer(alternatives: readonly (readonly string[])[]): string[] {
    this.#state.open('prefer');
    return prefer(this, this.#state.phase, alternatives);
  }

  /** Creates the maps and relocates, without loading the programs; load() goes on from there. bpf_object__prepare, libbpf 1.6 */
  prepare(): void {
    this.#create('prepare', 'prepared', () => {
      this.#state.native.prepare();
    });
  }

  /**
   * Creates the maps, loads the programs into the kernel. Variables stay valid: they are the kernel's memory from
   * here on. It is loaded as a whole or not at all: where a section's memory cannot be mapped afterwards, the object is closed.
   * bpf_object__load
   * @throws VerifierError where the verifier rejects a program; BpfError: EPERM names the missing capability; EMFILE, before
   * anything is tried, where descriptors are short; ENOMEM where there are too many mappings
   */
  load(): void {
    this.#create('load', 'loaded', () => {
      this.#state.native.load();
    });
  }

  /** Registers a struct_ops map with the kernel. bpf_map__attach_struct_ops, kernel 5.6 */
  attachStructOps(map: BpfMap): BpfLink {
    const given = mapStateOf(map);
    this.#state.open(`attach struct_ops '${map.name}'`);
    const native = this.#state.native.findMap(map.name);
    if (native === null) throw new NotFoundError(`object '${this.name}' has no map '${map.name}'`);
    // Another object's map may have the same name.
    if (mapStateOf(this.map(map.name)) !== given) refuse('map', `a map of object '${this.name}'`, map);
    ensureStack(SHALLOW);
    return new BpfLink(OURS, native.attachStructOps(), map, this.#state.links);
  }

  /** Closes its links, then releases everything. Safe to call more than once. bpf_object__close */
  close(): void {
    if (this.#released || this.#closing) return;
    ensureStack(DEEP);
    // What is closed halfway can only be closed: by calling this again.
    this.#state.phase = 'closed';
    this.#closing = true;
    try {
      closeAll(this.#state.readers);
    } finally {
      this.#closing = false;
      this.#state.links.clear();
      for (const section of this.#members?.sections.values() ?? []) accessTo(section).close();
      for (const map of this.#members?.maps.values() ?? []) mapStateOf(map).closeMemory();
      // Destroys the links first.
      this.#state.native.close();
      this.#released = true;
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  [inspect.custom](_depth: number, options: object): string {
    return show(
      'BpfObject',
      {
        name: () => this.name,
        phase: () => this.#state.phase,
        maps: () => [...this.maps.keys()],
        programs: () => [...this.programs.keys()],
        links: () => this.links.length,
      },
      options,
    );
  }

  #create(operation: 'prepare' | 'load', phase: 'prepared' | 'loaded', create: () => void): void {
    this.#state.open(operation);
    const before = this.#state.phase;
    if (before === phase || before === 'loaded') {
      throw new AlreadyLoadedError(`${operation}: object '${this.name}' is ${before} already`);
    }
    if (this.#state.native.failed) {
      throw new AlreadyLoadedError(
        `${operation}: loading object '${this.name}' failed before, and libbpf tries only once; open it anew`,
      );
    }
    ensureStack(DEEP);
    // Making those maps ready for the kernel is part of it.
    if (this.#members === undefined && this.#state.native.hasTypedRecords()) this.#all();
    // What nobody has asked for yet has nothing to hand over: it is looked at when somebody does.
    const sections = [...(this.#members?.sections.values() ?? [])];
    if (before === 'opened') for (const section of sections) accessTo(section).handOver();
    this.#state.addon.setLogLevel(this.#state.logLevel);
    try {
      create();
    } catch (error) {
      throw explainLoad(error, partsOf(this.#all()));
    }
    try {
      for (const section of sections) accessTo(section).adopt();
    } catch (error) {
      // Programs would run, and the variables of the other sections be stale.
      this.close();
      throw error;
    }
    this.#state.phase = phase;
  }

  #all(): Members {
    this.#state.open('list maps and programs');
    this.#members ??= collectMembers(this, this.#state);
    return this.#members;
  }
}

markCopy(BpfObject);
