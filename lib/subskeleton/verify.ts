/**
 * Holds a library's descriptor against the final object: every variable, map and program is looked up by name, and
 * section, linkage, size and layout are compared. All problems are collected, none is thrown here.
 */
import { compareTypes } from '../descriptor/compare';
import { formatLayoutDiff } from '../descriptor/layout-diff';
import type { Type } from '../btf/layout/layout-model';
import type { SubskeletonProblem } from '../errors';
import type { BpfMap } from '../runtime/map/bpf-map';
import { mapStateOf } from '../runtime/map/map-state';
import { BpfObject } from '../runtime/object/bpf-object';
import type { BpfProgram } from '../runtime/program/bpf-program';
import type { StructOps } from '../runtime/object/struct-ops';
import type { VariableSymbol } from '../runtime/section/variables';
import { KCONFIG_SECTION, KSYMS_SECTION } from '../uapi/sections';
import { suggest } from '../util/suggest';
import type { CompiledDescriptor, LibraryMap, LibraryVariable } from './compile';
import { symbolsOf, type Host } from './host';
import type { CheckLevel } from './types';

/** What helps against other sizes, before what differs. */
const SAME_SOURCES = 'compile the library and the object from the same sources';

/** A variable of the library, found in the final object. */
export interface FoundVariable {
  readonly variable: LibraryVariable;
  readonly symbol: VariableSymbol;
  /** The library's type, but for an array that the final object says the length of. */
  readonly type: Type;
}

export interface Findings {
  readonly variables: FoundVariable[];
  readonly maps: Map<LibraryMap, BpfMap>;
  readonly programs: Map<string, BpfProgram>;
  readonly structOps: Map<string, StructOps>;
  readonly problems: SubskeletonProblem[];
}

/** Which missing symbols are fine. */
export type Optional = (name: string) => boolean;

export function verify(
  object: Host,
  library: CompiledDescriptor,
  check: CheckLevel,
  optional: Optional,
): Findings {
  const findings: Findings = {
    variables: [],
    maps: new Map(),
    programs: new Map(),
    structOps: new Map(),
    problems: [],
  };
  for (const variable of library.variables) verifyVariable(object, variable, check, optional, findings);
  for (const map of library.maps) verifyMap(object, map, check, optional, findings);
  for (const { name, weak } of library.descriptor.programs) {
    const program = object.programs.get(name);
    if (program !== undefined) findings.programs.set(name, program);
    else if (!optional(name)) {
      findings.problems.push({
        kind: 'missing',
        subject: 'program',
        name,
        hint:
          didYouMean(name, object.programs.keys()) ??
          (weak === true ? 'it is weak: list it in `optional`' : 'link the library into the object'),
      });
    }
  }
  // Of what is loaded already the kernel has struct_ops maps, and its owner their links.
  if (object instanceof BpfObject) verifyStructOps(object, library, optional, findings);
  return findings;
}

function verifyStructOps(
  object: BpfObject,
  library: CompiledDescriptor,
  optional: Optional,
  findings: Findings,
): void {
  for (const { name } of library.descriptor.structOps) {
    const ops = object.structOps.get(name);
    if (ops !== undefined) findings.structOps.set(name, ops);
    else if (!optional(name)) {
      const hint = didYouMean(name, object.structOps.keys()) ?? 'link the library into the object';
      findings.problems.push({ kind: 'missing', subject: 'map', name, hint });
    }
  }
}

function verifyVariable(
  object: Host,
  variable: LibraryVariable,
  check: CheckLevel,
  optional: Optional,
  findings: Findings,
): void {
  const { name, section } = variable.description;
  const problem = (kind: SubskeletonProblem['kind'], more: Partial<SubskeletonProblem>): void => {
    findings.problems.push({ kind, subject: 'variable', name, section, ...more });
  };
  const candidates = symbolsOf(object).named(name);
  const symbol = choose(variable, candidates);
  if (symbol === undefined) {
    const hidden = candidates[0];
    if (hidden !== undefined) {
      problem('linkage', {
        expected: 'global',
        found: `static in ${hidden.section}`,
        hint: 'remove `static` or the hidden visibility, or rename one of the two',
      });
    } else if (!optional(name)) {
      problem('missing', {
        hint: missingHint(object, name, section),
      });
    }
    return;
  }
  const { weak, extern } = variable.description;
  if (
    check !== 'off' &&
    section !== undefined &&
    symbol.section !== section &&
    weak !== true &&
    extern !== true
  ) {
    problem('section', {
      expected: section,
      found: symbol.section,
      hint: 'another definition took its place; a definition may only move where the library declares it weak or extern',
    });
    return;
  }
  const type = fittingType(object, variable, symbol);
  if (type === undefined) {
    problem('size', {
      expected: `${String(variable.description.size)} bytes (${variable.description.c})`,
      found: `${String(symbol.size)} bytes (${symbol.declaration})`,
      hint: `${SAME_SOURCES}\n${formatLayoutDiff(variable.type, symbol.type)}`,
    });
    return;
  }
  if (check === 'layout' && type === variable.type && compareTypes(type, symbol.type).length > 0) {
    problem('layout', {
      expected: variable.description.c,
      found: symbol.declaration,
      hint: formatLayoutDiff(type, symbol.type),
    });
    return;
  }
  findings.variables.push({ variable, symbol, type });
}

/** The global of that name, in the library's own section if there; a static one never (libbpf takes whichever is first). */
function choose(
  { description }: LibraryVariable,
  candidates: readonly VariableSymbol[],
): VariableSymbol | undefined {
  const visible = candidates.filter(
    ({ linkage, section }) => linkage !== 'static' && section !== KSYMS_SECTION,
  );
  return visible.find(({ section }) => section === description.section) ?? visible[0];
}

/**
 * The type to read the variable by. An array that the library leaves open (`extern int values[]`), or one at the end
 * of a section that was resized, is as long as the final object says. undefined: the sizes contradict each other.
 */
function fittingType(
  object: Host,
  { description, type }: LibraryVariable,
  symbol: VariableSymbol,
): Type | undefined {
  if (symbol.size === description.size) return type;
  const open = type.kind === 'array' && (type.length === 0 || isResized(object, symbol.section));
  if (!open) return undefined;
  const found = symbol.type;
  return found.kind === 'array' && compareTypes(type.element, found.element).length === 0 ? found : undefined;
}

/** Whether the array at the section's end may be longer than the library knows: resize() before load, by whoever loaded it. */
function isResized(object: Host, section: string): boolean {
  return object instanceof BpfObject ? object.sections.get(section)?.resized === true : true;
}

function verifyMap(
  object: Host,
  map: LibraryMap,
  check: CheckLevel,
  optional: Optional,
  findings: Findings,
): void {
  const { name, type } = map.description;
  const found = object.maps.get(name);
  if (found === undefined) {
    if (!optional(name)) {
      findings.problems.push({
        kind: 'missing',
        subject: 'map',
        name,
        hint: didYouMean(name, object.maps.keys()) ?? 'link the library into the object',
      });
    }
    return;
  }
  findings.maps.set(map, found);
  if (check === 'off') return;
  const differ = (
    kind: SubskeletonProblem['kind'],
    expected: string,
    actual: string,
    hint?: string,
  ): void => {
    findings.problems.push({ kind, subject: 'map', name, expected, found: actual, hint });
  };
  const types = mapStateOf(found).types();
  if (type !== undefined && type !== found.type) differ('type', type, found.type);
  for (const side of ['key', 'value'] as const) {
    const expected = map[side];
    const actual = types[side];
    if (expected === undefined || actual === undefined) continue;
    if (expected.size !== actual.size) {
      differ(
        'size',
        `${side} of ${String(expected.size)} bytes`,
        `${String(actual.size)} bytes`,
        `${SAME_SOURCES}\n${formatLayoutDiff(expected, actual)}`,
      );
    } else if (check === 'layout' && compareTypes(expected, actual).length > 0) {
      differ('layout', `${side} ${expected.spelling}`, actual.spelling, formatLayoutDiff(expected, actual));
    }
  }
}

function missingHint(object: Host, name: string, section: string | undefined): string {
  if (section !== undefined && section !== KCONFIG_SECTION && !object.sections.has(section)) {
    return `the object has no section '${section}' at all: is the library linked into it?`;
  }
  return (
    didYouMean(name, symbolsOf(object).names()) ??
    'link the library into the object, or list the name in `optional`'
  );
}

function didYouMean(name: string, names: Iterable<string>): string | undefined {
  const near = suggest(name, names);
  return near === undefined ? undefined : `did you mean '${near}'?`;
}
