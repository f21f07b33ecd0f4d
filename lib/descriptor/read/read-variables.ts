/** The global variables of an object: those it defines, those it only declares, and those that register struct_ops. */
import { formatDeclaration } from '../../btf/spell/spell';
import type { RawSection, RawVariable } from '../../btf/records/records';
import { skipModifiers } from '../../btf/layout/modifiers';
import { resolveType } from '../../btf/layout/resolve';
import type { ElfSymbol } from '../../elf/elf';
import { ElfError } from '../../errors';
import { inOrder } from './object-context';
import type { ObjectContext, Placed } from './object-context';
import { isDataSection, isPerCpuSection, isStructOpsSection, KCONFIG_SECTION } from '../../uapi/sections';
import { isHidden, weakFlag } from './elf-symbols';
import { HIDDEN, INCOMPLETE, PER_CPU } from './left-out';
import type { VariableDescription } from '../types';

/** What user space can reach in data sections, and what is declared `extern`; what is not among them is in `leftOut`. */
export function readVariables(context: ObjectContext): VariableDescription[] {
  const found: Placed<VariableDescription>[] = [];
  for (const section of context.sections) {
    if (isPerCpuSection(section.name)) refusePerCpu(context, section);
    if (!isDataSection(section.name) && section.name !== KCONFIG_SECTION) continue;
    for (const variable of context.variablesOf(section)) {
      if (context.isOmitted(variable.name, variable.id)) continue;
      if (variable.linkage === 'extern') {
        found.push(...declared(context, variable, section.name));
      } else if (variable.linkage === 'global') {
        const symbol = context.definitionOf(variable);
        // libbpf and bpftool take hidden variables for static ones.
        if (!isHidden(symbol)) found.push(defined(context, variable, section.name, symbol));
      }
    }
  }
  for (const id of context.btf.idsOfKind('var')) {
    const variable = context.btf.type(id);
    if (variable.kind !== 'var' || variable.linkage !== 'extern') continue;
    if (!context.isInSection(id) && !context.isOmitted(variable.name, id)) {
      found.push(...declared(context, variable, ''));
    }
  }
  return context.unique('variables', inOrder(found));
}

/** The variables of `.struct_ops` sections, static ones too: libbpf makes a map of each. */
export function readStructOps(context: ObjectContext): VariableDescription[] {
  const found: Placed<VariableDescription>[] = [];
  for (const section of context.sections) {
    if (!isStructOpsSection(section.name)) continue;
    for (const variable of context.variablesOf(section)) {
      if (context.isOmitted(variable.name, variable.id)) continue;
      const symbol = context.symbols.local(variable.name) ?? context.definitionOf(variable);
      found.push(defined(context, variable, section.name, symbol));
    }
  }
  return context.unique('struct_ops', inOrder(found));
}

function defined(
  context: ObjectContext,
  variable: RawVariable,
  btfSection: string,
  symbol: ElfSymbol,
): Placed<VariableDescription> {
  const type = resolveType(context.btf, variable.id);
  const section = sectionOf(context, symbol, type.size);
  if (section !== btfSection) {
    throw new ElfError(
      `${context.elf.source}: symbol '${variable.name}'`,
      `is in section '${section}', but BTF lists it in '${btfSection}': link the object anew (libbpf-subskel gen object)`,
    );
  }
  const value: VariableDescription = {
    name: variable.name,
    section,
    type: context.types.ref(type),
    // More than the type's where a flexible array at its end has elements.
    size: symbol.size,
    c: formatDeclaration(context.btf, variable.type, variable.name),
    ...weakFlag(symbol),
    ...context.tagsField(variable.id),
  };
  return { section, offset: symbol.value, value };
}

/** Nothing if the object defines the variable after all. `section` is '' unless the declaration names one. */
function declared(
  context: ObjectContext,
  variable: RawVariable,
  section: string,
): Placed<VariableDescription>[] {
  const { name } = variable;
  const symbol = context.symbols.declared(name);
  if (context.symbols.defined(name) !== undefined) return [];
  // The linker resolves it, and what it becomes is as invisible as a hidden one that is defined here.
  if (symbol !== undefined && isHidden(symbol)) return leaveOut(context, name, HIDDEN);
  const { kind } = skipModifiers(context.btf, variable.type).target;
  if (kind === 'fwd' || kind === 'void') return leaveOut(context, name, INCOMPLETE);
  const type = resolveType(context.btf, variable.id);
  const value: VariableDescription = {
    name,
    ...(section === '' ? {} : { section }),
    type: context.types.ref(type),
    size: type.size,
    c: formatDeclaration(context.btf, variable.type, name),
    ...weakFlag(symbol),
    extern: true,
    ...context.tagsField(variable.id),
  };
  return [{ section, offset: Infinity, value }];
}

function leaveOut(context: ObjectContext, name: string, reason: string): [] {
  context.leftOut.push({ name, reason });
  return [];
}

/** Neither in silence, nor as what an older libbpf would not find. */
function refusePerCpu(context: ObjectContext, section: RawSection): void {
  for (const { name, linkage } of context.variablesOf(section)) {
    const symbol = context.symbols.defined(name);
    if (linkage !== 'global' || symbol === undefined || isHidden(symbol)) continue;
    context.leftOut.push({ name, section: section.name, reason: PER_CPU, refused: true });
  }
}

/** The section that a symbol is in, which must have room for it. */
function sectionOf(context: ObjectContext, symbol: ElfSymbol, typeSize: number): string {
  const place = `${context.elf.source}: symbol '${symbol.name}'`;
  if (symbol.size < typeSize) {
    throw new ElfError(place, `has ${String(symbol.size)} bytes, but its type has ${String(typeSize)}`);
  }
  const section = context.symbols.sectionOf(symbol);
  if (section === undefined || symbol.value + symbol.size > section.size) {
    throw new ElfError(place, `reaches past the end of its section '${section?.name ?? ''}'`);
  }
  return section.name;
}
