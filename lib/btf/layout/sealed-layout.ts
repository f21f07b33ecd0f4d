/** Layouts that can be relied on: they are frozen through and through, and their extent is known. */
import { foundWeak, keepWeak } from '../../util/primordials';
import { arrayExtent, scalarExtent, StructExtent, type Extent } from './extent';
import type { Type } from './layout-model';

const sealed = new WeakMap<object, Extent>();

/** undefined for what is not sealed. */
export function extentOfSealed(type: object): Extent | undefined {
  return foundWeak(sealed, type);
}

/** Of a type whose parts are sealed, and which is frozen. */
export function keepSealed(type: Type, extent: Extent): void {
  keepWeak(sealed, type, extent);
}

/** A layout of this package's, before users get it: they can change it no more. */
export function sealLayout<T extends Type>(type: T): T {
  seal(type);
  return type;
}

function seal(type: Type): Extent {
  const known = extentOfSealed(type);
  if (known !== undefined) return known;
  const extent = extentOf(type);
  Object.freeze(type);
  keepSealed(type, extent);
  return extent;
}

/** Freezes what the type holds, too. */
function extentOf(type: Type): Extent {
  // Made by resolve.ts or types-table.ts, which have checked it.
  const fail = (problem: string): Error => new TypeError(`${type.spelling} ${problem}`);
  switch (type.kind) {
    case 'array':
      return arrayExtent(seal(type.element), type.length, fail);
    case 'struct':
    case 'union': {
      const extent = new StructExtent(type.kind, type.size);
      for (const member of Object.freeze(type.members)) {
        extent.add({ ...member, kind: member.type.kind }, seal(member.type), fail, fail);
        Object.freeze(member.tags);
        Object.freeze(member);
      }
      const { size, nodes, empty } = extent;
      return { size, nodes, empty };
    }
    case 'enum':
      Object.freeze(type.constants).forEach(Object.freeze);
      return scalarExtent(type.size);
    default:
      return scalarExtent(type.size);
  }
}
