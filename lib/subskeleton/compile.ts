/** A descriptor made ready for opening, once: validated, types resolved, identifiers given. */
import { internalMapIdentifiers, sectionIdentifiers } from '../descriptor/identifiers';
import { typesOf } from '../descriptor/types-table';
import type { Descriptor, MapDescription, VariableDescription } from '../descriptor/types';
import { validatedCopy } from '../descriptor/validate/validate';
import type { Type } from '../btf/layout/layout-model';

export interface LibraryVariable {
  readonly description: VariableDescription;
  readonly type: Type;
  /** The group it is shown in: 'bss', 'data_custom'; 'externs' for what the library only declares. */
  readonly group: string;
}

export interface LibraryMap {
  readonly description: MapDescription;
  readonly key: Type | undefined;
  readonly value: Type | undefined;
}

export interface CompiledDescriptor {
  readonly descriptor: Descriptor;
  readonly variables: readonly LibraryVariable[];
  readonly maps: readonly LibraryMap[];
  /** Section name → the identifier of its internal map in `maps`. */
  readonly internalMaps: ReadonlyMap<string, string>;
  /** The groups in their order. */
  readonly groups: readonly string[];
}

/** The group of variables that have no section in the library because it only declares them. */
export const EXTERNS = 'externs';

const compiled = new WeakMap<Descriptor, CompiledDescriptor>();

/** @throws DescriptorError */
export function compileDescriptor(value: unknown): CompiledDescriptor {
  const known = typeof value === 'object' && value !== null ? compiled.get(value as Descriptor) : undefined;
  if (known !== undefined) return known;
  const descriptor = validatedCopy(value);
  const types = typesOf(descriptor);
  const sections = [
    ...new Set(descriptor.variables.flatMap(({ section }) => (section === undefined ? [] : [section]))),
  ];
  const identifiers = sectionIdentifiers(sections);
  const variables = descriptor.variables.map((description) => ({
    description,
    type: types.resolve(description.type),
    group: (description.section === undefined ? undefined : identifiers.get(description.section)) ?? EXTERNS,
  }));
  const resolve = (ref: MapDescription['key']): Type | undefined =>
    ref === undefined ? undefined : types.resolve(ref);
  const result: CompiledDescriptor = {
    descriptor,
    variables,
    maps: descriptor.maps.map((description) => ({
      description,
      key: resolve(description.key),
      value: resolve(description.value),
    })),
    internalMaps: internalMapIdentifiers(
      sections,
      descriptor.maps.map(({ name }) => name),
    ),
    groups: [...new Set(variables.map(({ group }) => group))],
  };
  compiled.set(value as Descriptor, result);
  return result;
}
