/** Typed pointers to the global variables of a BPF object. */
import { isScalar } from '../btf/scalar';
import { ArgumentError } from '../errors';
import {
  ArrayVariable,
  CharArrayVariable,
  StructVariable,
  type CompositeVariable,
} from './composite-variable';
import { viewType, type CompositeType } from './live';
import type { Region } from './region';
import { scalarVariable } from './scalar-variable';
import type { Variable } from './types';
import { makeVariable, type VariableSpec } from './variable-base';

export type { VariableSpec } from './variable-base';

/**
 * A variable at `spec.offset` of a region. It stays valid as the region's memory changes: over load(), prepare()
 * and resize. The memory is looked at when the variable is used, not now.
 */
export function createVariable(region: Region, spec: VariableSpec): Variable {
  const { offset, size } = spec;
  if (!Number.isInteger(offset) || offset < 0 || !Number.isInteger(size) || size < 0) {
    throw new ArgumentError(
      `variable '${spec.name}' in ${spec.section}: no place: offset ${offset}, size ${size}`,
    );
  }
  region.use();
  const type = viewType(spec.type);
  if (isScalar(type)) return scalarVariable(region, spec, type) as unknown as Variable;
  return makeVariable(region, spec, () => composite(region, spec, type));
}

function composite(region: Region, spec: VariableSpec, type: CompositeType): CompositeVariable {
  if (type.kind !== 'array') return new StructVariable(region, spec, type);
  if (type.element.kind === 'char') return new CharArrayVariable(region, spec, type);
  return new ArrayVariable(region, spec, type);
}
