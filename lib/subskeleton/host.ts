/** What a library's part is found in: an object, or what is in the kernel already. */
import path from 'node:path';
import type { RawBtf } from '../btf/records/record-table';
import type { Type } from '../btf/layout/layout-model';
import type { Variable } from '../memory/types';
import { ArgumentError } from '../errors';
import { LoadedObject } from '../runtime/loaded/loaded-object';
import { accessToLoaded } from '../runtime/loaded/loaded-section';
import { loadedStateOf } from '../runtime/loaded/loaded-state';
import { BpfObject } from '../runtime/object/bpf-object';
import { stateOf } from '../runtime/object/object-state';
import { accessTo } from '../runtime/section/section';
import type { VariableSymbol } from '../runtime/section/variables';
import { refuse } from '../util/check';

export type Host = BpfObject | LoadedObject;

const isHost = (value: unknown): value is Host => value instanceof BpfObject || value instanceof LoadedObject;

/** Classes that are ours by their name, and not by what they are, come from another copy of this package. */
const NAMES: readonly unknown[] = [BpfObject.name, LoadedObject.name];
const isNamed = (value: unknown): boolean =>
  NAMES.includes((value as { constructor?: { name?: unknown } } | null | undefined)?.constructor?.name);

/** The object itself, or that of a skeleton. @throws ArgumentError */
export function heldBy(holder: unknown): Host {
  if (isHost(holder)) return holder;
  const held: unknown =
    typeof holder === 'object' && holder !== null && 'object' in holder ? holder.object : undefined;
  if (isHost(held)) return held;
  if (isNamed(holder) || isNamed(held)) {
    throw new ArgumentError(
      `object is of another copy of libbpf-subskel than this one (in ${path.resolve(__dirname, '../..')}), which cannot use it: ` +
        'npm ls libbpf-subskel shows both; a library has it as a peer dependency, and the agent installs one',
    );
  }
  refuse('object', 'a BpfObject, a LoadedObject or a skeleton', holder);
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
