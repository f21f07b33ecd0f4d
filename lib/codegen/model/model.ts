/** A descriptor, arranged for printing: sections with their variables, and a name for every type that gets one. */
import { compareNames, internalMapIdentifiers, sectionIdentifiers } from '../../descriptor/identifiers';
import type {
  Descriptor,
  EnumDescription,
  MemberDescription,
  StructDescription,
  TypeDescription,
  TypeRef,
  VariableDescription,
} from '../../descriptor/types';
import { CodegenError } from '../../errors';
import { ModuleNames, pascalCase } from './names';

export interface SectionModel {
  readonly section: string;
  readonly identifier: string;
  readonly variables: readonly VariableDescription[];
}

/** A type that the module declares. */
export interface DeclaredType {
  readonly name: string;
  /** 'struct request'; for a type without a C name what it belongs to. */
  readonly title: string;
  readonly description: StructDescription | EnumDescription;
}

export interface ModuleModel {
  readonly descriptor: Descriptor;
  /** The name of the exported type and value. */
  readonly typeName: string;
  readonly sections: readonly SectionModel[];
  /** Variables that the library only declares and that have no section yet. */
  readonly externs: readonly VariableDescription[];
  /** The internal maps: section → identifier in `maps`. */
  readonly internalMaps: ReadonlyMap<string, string>;
  readonly types: readonly DeclaredType[];
  /** The name of the interface that lists what records can be; undefined where no struct is declared. */
  readonly recordsName: string | undefined;
  /** The declared name of a struct, union or enum. */
  nameOf(description: TypeDescription): string | undefined;
  /** What a reference means. */
  describe(ref: TypeRef): TypeDescription | Exclude<TypeRef, string>;
}

type Declarable = StructDescription | EnumDescription;

const isDeclarable = (type: { kind: string }): type is Declarable =>
  type.kind === 'struct' || type.kind === 'union' || type.kind === 'enum';

/** 'struct request' → 'request', 'request_t' → 'request_t' */
const bareName = (key: string): string => key.replace(/^(?:struct|union|enum) /, '');

class TypeCollector {
  readonly types: DeclaredType[] = [];
  readonly problems: string[] = [];
  readonly #names: ModuleNames;
  readonly #descriptor: Descriptor;
  readonly #nameOf = new Map<object, string>();

  constructor(descriptor: Descriptor, names: ModuleNames) {
    this.#descriptor = descriptor;
    this.#names = names;
  }

  nameOf(description: object): string | undefined {
    return this.#nameOf.get(description);
  }

  describe(ref: TypeRef): TypeDescription | Exclude<TypeRef, string> {
    if (typeof ref !== 'string') return ref;
    const found = Object.hasOwn(this.#descriptor.types, ref) ? this.#descriptor.types[ref] : undefined;
    if (found === undefined) throw new CodegenError([`the descriptor has no type '${ref}'`]);
    return found;
  }

  /** Names come first to those who have one in C; the order of the keys decides between two of the same. */
  collect(): void {
    const keys = Object.keys(this.#descriptor.types).sort(compareNames);
    const named = keys.flatMap((key) => {
      const description = this.#descriptor.types[key];
      if (description === undefined || !isDeclarable(description)) return [];
      const name = this.#names.take(bareName(key));
      this.#nameOf.set(description, name);
      return [{ name, title: key, description }];
    });
    for (const type of named) this.#declare(type);
    const { variables, maps, structOps } = this.#descriptor;
    for (const v of variables) this.#unnamed(v.type, v.name, `the type of \`${v.name}\``);
    for (const map of maps) {
      if (map.key !== undefined) this.#unnamed(map.key, `${map.name}_key`, `the keys of \`${map.name}\``);
      if (map.value !== undefined)
        this.#unnamed(map.value, `${map.name}_value`, `the values of \`${map.name}\``);
    }
    for (const v of structOps) this.#unnamed(v.type, v.name, `the type of \`${v.name}\``);
  }

  #declare(type: DeclaredType): void {
    this.types.push(type);
    if (type.description.kind === 'enum') return;
    this.#members(type.description.members, type);
    this.#refuseDuplicates(type);
  }

  #members(members: readonly MemberDescription[], owner: DeclaredType): void {
    for (const member of members) {
      const { name } = member;
      if (name !== undefined) {
        this.#unnamed(member.type, `${owner.name}_${name}`, `member \`${name}\` of \`${owner.title}\``);
      } else {
        const inner = this.describe(member.type);
        if (inner.kind === 'struct' || inner.kind === 'union') this.#members(inner.members, owner);
      }
    }
  }

  /** Declares the structs and enums that only this reference mentions. */
  #unnamed(ref: TypeRef, wanted: string, title: string): void {
    if (typeof ref === 'string') {
      this.describe(ref);
    } else if (ref.kind === 'array') {
      this.#unnamed(ref.element, wanted, title);
    } else if (isDeclarable(ref) && !this.#nameOf.has(ref)) {
      const name = this.#names.take(wanted);
      this.#nameOf.set(ref, name);
      this.#declare({ name, title, description: ref });
    }
  }

  #refuseDuplicates(type: DeclaredType): void {
    if (type.description.kind === 'enum') return;
    const seen = new Set<string>();
    for (const { name } of flatMembers(type.description.members, (ref) => this.describe(ref))) {
      if (name !== undefined && seen.has(name)) this.problems.push(`${type.title} has two members '${name}'`);
      if (name !== undefined) seen.add(name);
    }
  }
}

/** The members as C sees them: those of anonymous structs and unions count as the outer one's. */
export function flatMembers(
  members: readonly MemberDescription[],
  describe: ModuleModel['describe'],
): MemberDescription[] {
  return members.flatMap((member) => {
    if (member.name !== undefined) return [member];
    const inner = describe(member.type);
    return inner.kind === 'struct' || inner.kind === 'union' ? flatMembers(inner.members, describe) : [];
  });
}

/** Sections that the module shows: those of the variables. '.data' first, as bpftool has them; the rest by name. */
function sectionsOf(variables: readonly VariableDescription[]): SectionModel[] {
  const bySection = new Map<string, VariableDescription[]>();
  for (const variable of variables) {
    if (variable.section === undefined) continue;
    const list = bySection.get(variable.section);
    if (list === undefined) bySection.set(variable.section, [variable]);
    else list.push(variable);
  }
  const sections = [...bySection.keys()].sort(compareNames);
  const identifiers = sectionIdentifiers(sections);
  return sections.map((section) => ({
    section,
    identifier: identifiers.get(section) ?? section,
    variables: bySection.get(section) ?? [],
  }));
}

/** Two things of one name in one place: the module could only show one of them. */
function duplicates(what: string, names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.flatMap((name) => {
    const again = seen.has(name);
    seen.add(name);
    return again ? [`two ${what} named '${name}'`] : [];
  });
}

/** Map types whose contents are records. */
const RECORD_MAPS = new Set(['ringbuf', 'perf_event_array']);

export const isRecordMap = ({ type }: { type?: string }): boolean =>
  type !== undefined && RECORD_MAPS.has(type);

/** The C names of the structs that records can be. */
export function recordTypes(descriptor: Descriptor): string[] {
  return Object.keys(descriptor.types).filter((key) => {
    const { kind, c } = descriptor.types[key] as TypeDescription;
    // A second type of one name has a key that is not its name.
    return (kind === 'struct' || kind === 'union') && c === undefined;
  });
}

/** @throws CodegenError with one line for everything that cannot be shown as it is. */
export function moduleModel(descriptor: Descriptor): ModuleModel {
  const names = new ModuleNames();
  const typeName = names.take(pascalCase(descriptor.name));
  const collector = new TypeCollector(descriptor, names);
  collector.collect();
  const sections = sectionsOf(descriptor.variables);
  const externs = descriptor.variables.filter((variable) => variable.section === undefined);
  const mapNames = descriptor.maps.map(({ name }) => name);
  const problems = [
    ...collector.problems,
    ...duplicates('maps', mapNames),
    ...duplicates(
      'programs',
      descriptor.programs.map(({ name }) => name),
    ),
    ...duplicates(
      'variables without a section',
      externs.map(({ name }) => name),
    ),
    ...sections.flatMap(({ section, variables }) =>
      duplicates(
        `variables in ${section}`,
        variables.map(({ name }) => name),
      ),
    ),
  ];
  if (problems.length > 0) throw new CodegenError(problems);
  return {
    descriptor,
    typeName,
    sections,
    externs,
    internalMaps: internalMapIdentifiers(
      sections.map(({ section }) => section),
      mapNames,
    ),
    types: collector.types,
    recordsName: recordTypes(descriptor).length > 0 ? names.take(`${typeName}Records`) : undefined,
    nameOf: (description) => collector.nameOf(description),
    describe: (ref) => collector.describe(ref),
  };
}
