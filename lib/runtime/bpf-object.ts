import path from 'node:path';
import { Btf } from '../btf/btf';
import { resolveType } from '../btf/resolve';
import type { Type } from '../btf/type';
import { checkBytes, checkOptions, checkString } from '../check';
import { ARENA_SECTION } from '../descriptor/sections';
import { AlreadyLoadedError, ClosedError, NotFoundError, UnsupportedError } from '../errors';
import type { LogLevel, NativeAddon, NativeOpenOptions } from '../native/addon';
import type { NativeMap } from '../native/native-map';
import type { NativeObject } from '../native/native-object';
import { loadAddon } from '../native/load';
import { explainLoad, type Part } from '../native/needing';
import { alternatives } from '../suggest';
import { BpfLink } from './bpf-link';
import { BpfMap, type MapTypes } from './bpf-map';
import { BpfProgram } from './bpf-program';
import { programKinds } from './program-kinds';
import { Section } from './section';
import { StructOps } from './struct-ops';
import { ObjectSymbols } from './symbols';

export interface OpenOptions extends NativeOpenOptions {
  /** Which of libbpf's messages errors carry; default 'info'. */
  readonly logLevel?: LogLevel | undefined;
}

const OPEN_OPTIONS = {
  name: 'string',
  kconfig: 'string',
  btfCustomPath: 'string',
  pinRootPath: 'string',
  bpfTokenPath: 'string',
  relaxedMaps: 'boolean',
  kernelLogLevel: 'integer',
  logLevel: ['none', 'warn', 'info', 'debug'],
} as const;

/** linux/bpf.h */
const BPF_MAP_TYPE_ARENA = 33;
const BPF_MAP_TYPE_STRUCT_OPS = 26;

const UNTYPED: MapTypes = { key: undefined, value: undefined };

type Phase = 'opened' | 'prepared' | 'loaded' | 'closed';

interface Members {
  readonly maps: ReadonlyMap<string, BpfMap>;
  readonly programs: ReadonlyMap<string, BpfProgram>;
  readonly sections: ReadonlyMap<string, Section>;
  readonly structOps: ReadonlyMap<string, StructOps>;
}

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
  #phase: Phase = 'opened';
  #loadFailed = false;
  #btf: Btf | null | undefined;
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
    checkOptions(options, 'options', OPEN_OPTIONS);
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

  /** The object's own BTF. @throws UnsupportedError where it was compiled without */
  get btf(): Btf {
    this.#open('read the BTF');
    if (this.#btf === undefined) {
      const bytes = this.#native.btf();
      this.#btf = bytes && Btf.parse(bytes, `BTF of object '${this.name}'`);
    }
    if (this.#btf === null) {
      throw new UnsupportedError(`object '${this.name}' has no BTF: compile it with clang -g`);
    }
    return this.#btf;
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
    this.#open(`attach struct_ops '${map.name}'`);
    const native = this.#native.findMap(map.name);
    if (native === null) throw new NotFoundError(`object '${this.name}' has no map '${map.name}'`);
    const link = new BpfLink(native.attachStructOps(), map);
    this.#links.add(link);
    return link;
  }

  /** Closes its links, then releases everything. Twice is fine. bpf_object__close */
  close(): void {
    if (this.#phase === 'closed') return;
    const sections = this.#members?.sections.values() ?? [];
    this.#phase = 'closed';
    for (const link of this.#links) link.close();
    this.#links.clear();
    for (const section of sections) section.close();
    this.#native.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** @internal Which variables the BTF knows; afresh after a resize. */
  get symbols(): ObjectSymbols {
    this.#symbols ??= new ObjectSymbols(this.btf);
    return this.#symbols;
  }

  /** @internal */
  forgetSymbols(): void {
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
    const sections = [...this.#all().sections.values()];
    if (before === 'opened') for (const section of sections) section.handOver();
    this.#addon.setLogLevel(this.#logLevel);
    try {
      create();
    } catch (error) {
      this.#loadFailed = true;
      throw explainLoad(error, this.#parts());
    }
    this.#phase = phase;
    for (const section of sections) section.adopt();
  }

  /** What the kernel had to know. */
  #parts(): Part[] {
    const maps = [...this.maps.values()].filter(({ autocreate }) => autocreate);
    const programs = [...this.programs.values()].filter(({ autoload }) => autoload);
    return [
      ...maps.map(({ name, type }): Part => ({ name, mapType: type })),
      ...programs.map((program): Part => ({ name: program.name, ...programKinds(program) })),
    ];
  }

  #all(): Members {
    this.#open('list maps and programs');
    this.#members ??= this.#collect();
    return this.#members;
  }

  #collect(): Members {
    const maps = new Map<string, BpfMap>();
    const sections = new Map<string, Section>();
    const structOps = new Map<string, StructOps>();
    for (const native of this.#native.maps()) {
      const reused = (): void => sections.get(native.section)?.adopt();
      const map = new BpfMap(native, this.#mapTypes(native), 'bigint', reused);
      maps.set(map.section ?? map.name, map);
      if (native.type === BPF_MAP_TYPE_STRUCT_OPS) {
        structOps.set(map.name, new StructOps(native, map as BpfMap<number>, this));
      }
      const section = this.#sectionOf(native);
      if (section !== undefined) sections.set(section, new Section(section, map, native, this));
    }
    const programs = new Map<string, BpfProgram>();
    for (const native of this.#native.programs()) {
      programs.set(native.name, new BpfProgram(native, (link) => this.#links.add(link)));
    }
    return { maps, programs, sections, structOps };
  }

  /** An arena is no internal map, but where there are arena variables, it holds them. */
  #sectionOf({ section, type }: NativeMap): string | undefined {
    if (section !== '') return section;
    const hasVariables = type === BPF_MAP_TYPE_ARENA && this.symbols.ofSection(ARENA_SECTION).length > 0;
    return hasVariables ? ARENA_SECTION : undefined;
  }

  /** Asked for before load, which forgets the type ids of many kinds of maps (bpf_object__create_map in libbpf). */
  #mapTypes(native: NativeMap): () => MapTypes {
    const { btfKeyTypeId, btfValueTypeId, section } = native;
    // A section's map has its DATASEC as value type: its variables are the typed way to it.
    if (section !== '' || (btfKeyTypeId === 0 && btfValueTypeId === 0)) return () => UNTYPED;
    const resolve = (id: number): Type | undefined => (id === 0 ? undefined : resolveType(this.btf, id));
    return () => ({ key: resolve(btfKeyTypeId), value: resolve(btfValueTypeId) });
  }
}

function found<T>(what: string, name: string, members: ReadonlyMap<string, T>, object: string): T {
  const member = members.get(name);
  if (member !== undefined) return member;
  checkString(name, `${what} name`);
  throw new NotFoundError(
    `object '${object}' has no ${what} '${name}'${alternatives(name, [...members.keys()])}`,
  );
}
