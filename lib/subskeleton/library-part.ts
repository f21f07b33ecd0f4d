import { ClosedError, UnsupportedError } from '../errors';
import type { DecodeOptions } from '../btf/api/btf-type';
import type { Int64Kind } from '../events/reader/typed-records';
import type { Descriptor } from '../descriptor/types';
import type { BpfMap } from '../runtime/map/bpf-map';
import { BpfObject } from '../runtime/object/bpf-object';
import type { BpfProgram } from '../runtime/program/bpf-program';
import type { BpfLink } from '../runtime/link/bpf-link';
import type { StructOps } from '../runtime/object/struct-ops';
import { setOwn } from '../util/own-property';
import { Attachments } from './attachments';
import type { CompiledDescriptor } from './compile';
import { variableIn, type Host } from './host';
import type { Subskeleton } from './types';
import type { Findings } from './verify';

/** What a library's part of an object is made of. */
export interface FoundLibrary<H extends Host = Host> {
  readonly object: H;
  readonly library: CompiledDescriptor;
  readonly findings: Findings;
  readonly int64: 'bigint' | 'number';
}

/** What attach() attaches. */
interface Attached {
  readonly programs: ReadonlyMap<string, BpfProgram>;
  readonly structOps: ReadonlyMap<string, StructOps>;
}

/** What openSubskeleton gives. The groups are own properties, so that `stats.bss.requests` is two plain loads. */
export class LibraryPart<H extends Host = Host> implements Subskeleton {
  readonly object: H;
  readonly descriptor: Descriptor;
  declare readonly maps: Readonly<Record<string, BpfMap | undefined>>;
  declare readonly progs: Readonly<Record<string, BpfProgram | undefined>>;
  readonly #int64: Int64Kind;
  declare readonly structOps: Readonly<Record<string, StructOps | undefined>>;
  readonly links: Record<string, BpfLink | undefined>;
  readonly #attached: Attached;
  readonly #attachments = new Attachments();
  #closed = false;

  constructor({ object, library, findings, int64 }: FoundLibrary<H>, attached: Attached = findings) {
    this.object = object;
    this.#int64 = int64;
    this.links = this.#attachments.links;
    this.#attached = attached;
    this.descriptor = library.descriptor;
    const groups = new Map<string, Record<string, unknown>>(library.groups.map((group) => [group, {}]));
    for (const { variable, symbol, type } of findings.variables) {
      const value = variableIn(object, symbol, type);
      setOwn(groups.get(variable.group) ?? {}, symbol.name, value);
    }
    // What is optional and missing is there as undefined, so that a misspelt name and a missing one look different.
    for (const { group, description } of library.variables) absent(groups.get(group) ?? {}, description.name);
    const typed = (map: BpfMap): BpfMap => (int64 === 'number' ? map.withInt64('number') : map);
    const maps: Record<string, BpfMap | undefined> = {};
    for (const map of library.maps) {
      const found = findings.maps.get(map);
      setOwn(maps, map.description.name, found && typed(found));
    }
    for (const [section, identifier] of library.internalMaps)
      setOwn(maps, identifier, object.sections.get(section)?.map);
    const progs: Record<string, BpfProgram | undefined> = {};
    for (const { name } of library.descriptor.programs) setOwn(progs, name, findings.programs.get(name));
    const structOps: Record<string, StructOps | undefined> = {};
    for (const { name } of library.descriptor.structOps)
      setOwn(structOps, name, findings.structOps.get(name));
    const own: readonly (readonly [string, object])[] = [
      ['maps', maps],
      ['progs', progs],
      ['structOps', structOps],
    ];
    for (const [name, group] of [...groups, ...own]) {
      Object.defineProperty(this, name, {
        value: Object.freeze(group),
        enumerable: true,
        configurable: true,
      });
    }
  }

  decode(type: string, bytes: Uint8Array, options: DecodeOptions = {}): unknown {
    if (this.#closed) throw new ClosedError(`decode: subskeleton '${this.descriptor.name}' is closed`);
    return this.object.btf.decode(type, bytes, { int64: this.#int64, ...options });
  }

  attach(): void {
    if (this.#closed) throw new ClosedError(`attach: subskeleton '${this.descriptor.name}' is closed`);
    if (!(this.object instanceof BpfObject)) {
      throw new UnsupportedError(
        `attach: '${this.descriptor.name}' is in what was loaded already, which is its owner's to attach`,
      );
    }
    this.#attachments.attach(this.#attached.programs.values(), this.#attached.structOps.values());
  }

  detach(): void {
    this.#attachments.detach();
  }

  close(): void {
    this.#attachments.detach();
    if (this.#closed) return;
    this.#closed = true;
    const library = this.descriptor.name;
    for (const name of Object.keys(this)) {
      if (name === 'object' || name === 'descriptor') continue;
      Object.defineProperty(this, name, {
        get() {
          throw new ClosedError(`${name}: subskeleton '${library}' is closed`);
        },
        enumerable: false,
        configurable: true,
      });
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function absent(group: Record<string, unknown>, name: string): void {
  if (!Object.hasOwn(group, name)) setOwn(group, name, undefined);
}
