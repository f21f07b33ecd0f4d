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

export type Host = BpfObject | LoadedObject;

export function checkHost(object: unknown): asserts object is Host {
  if (object instanceof BpfObject || object instanceof LoadedObject) return;
  refuse('object', 'a BpfObject or a LoadedObject', object);
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
  const state = stateOf(object);
  return state.btfBytes().length === 0 ? undefined : state.rawBtf;
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
