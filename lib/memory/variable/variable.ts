/** Typed pointers to the global variables of a BPF object. */
import { isScalar } from '../../btf/codec/text/scalar';
import { ArgumentError } from '../../errors';
import {
  ArrayVariable,
  CharArrayVariable,
  StructVariable,
  type CompositeVariable,
} from './composite-variable';
import { viewType, type CompositeType } from '../view/composite';
import type { Region } from '../region/region';
import { scalarVariable } from './scalar-variable';
import type { Variable } from '../types';
import type { VariableClass, VariableSpec } from './variable-base';

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
  const variable = isScalar(type)
    ? scalarVariable(region, spec, type)
    : new (compositeClass(type))(region, spec);
  return variable as unknown as Variable;
}

function compositeClass(type: CompositeType): VariableClass<CompositeVariable> {
  if (type.kind !== 'array') return StructVariable;
  return type.element.kind === 'char' ? CharArrayVariable : ArrayVariable;
}
