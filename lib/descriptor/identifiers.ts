/**
 * The identifiers that sections have in a subskeleton or skeleton: 'data', 'rodata', 'data_custom'.
 * The generator writes them into types and the runtime makes properties of them, so both ask here.
 */
import { ARENA_SECTION } from '../uapi/sections';

/** bpftool's rule: the leading dot goes, every character that C does not allow becomes '_'. */
function naturalIdentifier(section: string): string {
  // Users know what LLVM calls '.addr_space.1' as the arena.
  if (section === ARENA_SECTION) return 'arena';
  return section.replace(/^\./, '').replace(/[^A-Za-z0-9_]/g, '_');
}

/**
 * The default name of an object: its file's, without the folder and `.bpf.o` or `.o`, as an identifier.
 * `build/request-stats.bpf.o` → `request_stats`.
 */
export function objectName(file: string): string {
  const base = file.replace(/^.*[/\\]/, '').replace(/(?:\.bpf)?\.o$/, '');
  const name = base.replace(/[^A-Za-z0-9_]/g, '_');
  return /^[A-Za-z_]/.test(name) ? name : `_${name}`;
}

/** `base`, or `base_2`, `base_3`, …: the first that `taken` lacks. It is added to `taken`. */
export function distinct(base: string, taken: Set<string>): string {
  let name = base;
  for (let n = 2; taken.has(name); n++) name = `${base}_${n}`;
  taken.add(name);
  return name;
}

/** Code units, not the locale's order: the same on every machine. */
export const compareNames = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function identify(sections: readonly string[], taken: Set<string>): Map<string, string> {
  const identifiers = new Map<string, string>();
  const late: string[] = [];
  for (const section of [...new Set(sections)].sort(compareNames)) {
    const identifier = naturalIdentifier(section);
    if (taken.has(identifier)) {
      late.push(section);
    } else {
      taken.add(identifier);
      identifiers.set(section, identifier);
    }
  }
  // Only after everybody who can keep the natural name has it: '.data.a_b_2' stays 'data_a_b_2'.
  for (const section of late) identifiers.set(section, distinct(naturalIdentifier(section), taken));
  return identifiers;
}

/**
 * Section name → identifier. Two sections that would get the same one ('.data.a.b' and '.data.a_b') get
 * distinct ones, in the order of their names: 'data_a_b' and 'data_a_b_2'.
 */
export function sectionIdentifiers(sections: readonly string[]): Map<string, string> {
  return identify(sections, new Set());
}

/**
 * Section name → the identifier of its internal map in `maps`. The library's own maps keep their names: beside
 * a map that is called `data` the internal one is `data_2`.
 */
export function internalMapIdentifiers(
  sections: readonly string[],
  mapNames: readonly string[],
): Map<string, string> {
  // The map of the arena's variables is the arena itself, which the library has by its name.
  return identify(
    sections.filter((section) => section !== ARENA_SECTION),
    new Set(mapNames),
  );
}
