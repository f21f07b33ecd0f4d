/**
 * BTF, the BPF Type Format: the types of a compiled BPF object or of a kernel. Parsing checks the header and finds
 * where each record starts; records are decoded, checked and kept when they are asked for, so that a kernel's five
 * megabytes cost a few milliseconds. Everything damaged is a BtfError that names the place.
 */
import { BtfError } from '../../errors';
import { StringTable } from '../../elf/string-table';
import { decodeRecord } from './decode';
import type { RecordContext } from './decode';
import { readBtfHeader, wordsOf } from './header';
import { indexTypes, recordLengths } from './index-types';
import { knownKindOf } from './info';
import { NameIndex } from './name-index';
import { KIND_NAMES } from './records';
import type { Kind, RawType, RawUnknown } from './records';

/** By the type's id, and then by the member's index. */
type Tags = ReadonlyMap<number, ReadonlyMap<number, readonly string[]>>;

const NO_TAGS: readonly string[] = Object.freeze([]);
/** An index of a kernel's names takes as long to make as this many searches through all records. */
const SEARCHES = 8;
const VOID: RawType = { kind: 'void', id: 0, name: 'void' };

export class RawBtf {
  /** What errors call it. */
  readonly source: string;
  readonly littleEndian: boolean;
  /** Type ids are 0 (void) to length - 1; those of the base come first. */
  readonly length: number;
  /** For split BTF (a kernel module's): the BTF that it continues. */
  readonly base: RawBtf | undefined;

  readonly #words: Uint32Array;
  readonly #strings: Uint8Array;
  readonly #names: StringTable;
  /** The first word of each record. */
  readonly #offsets: Uint32Array;
  readonly #firstId: number;
  /** Offsets below this are in the base's strings. */
  readonly #firstName: number;
  /** The layout section: of split BTF without one, its base's. */
  readonly #kinds: Uint8Array;
  readonly #decoded: (RawType | undefined)[];
  readonly #context: RecordContext;
  #index: NameIndex | undefined;
  #searches = 0;
  #tags: Tags | undefined;

  private constructor(bytes: Uint8Array, source: string, base: RawBtf | undefined) {
    const { littleEndian, types, strings, kinds } = readBtfHeader(bytes, source);
    if (base !== undefined && base.littleEndian !== littleEndian) {
      throw new BtfError(`${source}: BTF header`, `has another byte order than its base, ${base.source}`);
    }
    this.source = source;
    this.littleEndian = littleEndian;
    this.base = base;
    this.#firstId = base?.length ?? 1;
    this.#firstName = base?.namesLength ?? 0;
    this.#words = wordsOf(types, littleEndian);
    this.#strings = strings;
    this.#kinds = kinds.length === 0 && base !== undefined ? base.#kinds : kinds;
    this.#names = new StringTable(strings, (problem) => new BtfError(`${source}: BTF strings`, problem));
    this.#offsets = indexTypes(
      this.#words,
      types.byteLength % 4,
      recordLengths(this.#kinds),
      (index, problem) => new BtfError(`${source}: BTF type ${String(this.#firstId + index)}`, problem),
    );
    this.length = this.#firstId + this.#offsets.length;
    this.#decoded = new Array<RawType | undefined>(this.#offsets.length);
    const context = {
      id: 0,
      words: this.#words,
      length: this.length,
      nameAt: (name: number) => this.#nameAt(name),
      fail: (problem: string) => this.#error(context.id, problem),
    };
    this.#context = context;
  }

  /** `source` is what errors call it; `base` is what split BTF continues. The bytes are kept, not copied: they must be this package's own. */
  static parse(bytes: Uint8Array, source: string, base?: RawBtf): RawBtf {
    return new RawBtf(bytes, source, base);
  }

  /** The bytes of all strings, the base's included. */
  get namesLength(): number {
    return this.#firstName + this.#strings.byteLength;
  }

  /** How long all records are, in words, the base's included. */
  get words(): number {
    return (this.base?.words ?? 0) + this.#words.length;
  }

  /** The record of a type. Always the same object for an id. */
  type(id: number): RawType {
    if (id === 0) return VOID;
    const index = id - this.#firstId;
    if (index < 0 && this.base !== undefined) return this.base.type(id);
    const known = this.#decoded[index];
    if (known !== undefined) return known;
    const offset = this.#offsets[index];
    if (offset === undefined) {
      throw new BtfError(
        `${this.source}: BTF`,
        `has no type ${String(id)}: there are ${String(this.length)}`,
      );
    }
    this.#context.id = id;
    return (this.#decoded[index] = decodeRecord(this.#context, offset));
  }

  /** What stands at an offset of the strings: names, and for lines of source their file and text. @throws BtfError */
  textAt(offset: number): string {
    return this.#nameAt(offset);
  }

  /** The name of a type, '' if it has none, without decoding its record. */
  nameOf(id: number): string {
    if (id === 0) return VOID.name;
    const index = id - this.#firstId;
    if (index < 0 && this.base !== undefined) return this.base.nameOf(id);
    return index < this.#offsets.length ? this.#nameAt(this.#nameOffset(index)) : this.type(id).name;
  }

  /** The kind of a type, without decoding its record. */
  kindOf(id: number): Kind {
    const index = id - this.#firstId;
    if (index < 0 && this.base !== undefined) return this.base.kindOf(id);
    return index < 0 ? 'void' : (KIND_NAMES[this.#kindAt(index)] ?? 'void');
  }

  /** The id of the first type of that name and kind; the base's come first. */
  findByName(name: string, kind: Kind): number | undefined {
    for (const id of this.idsByName(name, kind)) return id;
    return undefined;
  }

  /** All types of that name and kind, in the order of their ids. */
  *idsByName(name: string, kind: Kind): Generator<number, void, undefined> {
    if (name === '') return;
    if (this.base !== undefined) yield* this.base.idsByName(name, kind);
    const bytes = Buffer.from(name, 'utf8');
    const number = KIND_NAMES.indexOf(kind);
    if (this.#index === undefined && this.#searches++ < SEARCHES) {
      const offsets = this.#offsetsOfName(bytes);
      for (let at = this.#search(offsets, number, 0); at >= 0; at = this.#search(offsets, number, at + 1))
        yield this.#firstId + at;
      return;
    }
    const names = this.#nameIndex();
    for (let at = names.find(bytes, number); at >= 0; at = names.find(bytes, number, at))
      yield this.#firstId + at;
  }

  /** All types of one kind, in the order of their ids. Decodes no others. */
  *idsOfKind(kind: Kind): Generator<number, void, undefined> {
    if (this.base !== undefined) yield* this.base.idsOfKind(kind);
    const number = KIND_NAMES.indexOf(kind);
    for (let index = 0; index < this.#offsets.length; index++) {
      if (this.#kindAt(index) === number) yield this.#firstId + index;
    }
  }

  /** The declaration tags (`btf_decl_tag`) of a type, or of one of its members or parameters. */
  tagsOf(id: number, component = -1): readonly string[] {
    this.#tags ??= this.#readTags();
    return this.#tags.get(id)?.get(component) ?? NO_TAGS;
  }

  /** An error about a type, which names it: `agent.bpf.o: BTF type 12 (struct 'request')`. */
  error(id: number, problem: string): BtfError {
    return this.base !== undefined && id < this.#firstId
      ? this.base.error(id, problem)
      : this.#error(id, problem);
  }

  /** The error about a type of a kind that this version does not know, where what it says is needed. */
  unknown({ id, number }: RawUnknown): BtfError {
    return this.error(
      id,
      `has kind ${String(number)}, which this version of libbpf-subskel does not know: a newer one is needed to use it`,
    );
  }

  #readTags(): Tags {
    const tags = new Map<number, Map<number, string[]>>();
    for (const id of this.idsOfKind('decl_tag')) {
      const tag = this.type(id);
      if (tag.kind !== 'decl_tag') continue;
      let ofType = tags.get(tag.type);
      if (ofType === undefined) tags.set(tag.type, (ofType = new Map<number, string[]>()));
      const texts = ofType.get(tag.component);
      if (texts === undefined) ofType.set(tag.component, [tag.name]);
      else texts.push(tag.name);
    }
    // Users get them.
    for (const ofType of tags.values()) for (const texts of ofType.values()) Object.freeze(texts);
    return tags;
  }

  #nameAt(offset: number): string {
    if (offset < this.#firstName && this.base !== undefined) return this.base.#nameAt(offset);
    return offset === 0 ? '' : this.#names.at(offset - this.#firstName);
  }

  /** All offsets at which the strings say that name: linkers may let names share their tails. */
  #offsetsOfName(name: Uint8Array): Set<number> {
    const offsets = this.base === undefined ? new Set<number>() : this.base.#offsetsOfName(name);
    const wanted = Buffer.concat([name, Buffer.alloc(1)]);
    const strings = Buffer.from(this.#strings.buffer, this.#strings.byteOffset, this.#strings.byteLength);
    for (let at = strings.indexOf(wanted); at >= 0; at = strings.indexOf(wanted, at + 1)) {
      offsets.add(this.#firstName + at);
    }
    return offsets;
  }

  /** The first record from `from` on, of a kind and with one of those names; -1 if there is none. */
  #search(names: ReadonlySet<number>, kind: number, from: number): number {
    if (names.size === 0) return -1;
    const words = this.#words;
    const offsets = this.#offsets;
    for (let index = from; index < offsets.length; index++) {
      const at = offsets[index] ?? 0;
      if (knownKindOf(words[at + 1] ?? 0) !== kind) continue;
      if (names.has(words[at] ?? 0)) return index;
    }
    return -1;
  }

  #nameOffset(index: number): number {
    return this.#words[this.#offsets[index] ?? 0] ?? 0;
  }

  #nameIndex(): NameIndex {
    this.#index ??= new NameIndex(
      {
        count: this.#offsets.length,
        kindAt: (index) => this.#kindAt(index),
        nameAt: (index) => this.#nameOffset(index),
      },
      this.#allStrings(),
    );
    return this.#index;
  }

  /** The strings that this BTF's name offsets count in: split BTF goes on where its base ends. */
  #allStrings(): Uint8Array {
    return this.base === undefined ? this.#strings : Buffer.concat([this.base.#allStrings(), this.#strings]);
  }

  #kindAt(index: number): number {
    const offset = this.#offsets[index];
    return offset === undefined ? 0 : knownKindOf(this.#words[offset + 1] ?? 0);
  }

  #error(id: number, problem: string): BtfError {
    const index = id - this.#firstId;
    const known = KIND_NAMES[this.#kindAt(index)] ?? 'unknown';
    const kind = known === 'unknown' ? 'unknown kind' : known;
    let name = '';
    try {
      if (id !== 0) name = this.#nameAt(this.#nameOffset(index));
    } catch {
      // The name itself is damaged: the id must do.
    }
    return new BtfError(
      `${this.source}: BTF type ${String(id)} (${kind}${name === '' ? '' : ` '${name}'`})`,
      problem,
    );
  }
}
