/** What nothing defines, one line for each symbol and file that uses it, with the installed library that has it. */
import fs from 'node:fs';
import { parseElf } from '../../elf/elf';
import { definedSymbols, undefinedSymbols } from '../../linker/undefined';
import { installedLibraries } from '../../package/installed';
import { objectPath } from '../../package/manifest';
import type { LinkInput } from './final-object';
import type { Plan } from './plan';

function read(file: string) {
  return parseElf(fs.readFileSync(file), file);
}

/** Symbol → the library packages that define it. Those that cannot be read have nothing. */
function definers({ from, arch }: Plan): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const library of installedLibraries(from)) {
    try {
      const file = objectPath(library, arch);
      for (const name of file === undefined ? [] : definedSymbols(read(file)))
        found.set(name, [...(found.get(name) ?? []), library.name]);
    } catch {
      continue;
    }
  }
  return found;
}

export function undefinedProblems(bytes: Uint8Array, inputs: readonly LinkInput[], plan: Plan): string[] {
  const missing = new Set(undefinedSymbols(parseElf(bytes, plan.name)).map(({ name }) => name));
  if (missing.size === 0) return [];
  const installed = definers(plan);
  return inputs.flatMap(({ file, shown }) =>
    undefinedSymbols(read(file))
      .filter(({ name }) => missing.has(name))
      .map(({ name, kind }) => {
        const [library] = installed.get(name) ?? [];
        const cure =
          library === undefined
            ? 'link the object or the library that has it, or define it'
            : `${library} has it: include its header (#include <${library}/…>), or give --link ${library}`;
        return `${shown}: ${kind} '${name}' is declared, and defined nowhere; ${cure}`;
      }),
  );
}
