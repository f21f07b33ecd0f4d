import { inspect } from 'node:util';
import { makeType, type BtfType, type BtfTypeOf } from './btf-types';
import type { DecodeOptions, EncodeOptions, TypeSource } from './btf-type';
import { allDefinitions, DefinitionPrinter } from '../print/print-definition';
import type { ValueFormat } from '../print/print-value';
import { KIND_NAMES, type Kind } from '../records/records';
import { RawBtf } from '../records/record-table';
import { readBtfFile } from '../records/read-file';
import { splitSpelling } from '../spell/split-name';
import { checkBytes, checkInteger, checkOptions, checkString, refuse } from '../../util/check';
import { hasCode } from '../../util/has-code';
import { NotFoundError, UnsupportedError } from '../../errors';
import { loadAddon } from '../../native/load/load';
import { alternatives } from '../../util/suggest';

const KERNEL = '/sys/kernel/btf';

export interface BtfOptions {
  /** What split BTF (a module's) builds on. */
  readonly base?: Btf | undefined;
}

export interface BtfBytesOptions extends BtfOptions {
  /** What errors call it; default 'BTF'. */
  readonly name?: string | undefined;
}

/** How a type is named: 'struct task_struct', 'u64', a function's or variable's name; its id; the type itself. */
export type TypeReference = string | number | BtfType;

/** The classes of types, by the keyword that their names begin with. */
type Named<Name> = Name extends `struct ${string}` | `union ${string}`
  ? BtfTypeOf<'struct' | 'union'>
  : Name extends `enum ${string}`
    ? BtfTypeOf<'enum' | 'enum64'>
    : BtfType;

let kernel: WeakRef<Btf> | undefined;
let rawOf: (btf: Btf | undefined) => RawBtf | undefined;

/**
 * BTF, the types of a compiled BPF object, of a kernel or of a module (`struct btf`). Reading it finds where each type
 * is; a type is decoded when it is asked for. It needs no privileges and, but for `fromId`, no addon: it works on any
 * system with files from Linux.
 */
export class Btf {
  readonly #raw: RawBtf;
  readonly #types = new Map<number, BtfType>();
  readonly #source: TypeSource;
  /** For split BTF: what it builds on. Its types come first, with the lower ids. */
  readonly base: Btf | undefined;

  static {
    rawOf = (btf) => (btf === undefined ? undefined : btf.#raw);
  }

  /** @internal */
  constructor(raw: RawBtf, base?: Btf) {
    this.#raw = raw;
    this.base = base ?? (raw.base && new Btf(raw.base));
    this.#source = {
      raw,
      typeOf: (id) => this.#type(id),
      definitionOf: (id) => this.definition(id),
    };
  }

  /**
   * The running kernel's, from /sys/kernel/btf/vmlinux (CONFIG_DEBUG_INFO_BTF, kernel 5.4). Kept while somebody uses it.
   * btf__load_vmlinux_btf
   * @throws UnsupportedError where the kernel gives none
   */
  static vmlinux(): Btf {
    const known = kernel?.deref();
    if (known !== undefined) return known;
    const btf = fromKernel(
      'vmlinux',
      undefined,
      'there is no /sys/kernel/btf/vmlinux: the kernel was built without CONFIG_DEBUG_INFO_BTF, or /sys is not mounted',
    );
    kernel = new WeakRef(btf);
    return btf;
  }

  /**
   * A loaded kernel module's, from /sys/kernel/btf (CONFIG_DEBUG_INFO_BTF_MODULES, kernel 5.11), over vmlinux's.
   * btf__load_module_btf
   * @throws NotFoundError for a module that is not loaded, or has no BTF
   */
  static module(name: string): Btf {
    checkString(name, 'name');
    if (!/^[\w-]+$/.test(name)) refuse('name', 'the name of a kernel module', name);
    const why = `no module '${name}' is loaded, or it has no BTF (CONFIG_DEBUG_INFO_BTF_MODULES)`;
    return name === 'vmlinux' ? Btf.vmlinux() : fromKernel(name.replaceAll('-', '_'), Btf.vmlinux(), why);
  }

  /**
   * From a file: raw BTF, or the .BTF section of an ELF file (BPF objects, kernel images, modules). btf__parse_split
   * @throws BtfError, ElfError for damaged files; Node's errors for those that cannot be read
   */
  static fromFile(path: string, options: BtfOptions = {}): Btf {
    checkString(path, 'path');
    const base = baseOf(options);
    return new Btf(readBtfFile(path, rawOf(base)), base);
  }

  /** From its bytes, of which a copy is kept: types are read from them when they are asked for. btf__new_split */
  static fromBytes(bytes: Uint8Array, options: BtfBytesOptions = {}): Btf {
    checkBytes(bytes, 'bytes');
    const base = baseOf(options);
    return new Btf(RawBtf.parse(new Uint8Array(bytes), options.name ?? 'BTF', rawOf(base)), base);
  }

  /**
   * What the kernel has under an id: of loaded programs and maps, of itself (`kernel.btfs()` lists them). Modules' is
   * over vmlinux's. bpf_btf_get_fd_by_id, CAP_SYS_ADMIN; kernel 4.18
   * @throws BpfError ENOENT where there is none
   */
  static fromId(id: number): Btf {
    checkInteger(id, 'id', 1, 0xffff_ffff);
    const { name, kernelBtf, bytes } = loadAddon().btfById(id, true);
    const base = kernelBtf && name !== 'vmlinux' ? Btf.vmlinux() : undefined;
    return new Btf(
      RawBtf.parse(bytes, `BTF ${String(id)}${name === '' ? '' : ` '${name}'`}`, rawOf(base)),
      base,
    );
  }

  /** What errors call it: a path, an object's name. */
  get name(): string {
    return this.#raw.source;
  }

  /** Type ids are 0 (void) to `length - 1`. btf__type_cnt */
  get length(): number {
    return this.#raw.length;
  }

  get littleEndian(): boolean {
    return this.#raw.littleEndian;
  }

  /**
   * The type of that name, or undefined. 'struct x', 'union x', 'enum x' name those; any other name is looked for among
   * typedefs, basic types, functions, variables and sections, in this order; with `kind` among its types only. Of several
   * types of one name the first. btf__find_by_name, btf__find_by_name_kind
   */
  find<Name extends string>(name: Name): Named<Name> | undefined;
  find<K extends Kind>(name: string, kind: K): BtfTypeOf<K> | undefined;
  find(name: string, kind?: Kind): BtfType | undefined {
    checkString(name, 'name');
    if (kind !== undefined) checkKind(kind);
    const { kinds, bare } = splitSpelling(name, kind);
    for (const candidate of kinds) {
      const id = this.#raw.findByName(bare, candidate);
      if (id !== undefined) return this.#type(id);
    }
    return name === 'void' && kind === undefined ? this.#type(0) : undefined;
  }

  /** A type that must be there, by its name (as for `find`) or id. @throws NotFoundError, with a suggestion */
  type<Name extends string>(name: Name): Named<Name>;
  type(reference: TypeReference): BtfType;
  type(reference: TypeReference): BtfType {
    if (isType(reference)) return this.#type(this.#own(reference));
    if (typeof reference === 'number') {
      checkInteger(reference, 'type id', 0, this.length - 1);
      return this.#type(reference);
    }
    const found = this.find(reference);
    if (found !== undefined) return found;
    throw new NotFoundError(`${this.name}: no type '${reference}'${this.#suggestion(reference)}`);
  }

  /** All types in the order of their ids, or those of a kind; each is decoded as it is reached. */
  *types<K extends Kind = Kind>(
    options: { readonly kind?: K | undefined } = {},
  ): Generator<BtfTypeOf<K>, void, undefined> {
    checkOptions<{ readonly kind?: Kind | undefined }>(options, 'options', { kind: KIND_NAMES });
    const { kind } = options;
    const ids = kind === undefined ? everyId(this.length) : this.#raw.idsOfKind(kind);
    for (const id of ids) yield this.#type(id) as BtfTypeOf<K>;
  }

  /** A value from its bytes, as a plain copy. See BtfType's decode */
  decode(type: TypeReference, bytes: Uint8Array, options: DecodeOptions = {}): unknown {
    return this.type(type).decode(bytes, options);
  }

  /** The bytes of a value. See BtfType's encode */
  encode(type: TypeReference, value: unknown, options: EncodeOptions = {}): Uint8Array {
    return this.type(type).encode(value, options);
  }

  /** A value as C, from its bytes. btf_dump__dump_type_data */
  format(type: TypeReference, bytes: Uint8Array, options: ValueFormat = {}): string {
    return this.type(type).format(bytes, options);
  }

  /**
   * The definitions of types in C, with all that they need, each once and in an order that compiles; without arguments
   * of all types. btf_dump__dump_type
   */
  definition(...types: readonly TypeReference[]): string {
    if (types.length === 0) return allDefinitions(this.#raw);
    const printer = new DefinitionPrinter(this.#raw);
    for (const type of types) printer.add(this.type(type).id);
    return printer.text;
  }

  toString(): string {
    return this.name;
  }

  [inspect.custom](_depth: number, options: object): string {
    return `Btf ${inspect({ name: this.name, types: this.length - 1 }, options)}`;
  }

  #type(id: number): BtfType {
    let type = this.#types.get(id);
    if (type === undefined) this.#types.set(id, (type = makeType(this.#source, this.#raw.type(id))));
    return type;
  }

  /** A type of another BTF has another's id. */
  #own(type: BtfType): number {
    if (this.#types.get(type.id) === type) return type.id;
    return refuse('type', `a type of ${this.name}`, type);
  }

  #suggestion(name: string): string {
    const { kinds, bare } = splitSpelling(name, undefined);
    const inKind = (kind: Kind): string[] => [...this.#raw.idsOfKind(kind)].map((id) => this.#raw.nameOf(id));
    const prefix = name.slice(0, name.length - bare.length);
    const elsewhere = (['struct', 'union', 'enum', 'enum64'] as const).find(
      (kind) => this.#raw.findByName(bare, kind) !== undefined,
    );
    if (elsewhere !== undefined) return ` (did you mean '${elsewhere.replace('64', '')} ${bare}'?)`;
    const near = alternatives(bare, kinds.slice(0, 2).flatMap(inKind));
    return near.startsWith(' (') ? near.replace("'", `'${prefix}`) : '';
  }
}

/** @internal A BTF of an object, as its runtime reads it. */
export const wrapBtf = (raw: RawBtf): Btf => new Btf(raw);

function* everyId(length: number): Generator<number, void, undefined> {
  for (let id = 1; id < length; id++) yield id;
}

const isType = (reference: TypeReference | null): reference is BtfType =>
  typeof reference === 'object' && reference !== null;

function baseOf(options: BtfBytesOptions): Btf | undefined {
  checkOptions<BtfBytesOptions>(options, 'options', { base: 'any', name: 'string' });
  const { base } = options;
  if (base !== undefined && !(base instanceof Btf)) refuse('options.base', 'a Btf', base);
  return base;
}

function checkKind(kind: unknown): asserts kind is Kind {
  if (!(KIND_NAMES as readonly unknown[]).includes(kind)) {
    refuse('kind', `one of ${KIND_NAMES.map((name) => `'${name}'`).join(', ')}`, kind);
  }
}

function fromKernel(name: string, base: Btf | undefined, why: string): Btf {
  try {
    return Btf.fromFile(`${KERNEL}/${name}`, { base });
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    throw base === undefined ? new UnsupportedError(why) : new NotFoundError(why);
  }
}
