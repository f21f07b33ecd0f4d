import { compiledCodec } from '../../btf/codec/codec';
import { asError } from '../../btf/codec/misfit';
import type { StructType } from '../../btf/layout/layout-model';
import { refuse } from '../../util/check';
import { AlreadyLoadedError, ArgumentError, UnsupportedError } from '../../errors';
import type { Input } from '../../memory/types';
import type { NativeMap } from '../../native/surface/map';
import { alternatives } from '../../util/suggest';
import { setOwn } from '../../util/own-property';
import { linkStateOf, type BpfLink } from '../link/bpf-link';
import type { BpfMap } from '../map/bpf-map';
import { mapStateOf } from '../map/map-state';
import type { BpfObject } from './bpf-object';
import type { Phase } from './object-state';
import { BpfProgram } from '../program/bpf-program';
import { viewOf } from '../../util/bytes';

/** A function member: a program of the same object, or its name; null for none. */
export type StructOpsFunction = BpfProgram | string | null;

/** What StructOps.set() takes. TypeScript cannot tell functions from 64-bit integers: both are bigint in structs. */
export type StructOpsInput<T> = {
  readonly [K in keyof T]?:
    (T[K] extends bigint ? bigint | number | StructOpsFunction : Input<T[K]>) | undefined;
};

/** What StructOps.get() gives: function members by the name of their program, null for none. */
export type StructOpsMembers<T> = {
  [K in keyof T]: T[K] extends bigint ? bigint | string | null : T[K];
};

/** What a StructOps needs of its object. */
type StructOpsOwner = Pick<BpfObject, 'name' | 'programs' | 'attachStructOps'>;

/**
 * A struct_ops variable: a set of programs, and settings, that the kernel calls through one of its own structs
 * (`struct tcp_congestion_ops`). Its members can be set before load; attach() registers it.
 */
export class StructOps<T = unknown> {
  readonly #native: NativeMap;
  readonly #owner: StructOpsOwner;
  readonly #phase: () => Phase;
  readonly name: string;
  readonly map: BpfMap<number, T>;

  /** @internal */
  constructor(native: NativeMap, map: BpfMap<number, T>, owner: StructOpsOwner, phase: () => Phase) {
    this.#native = native;
    this.#owner = owner;
    this.#phase = phase;
    this.name = map.name;
    this.map = map;
  }

  /**
   * Sets the members that are given, before load() and prepare(): plain members by value, functions by program. All are
   * checked first; what is refused has changed nothing. The shadow type of bpf_map__initial_value, libbpf 1.4
   * @throws ArgumentError, ValueRangeError, which name the member; AlreadyLoadedError
   */
  set(members: StructOpsInput<T>): void {
    const where = `struct_ops '${this.name}'`;
    const given: unknown = members;
    if (typeof given !== 'object' || given === null) refuse(`members of ${where}`, 'an object', given);
    const phase = this.#phase();
    if (phase === 'prepared' || phase === 'loaded') {
      throw new AlreadyLoadedError(`set members of ${where}: its object is ${phase} already`);
    }
    const functions = this.#functions();
    const pointers = new Set(
      this.#type().members.flatMap(({ name, type }) => (type.kind === 'pointer' ? [name] : [])),
    );
    const programs: [offset: number, program: string | null][] = [];
    const plain = Object.create(null) as Record<string, unknown>;
    for (const [name, value] of Object.entries<unknown>({ ...given })) {
      const at = functions.get(name);
      if (value === undefined) continue;
      if (at !== undefined) programs.push([at.offset, this.#programName(value, `${where}, .${name}`)]);
      else if (!pointers.has(name)) plain[name] = value;
      else
        throw new ArgumentError(
          `${where}, .${name} is a pointer, and no function: an address means nothing here`,
        );
    }
    const image = this.#native.structOpsImage();
    const codec = compiledCodec(this.#type());
    try {
      codec.store(viewOf(image), 0, codec.stage(plain, true));
    } catch (error) {
      throw asError(error, where);
    }
    this.#native.setStructOpsImage(image);
    for (const [offset, program] of programs) this.#native.setStructOpsProgram(offset, program);
  }

  /** A copy: plain members by value, functions by the name of their program, null for none. */
  get(): StructOpsMembers<T> {
    const values = compiledCodec(this.#type()).read(viewOf(this.#native.structOpsImage()), 0) as Record<
      string,
      unknown
    >;
    for (const [name, { program }] of this.#functions()) {
      setOwn(values, name, program);
    }
    return values as StructOpsMembers<T>;
  }

  /** Registers it with the kernel, until the link is closed. bpf_map__attach_struct_ops, kernel 5.6 */
  attach(): BpfLink {
    return this.#owner.attachStructOps(this.map);
  }

  /**
   * Replaces what another struct_ops variable has registered (`link`), with nothing missed in between. Both in
   * SEC(".struct_ops.link"); which kinds can be replaced is the kernel's to say. Where it is registered there already, nothing
   * happens. bpf_link__update_map; kernel 6.4
   */
  update(link: BpfLink): void {
    const state = linkStateOf(link);
    state.native.updateMap(this.#native);
    state.target = this.map;
  }

  #type(): StructType {
    const type = mapStateOf(this.map).types().value;
    if (type?.kind === 'struct') return type;
    throw new UnsupportedError(`struct_ops '${this.name}': its object's BTF does not say its type`);
  }

  /** The function members by name. */
  #functions(): Map<string, { readonly offset: number; readonly program: string | null }> {
    const names = new Map(this.#type().members.map(({ name, bitOffset }) => [bitOffset / 8, name]));
    return new Map(this.#native.structOpsFunctions().map((at) => [names.get(at.offset) ?? '', at]));
  }

  #programName(value: unknown, where: string): string | null {
    if (value === null) return null;
    const name = value instanceof BpfProgram ? value.name : value;
    if (typeof name !== 'string') refuse(where, 'a BpfProgram, the name of one, or null', value);
    const { programs } = this.#owner;
    const program = programs.get(name);
    if (program === undefined || (value instanceof BpfProgram && value !== program)) {
      const instead =
        value instanceof BpfProgram
          ? '; the one given is of another object'
          : alternatives(name, [...programs.keys()]);
      throw new ArgumentError(`${where}: object '${this.#owner.name}' has no program '${name}'${instead}`);
    }
    if (program.type !== 'struct_ops') {
      throw new ArgumentError(
        `${where}: program '${name}' is no struct_ops program; its section must be "struct_ops/…"`,
      );
    }
    return name;
  }
}
