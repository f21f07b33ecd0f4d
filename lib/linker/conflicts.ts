/**
 * Conflicts that libbpf's linker reports without saying where, gets wrong, or dies of:
 *
 * - two strong definitions of one symbol: it names only the second file;
 * - definitions in different sections, one of them weak: with the weak one first it takes the index of the variable in
 *   the first section for one in the second, which corrupts another variable's entry or reads past the array;
 * - an extern in a section of its own (.kconfig, .ksyms) that another file defines in a data section.
 */
import type { LinkSymbol } from './symbols';

const where = ({ file, section }: LinkSymbol): string => `in ${file} (${section ?? 'no section'})`;

function conflict(name: string, first: LinkSymbol, second: LinkSymbol): string | undefined {
  if (first.kind === 'strong' && second.kind === 'strong') {
    return `symbol '${name}' is defined twice: ${where(first)} and ${where(second)}; make one of them weak, or extern`;
  }
  if (first.section === second.section) return undefined;
  const externs = [first, second].filter(({ kind }) => kind === 'extern');
  if (externs.some(({ section }) => section === undefined)) return undefined;
  if (externs.length > 0) {
    return `symbol '${name}' is in different sections: ${where(first)} and ${where(second)}; declare it in the same one`;
  }
  // Functions are in no DATASEC: the linker moves their symbols rightly.
  if (first.isFunction && second.isFunction) return undefined;
  return (
    `symbol '${name}' is defined in different sections: ${first.kind} ${where(first)} and ${second.kind} ${where(second)}; ` +
    'put both into one section (an initialiser other than 0, or SEC(".data"), moves a variable out of .bss)'
  );
}

/** One line for each symbol that cannot be linked. */
export function findConflicts(files: readonly (readonly LinkSymbol[])[]): string[] {
  const problems: string[] = [];
  const known = new Map<string, LinkSymbol[]>();
  for (const symbol of files.flat()) {
    const others = known.get(symbol.name) ?? [];
    const found = others
      .map((other) => conflict(symbol.name, other, symbol))
      .find((text) => text !== undefined);
    if (found !== undefined) problems.push(found);
    known.set(symbol.name, [...others, symbol]);
  }
  return problems;
}
