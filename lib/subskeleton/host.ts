/** What a library's part is found in: an object, or what is in the kernel already. */
import type { RawBtf } from '../btf/records/record-table';
import type { Type } from '../btf/layout/layout-model';
import type { Variable } from '../memory/types';
import { LoadedObject } from '../runtime/loaded/loaded-object';
import { accessToLoaded } from '../runtime/loaded/loaded-section';
import { loadedStateOf } from '../runtime/loaded/loaded-state';
import { BpfObject } from '../runtime/object/bpf-object';
import { stateOf } from '../runtime/object/object-state';
import { accessTo } from '../runtime/section/section';
import type { VariableSymbol } from '../runtime/section/variables';
import { refuse } from '../util/check';
import { ofAnotherCopy } from '../util/copies';

export type Host = BpfObject | LoadedObject;

const isHost = (value: unknown): value is Host => value instanceof BpfObject || value instanceof LoadedObject;

/** The object itself, or that of a skeleton. @throws ArgumentError */
export function heldBy(holder: unknown): Host {
  if (isHost(holder)) return holder;
  const held: unknown =
    typeof holder === 'object' && holder !== null && 'object' in holder ? holder.object : undefined;
  if (isHost(held)) return held;
  // One of another copy of this package is named as such, also where a skeleton of that copy has it.
  refuse(
    'object',
    'a BpfObject, a LoadedObject or a skeleton',
    ofAnotherCopy(held) === undefined ? holder : held,
  );
}

/** Which variables its BTF knows. */
export function symbolsOf(object: Host): {
  named(name: string): readonly VariableSymbol[];
  names(): Iterable<string>;
} {
  return (
    (object instanceof LoadedObject ? loadedStateOf(object) : undefined) ??
    stateOf(object as BpfObject).symbols
  );
}

/** undefined where it was compiled or loaded without. */
export function btfIn(object: Host): RawBtf | undefined {
  if (object instanceof LoadedObject) return loadedStateOf(object)?.btf();
  return stateOf(object).anyBtf;
}

/** For messages. */
export const subjectOf = (object: Host): string =>
  object instanceof LoadedObject ? object.name : `object '${object.name}'`;

/** A variable that was found in it, typed as the library says. */
export function variableIn(object: Host, symbol: VariableSymbol, type: Type): Variable {
  if (object instanceof LoadedObject)
    return accessToLoaded(object.section(symbol.section)).variable(symbol, type);
  return accessTo(object.section(symbol.section)).variable(symbol, type);
}
