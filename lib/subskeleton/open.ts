import { libraryVersions } from '../btf/records/library-tags';
import { checkOptions, refuse } from '../util/check';
import type { SubskeletonProblem } from '../errors';
import { ARENA_SECTION } from '../uapi/sections';
import type { Descriptor } from '../descriptor/types';
import type { Variable } from '../memory/types';
import { BpfObject } from '../runtime/object/bpf-object';
import { stateOf } from '../runtime/object/object-state';
import { compileDescriptor, type CompiledDescriptor } from './compile';
import { btfIn, heldBy, subjectOf, type Host } from './host';
import { LibraryPart, type FoundLibrary } from './library-part';
import { subskeletonError } from './report';
import type { ObjectHolder, Subskeleton, SubskeletonOptions } from './types';
import { verify, type Findings, type FoundVariable, type Optional } from './verify';

/**
 * Up to so many variables libbpf is asked about each of them; its search is quadratic, so beyond that it is asked
 * about the first one of each section.
 */
const ASK_ABOUT_EACH = 256;

const OPTIONS = { check: ['layout', 'size', 'off'], int64: ['bigint', 'number'], optional: 'any' } as const;

/** A subskeleton without generated types: groups of variables by section identifier. */
export type AnySubskeleton = Subskeleton & { readonly [group: string]: Readonly<Record<string, Variable>> };

/**
 * Finds a library's maps, programs and variables in `object`, which may be loaded or not, and which stays its owner's; in the
 * object of a skeleton; or in a LoadedObject.
 * bpf_object__open_subskeleton, with its answers verified against the object's BTF.
 * @throws SubskeletonError, which lists everything that is missing or does not fit
 * @throws DescriptorError where `descriptor` has the wrong shape
 */
export function openSubskeleton(
  object: ObjectHolder,
  descriptor: Descriptor,
  options: SubskeletonOptions = {},
): AnySubskeleton {
  return new LibraryPart(findLibrary(heldBy(object), descriptor, options)) as Subskeleton as AnySubskeleton;
}

/** Everything of the library in the object. @throws SubskeletonError, which lists what was not found */
export function findLibrary<H extends Host>(
  object: H,
  descriptor: Descriptor,
  options: SubskeletonOptions,
): FoundLibrary<H> {
  checkOptions<SubskeletonOptions>(options, 'options', OPTIONS);
  const library = compileDescriptor(descriptor);
  const findings = verify(object, library, options.check ?? 'layout', optionalNames(options.optional));
  // Of what is loaded already libbpf has no object.
  if (findings.problems.length === 0 && object instanceof BpfObject)
    findings.problems.push(...askLibbpf(object, library, findings));
  if (findings.problems.length > 0) {
    throw subskeletonError(library.descriptor, subjectOf(object), findings.problems, versionsIn(object));
  }
  return { object, library, findings, int64: options.int64 ?? 'bigint' };
}

/** The libraries that the object says it has; an object without BTF says nothing. */
function versionsIn(object: Host): ReadonlyMap<string, string> {
  const btf = btfIn(object);
  return btf === undefined ? new Map() : libraryVersions(btf);
}

function optionalNames(optional: SubskeletonOptions['optional']): Optional {
  if (optional === undefined) return () => false;
  if (optional === true) return () => true;
  if (!Array.isArray(optional)) refuse('options.optional', 'true or an array of names', optional);
  const names = new Set<unknown>(optional);
  return (name) => names.has(name);
}

/** Calls the real bpf_object__open_subskeleton, and compares where it and we see each variable. */
function askLibbpf(object: BpfObject, library: CompiledDescriptor, findings: Findings): SubskeletonProblem[] {
  // libbpf refuses a subskeleton with variables of an arena (EINVAL).
  const known = findings.variables.filter(({ symbol }) => symbol.section !== ARENA_SECTION);
  const sections = [...new Set(known.map(({ symbol }) => symbol.section))];
  const mapIndex = new Map(sections.map((section, index) => [section, index]));
  const asked = toAsk(known);
  const state = stateOf(object);
  const offsets = state.resolve({
    name: library.descriptor.name,
    maps: [...sections, ...[...findings.maps.values()].map(({ name }) => name)],
    programs: [...findings.programs.keys()],
    variables: asked.map(({ symbol }) => ({ name: symbol.name, map: mapIndex.get(symbol.section) ?? 0 })),
  });
  return asked.flatMap(({ symbol }, index) => {
    const { name, section, offset } = symbol;
    const answer = offsets[index] ?? -1;
    // -1: a section that libbpf keeps no memory for. A namesake (a static) may come first in libbpf's eyes: ours is the global.
    const namesakes = state.symbols.named(name).filter((other) => other.section === section);
    symbol.confirmed = answer === -1 || namesakes.some((other) => other.offset === answer);
    if (symbol.confirmed) return [];
    return [
      {
        kind: 'ambiguous',
        subject: 'variable',
        name,
        section,
        expected: `offset ${String(offset)} (BTF)`,
        found: `offset ${String(answer)} (libbpf)`,
      } as const,
    ];
  });
}

/** A variable is asked about once; of very many only the first of each section. */
function toAsk(variables: readonly FoundVariable[]): FoundVariable[] {
  const asked = variables.filter(({ symbol }) => !symbol.confirmed);
  if (asked.length <= ASK_ABOUT_EACH) return asked;
  const first = new Map<string, FoundVariable>();
  for (const variable of asked) {
    if (!first.has(variable.symbol.section)) first.set(variable.symbol.section, variable);
  }
  return [...first.values()];
}
