/** What an object uses and no object defines: libbpf would refuse it when it is opened. */
import { btfOfElf } from '../btf/records/of-elf';
import type { Elf } from '../elf/elf';
import { MAPS_SECTION } from '../uapi/sections';
import { linkSymbols } from './symbols';

export interface UndefinedSymbol {
  readonly name: string;
  readonly kind: 'function' | 'map' | 'variable';
}

/** What the kernel has, and what its configuration says, is resolved by load(). */
const OF_THE_KERNEL: ReadonlySet<string> = new Set(['.ksyms', '.kconfig']);

export function undefinedSymbols(elf: Elf): UndefinedSymbol[] {
  const externs = linkSymbols(elf).filter(
    ({ kind, section }) => kind === 'extern' && !OF_THE_KERNEL.has(section ?? ''),
  );
  if (externs.length === 0) return [];
  const btf = btfOfElf(elf);
  const functions = new Set(
    btf === undefined ? [] : Array.from(btf.idsOfKind('func'), (id) => btf.nameOf(id)),
  );
  return externs.map(({ name, section }) => ({
    name,
    kind: functions.has(name) ? 'function' : section === MAPS_SECTION ? 'map' : 'variable',
  }));
}

/** The names of all global symbols that an object defines. */
export const definedSymbols = (elf: Elf): ReadonlySet<string> =>
  new Set(
    linkSymbols(elf)
      .filter(({ kind }) => kind !== 'extern')
      .map(({ name }) => name),
  );
