/** The maps of an object: variables in `.maps`, defined or only declared. */
import { inOrder } from './object-context';
import type { ObjectContext, Placed } from './object-context';
import { mapDefinition } from './map-definition';
import { MAPS_SECTION } from '../../uapi/sections';
import { weakFlag } from './elf-symbols';
import type { MapDescription } from '../types';

export function readMaps(context: ObjectContext): MapDescription[] {
  const found: Placed<MapDescription>[] = [];
  for (const section of context.sections) {
    if (section.name !== MAPS_SECTION) continue;
    for (const variable of context.variablesOf(section)) {
      if (context.isOmitted(variable.name, variable.id)) continue;
      if (variable.linkage === 'static') {
        throw context.btf.error(variable.id, 'is a static map, which libbpf refuses: drop the static');
      }
      const extern = variable.linkage === 'extern';
      const defined = context.symbols.defined(variable.name);
      if (extern && defined !== undefined) continue;
      const symbol = extern ? context.symbols.declared(variable.name) : context.definitionOf(variable);
      const value: MapDescription = {
        name: variable.name,
        ...mapDefinition(context.btf, variable.id, context.types),
        ...(extern ? { extern: true as const } : {}),
        ...weakFlag(symbol),
        ...context.tagsField(variable.id),
      };
      found.push({ section: section.name, offset: extern ? Infinity : (symbol?.value ?? 0), value });
    }
  }
  return context.unique('maps', inOrder(found));
}
