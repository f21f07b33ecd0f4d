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

/** More symbols than this that two files both define are told in one line: it is one library, linked twice. */
const FEW = 2;
const SHOWN = 3;

function twice(first: string, second: string, names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).map((name) => `'${name}'`);
  const rest = names.length > SHOWN ? ` and ${String(names.length - SHOWN)} more` : '';
  return (
    `${first} and ${second} define the same symbols (${shown.join(', ')}${rest}): is it one library, linked twice? ` +
    'Link one of them; what two libraries share by its source is weak in each, or a library of its own'
  );
}

/** One line for each symbol that cannot be linked, or for each pair of files that are the same library. */
export function findConflicts(files: readonly (readonly LinkSymbol[])[]): string[] {
  const problems: { readonly pair: string; readonly text: string }[] = [];
  const doubles = new Map<string, { readonly files: readonly [string, string]; readonly names: string[] }>();
  const known = new Map<string, LinkSymbol[]>();
  for (const symbol of files.flat()) {
    const others = known.get(symbol.name) ?? [];
    for (const other of others) {
      const text = conflict(symbol.name, other, symbol);
      if (text === undefined) continue;
      const pair = other.kind === 'strong' && symbol.kind === 'strong' ? `${other.file}\0${symbol.file}` : '';
      problems.push({ pair, text });
      const double = doubles.get(pair) ?? { files: [other.file, symbol.file], names: [] };
      double.names.push(symbol.name);
      if (pair !== '') doubles.set(pair, double);
      break;
    }
    known.set(symbol.name, [...others, symbol]);
  }
  const same = [...doubles].filter(([, { names }]) => names.length > FEW);
  const told = new Set(same.map(([pair]) => pair));
  return [
    ...same.map(
      ([
        ,
        {
          files: [first, second],
          names,
        },
      ]) => twice(first, second, names),
    ),
    ...problems.filter(({ pair }) => !told.has(pair)).map(({ text }) => text),
  ];
}
