/** The functions of an object: programs, subprograms, and what of other libraries and of the kernel it calls. */
import { formatDeclaration } from '../../btf/spell/spell';
import { SHF_EXECINSTR, SHT_PROGBITS } from '../../elf/constants';
import type { ElfSection } from '../../elf/elf';
import { ElfError } from '../../errors';
import { byName } from './object-context';
import type { ObjectContext } from './object-context';
import { KSYMS_SECTION } from '../../uapi/sections';
import { isHidden, weakFlag } from './elf-symbols';
import type { FunctionDescription, KsymDescription, ProgramDescription } from '../types';

const isExecutable = ({ type, flags, size }: ElfSection): boolean =>
  type === SHT_PROGBITS && (flags & SHF_EXECINSTR) !== 0 && size > 0;

/** libbpf takes every global function outside `.text` for a program, in the order of sections and addresses. */
export function readPrograms(context: ObjectContext): ProgramDescription[] {
  const programs = context.symbols
    .functions()
    .filter(({ section }) => isExecutable(section) && section.name !== '.text')
    .filter(({ symbol }) => !context.isOmitted(symbol.name, context.functions.get(symbol.name)?.id ?? 0))
    .map(({ symbol, section }): ProgramDescription => {
      if (section.name === '') {
        throw new ElfError(
          `${context.elf.source}: section ${String(section.index)}`,
          'has programs, but no name',
        );
      }
      const type = context.functions.get(symbol.name);
      return {
        name: symbol.name,
        section: section.name,
        ...(type === undefined ? {} : { c: formatDeclaration(context.btf, type.id, symbol.name) }),
        ...weakFlag(symbol),
        ...(type === undefined ? {} : context.tagsField(type.id)),
      };
    });
  return context.unique('programs', programs);
}

/** The subprograms in `.text` that other objects may call, and the functions of others that this one calls. */
export function readFunctions(context: ObjectContext): FunctionDescription[] {
  const own = context.symbols
    .functions()
    .filter(({ symbol, section }) => isExecutable(section) && section.name === '.text' && !isHidden(symbol))
    .map(({ symbol }): FunctionDescription => {
      const type = context.functions.get(symbol.name);
      const c =
        type === undefined ? `${symbol.name}()` : formatDeclaration(context.btf, type.id, symbol.name);
      return { name: symbol.name, c, ...weakFlag(symbol) };
    });
  const externs = [...context.functions.values()]
    .filter(({ id, name, linkage }) => {
      return linkage === 'extern' && !context.isInSection(id) && context.symbols.defined(name) === undefined;
    })
    .map(({ id, name }): FunctionDescription => {
      const c = formatDeclaration(context.btf, id, name);
      return { name, c, ...weakFlag(context.symbols.declared(name)), extern: true };
    });
  return context.unique('functions', [...own, ...externs.sort(byName)]);
}

/** What the object wants of the kernel (`__ksym`): variables and kernel functions. */
export function readKsyms(context: ObjectContext): KsymDescription[] {
  const ksyms: KsymDescription[] = [];
  for (const section of context.sections) {
    if (section.name !== KSYMS_SECTION) continue;
    for (const { type: id } of section.entries) {
      const type = context.btf.type(id);
      if (type.kind !== 'var' && type.kind !== 'func') throw context.badEntry(section, id);
      ksyms.push({
        name: type.name,
        kind: type.kind === 'func' ? 'function' : 'variable',
        c: formatDeclaration(context.btf, id, type.name),
        ...weakFlag(context.symbols.declared(type.name)),
      });
    }
  }
  return context.unique('ksyms', ksyms.sort(byName));
}
