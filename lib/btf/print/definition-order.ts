/**
 * In which order C wants definitions: what btf_dump__dump_type puts into its queue before it writes anything. What has no
 * name, pointers, arrays and qualifiers only lead to definitions; of a struct behind a pointer a declaration will do.
 *
 * The order also decides which of several types of one name is numbered, so that it must be libbpf's to the letter.
 */
import type { RawBtf } from '../records/record-table';
import { referencesOf } from '../records/references';
import type { RawStruct, RawType } from '../records/records';
import { MAX_DEFINITION_DEPTH } from '../limits';

/** Types that are looked at in all, per word of the BTF: a kernel needs less than one. What takes more was made to take long. */
const STEPS_PER_WORD = 16;
const MIN_STEPS = 1 << 16;

/** Counts what walks through the types of a BTF take, and ends those that would not end soon. */
export class Walk {
  readonly #btf: RawBtf;
  #steps: number;
  #depth = 0;

  constructor(btf: RawBtf) {
    this.#btf = btf;
    this.#steps = MIN_STEPS + STEPS_PER_WORD * btf.words;
  }

  /** One type further in. @throws BtfError for what is nested without end, or takes too long */
  into<T>(id: number, visit: (type: RawType) => T): T {
    if (++this.#depth > MAX_DEFINITION_DEPTH) {
      throw this.#btf.error(id, `is nested in more than ${String(MAX_DEFINITION_DEPTH)} types`);
    }
    if (this.#steps-- <= 0) throw this.#btf.error(id, 'is part of types that double at each level');
    const result = visit(this.#btf.type(id));
    this.#depth--;
    return result;
  }
}

export class DefinitionOrder {
  readonly #btf: RawBtf;
  readonly #walk: Walk;
  /** What is in the queue or was, or leads to nothing that is not. */
  readonly #ordered = new Set<number>();
  /** Structs and unions whose members are being looked at. */
  readonly #open = new Set<number>();
  #referenced: ReadonlySet<number> | undefined;
  #queue: number[] = [];

  constructor(btf: RawBtf, walk: Walk) {
    this.#btf = btf;
    this.#walk = walk;
  }

  /** The types to define before this one can be mentioned, and itself; none a second time. `weak`: through a pointer. */
  of(id: number, weak: boolean): readonly number[] {
    this.#queue = [];
    this.#order(id, weak);
    return this.#queue;
  }

  /** Whether the type is there when it is mentioned: false where a declaration must do. */
  #order(id: number, weak: boolean): boolean {
    if (this.#ordered.has(id)) return true;
    return this.#walk.into(id, (type) => this.#orderType(type, weak));
  }

  #orderType(type: RawType, weak: boolean): boolean {
    const { id } = type;
    switch (type.kind) {
      case 'ptr': {
        const there = this.#order(type.type, true);
        this.#ordered.add(id);
        return there;
      }
      case 'array':
        // The elements' size must be known, even for a pointer to the array.
        return this.#order(type.type, false);
      case 'const':
      case 'volatile':
      case 'restrict':
      case 'type_tag':
        return this.#order(type.type, weak);
      case 'func_proto': {
        // What a function takes and returns must be complete where it is called, not where it is declared.
        let there = this.#order(type.type, weak);
        for (const parameter of type.parameters) there = this.#order(parameter.type, weak) || there;
        return there;
      }
      case 'typedef': {
        const there = this.#order(type.type, weak);
        return weak && !there ? false : this.#add(id);
      }
      case 'enum':
      case 'enum64':
        // A list of constants that nothing refers to stands for itself; other enums without a name, where they are used.
        if (type.name !== '' || !this.#isReferenced(id)) return this.#add(id);
        this.#ordered.add(id);
        return true;
      case 'fwd':
        return this.#add(id);
      case 'struct':
      case 'union':
        return this.#composite(type, weak);
      default:
        // Is there without a definition; only the first to look at it does not know, in libbpf.
        this.#ordered.add(id);
        return false;
    }
  }

  #composite({ id, name, members }: RawStruct, weak: boolean): boolean {
    if (weak && name !== '') return false;
    if (this.#open.has(id)) throw this.#btf.error(id, 'contains itself by value: it would have no end');
    this.#open.add(id);
    for (const member of members) this.#order(member.type, false);
    this.#open.delete(id);
    if (name !== '') return this.#add(id);
    this.#ordered.add(id);
    return true;
  }

  #add(id: number): true {
    this.#queue.push(id);
    this.#ordered.add(id);
    return true;
  }

  #isReferenced(id: number): boolean {
    if (this.#referenced === undefined) {
      const all = new Set<number>();
      for (let other = 1; other < this.#btf.length; other++) {
        for (const mentioned of referencesOf(this.#btf.type(other))) all.add(mentioned);
      }
      this.#referenced = all;
    }
    return this.#referenced.has(id);
  }
}
