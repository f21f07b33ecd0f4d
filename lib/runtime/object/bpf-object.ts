import { inspect } from 'node:util';
import path from 'node:path';
import { RawBtf } from '../../btf/records/record-table';
import { checkBytes, checkString, refuse } from '../../util/check';
import { AlreadyLoadedError, ClosedError, NotFoundError, UnsupportedError } from '../../errors';
import { closeAll, type Closable } from '../../events/reader/record-map';
import type { LogLevel, NativeAddon } from '../../native/surface/addon';
import type { NativeObject } from '../../native/surface/object';
import { loadAddon } from '../../native/load/load';
import { explainLoad } from '../../native/failure/needing';
import { wrapBtf, type Btf } from '../../btf/api/btf';
import { BpfLink } from '../link/bpf-link';
import { BpfMap } from '../map/bpf-map';
import { sharedOf } from '../map/defined-map';
import type { BpfProgram } from '../program/bpf-program';
import { collectMembers, found, partsOf, type Members } from './members';
import { checkOpenOptions, type OpenOptions } from './open-options';
import type { Section } from '../section/section';
import type { StructOps } from '../program/struct-ops';
import { ObjectSymbols } from '../section/variables';
import { show } from '../../util/show';

type Phase = 'opened' | 'prepared' | 'loaded' | 'closed';

/**
 * A BPF object (`struct bpf_object`): open, perhaps configure, load, use, close.
 *
 * It owns everything that is made through it: maps, programs, links, mappings; close() releases all of them.
 */
export class BpfObject {
  readonly #native: NativeObject;
  readonly #addon: NativeAddon;
  readonly #logLevel: LogLevel;
  readonly #links = new Set<BpfLink>();
  readonly #readers = new Set<Closable>();
  #phase: Phase = 'opened';
  #loadFailed = false;
  #rawBtf: RawBtf | null | undefined;
  #btf: Btf | undefined;
  #symbols: ObjectSymbols | undefined;
  #members: Members | undefined;

  /** bpf_object__name */
  readonly name: string;

  private constructor(addon: NativeAddon, native: NativeObject, logLevel: LogLevel) {
    this.#addon = addon;
    this.#native = native;
    this.#logLevel = logLevel;
    this.name = native.name;
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
      return new BpfObject(addon, addon.openFile(path.resolve(source), open), logLevel);
    }
    checkBytes(source, 'source (a path or the bytes of an object)');
    return new BpfObject(addon, addon.openMemory(source, open), logLevel);
  }

  /** Whether load() has succeeded. */
  get loaded(): boolean {
    return this.#phase === 'loaded';
  }

  get closed(): boolean {
    return this.#phase === 'closed';
  }

  /** @internal */
  get phase(): Phase {
    return this.#phase;
  }

  /** @internal */
  get addon(): NativeAddon {
    return this.#addon;
  }

  /** The object's own BTF: its types, also those that no map or variable has. @throws UnsupportedError where it was compiled without */
  get btf(): Btf {
    const raw = this.rawBtf;
    return (this.#btf ??= wrapBtf(raw));
  }

  /** @internal */
  get rawBtf(): RawBtf {
    this.#open('read the BTF');
    if (this.#rawBtf === undefined) {
      const bytes = this.#native.btf();
      this.#rawBtf = bytes && RawBtf.parse(bytes, `BTF of object '${this.name}'`);
    }
    if (this.#rawBtf === null) {
      throw new UnsupportedError(`object '${this.name}' has no BTF: compile it with clang -g`);
    }
    return this.#rawBtf;
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

  /** A map that must be there. @throws NotFoundError */
  map(name: string): BpfMap {
    return found('map', name, this.maps, this.name);
  }

  /** A program that must be there. @throws NotFoundError */
  program(name: string): BpfProgram {
    return found('program', name, this.programs, this.name);
  }

  /** A section that must be there. @throws NotFoundError */
  section(name: string): Section {
    return found('section', name, this.sections, this.name);
  }

  /** The attachments made through this object that are still open. */
  get links(): readonly BpfLink[] {
    return [...this.#links].filter((link) => !link.closed);
  }

  /** Creates the maps and relocates, without loading the programs; load() goes on from there. bpf_object__prepare, libbpf 1.6 */
  prepare(): void {
    this.#create('prepare', 'prepared', () => {
      this.#native.prepare();
    });
  }

  /**
   * Creates the maps, loads the programs into the kernel. Variables stay valid: they are the kernel's memory from
   * here on. bpf_object__load
   * @throws BpfError with the verifier's log where it rejects a program; EPERM names the missing capability
   */
  load(): void {
    this.#create('load', 'loaded', () => {
      this.#native.load();
    });
  }

  /** Registers a struct_ops map with the kernel. bpf_map__attach_struct_ops, kernel 5.6 */
  attachStructOps(map: BpfMap): BpfLink {
    if (!(map instanceof BpfMap)) refuse('map', 'a BpfMap', map);
    this.#open(`attach struct_ops '${map.name}'`);
    const native = this.#native.findMap(map.name);
    if (native === null) throw new NotFoundError(`object '${this.name}' has no map '${map.name}'`);
    // Another object's map may have the same name.
    if (sharedOf(this.map(map.name)) !== sharedOf(map)) refuse('map', `a map of object '${this.name}'`, map);
    return new BpfLink(native.attachStructOps(), map, this.#links);
  }

  /** Closes its links, then releases everything. Twice is fine. bpf_object__close */
  close(): void {
    if (this.#phase === 'closed') return;
    const sections = this.#members?.sections.values() ?? [];
    const maps = this.#members?.maps.values() ?? [];
    this.#phase = 'closed';
    try {
      closeAll(this.#readers);
    } finally {
      this.#links.clear();
      for (const section of sections) section.close();
      for (const map of maps) sharedOf(map).closeMemory();
      // Destroys the links first.
      this.#native.close();
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
        phase: () => this.phase,
        maps: () => [...this.maps.keys()],
        programs: () => [...this.programs.keys()],
        links: () => this.links.length,
      },
      options,
    );
  }

  /** @internal Which variables the BTF knows; afresh after a resize. */
  get symbols(): ObjectSymbols {
    this.#symbols ??= new ObjectSymbols(this.rawBtf);
    return this.#symbols;
  }

  /** @internal */
  btfBytes(): Uint8Array {
    return this.#native.btf() ?? new Uint8Array(0);
  }

  /** @internal */
  forgetSymbols(): void {
    this.#rawBtf = undefined;
    this.#btf = undefined;
    this.#symbols = undefined;
  }

  /** @internal bpf_object__open_subskeleton */
  resolve(request: Parameters<NativeObject['openSubskeleton']>[0]): Float64Array {
    this.#open('open a subskeleton');
    return this.#native.openSubskeleton(request).offsets;
  }

  #open(operation: string): void {
    if (this.#phase === 'closed') throw new ClosedError(`${operation}: object '${this.name}' is closed`);
  }

  #create(operation: 'prepare' | 'load', phase: 'prepared' | 'loaded', create: () => void): void {
    this.#open(operation);
    const before = this.#phase;
    if (before === phase || before === 'loaded') {
      throw new AlreadyLoadedError(`${operation}: object '${this.name}' is ${before} already`);
    }
    if (this.#loadFailed) {
      throw new AlreadyLoadedError(
        `${operation}: loading object '${this.name}' failed before, and libbpf tries only once; open it anew`,
      );
    }
    // What nobody has asked for yet has nothing to hand over: it is looked at when somebody does.
    const sections = [...(this.#members?.sections.values() ?? [])];
    if (before === 'opened') for (const section of sections) section.handOver();
    this.#addon.setLogLevel(this.#logLevel);
    try {
      create();
    } catch (error) {
      this.#loadFailed = true;
      throw explainLoad(error, partsOf(this.#all()));
    }
    this.#phase = phase;
    for (const section of sections) section.adopt();
  }

  #all(): Members {
    this.#open('list maps and programs');
    this.#members ??= collectMembers(this, this.#native, this.#links, this.#readers);
    return this.#members;
  }
}
