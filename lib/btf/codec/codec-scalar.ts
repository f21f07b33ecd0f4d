import type { Body, CompiledCodec } from './steps';
import { compiledBytes } from './codec-array';
import { misfit } from './misfit';
import type { ScalarOptions } from './text/access';
import { loadFromView, storeToView } from './text/load-store';
import { checkText, scalarAccess, type ScalarType } from './text/scalar';
import type { Type } from '../layout/layout-model';

export function scalarBody(
  type: ScalarType,
  options: ScalarOptions,
  nested: (type: Type) => CompiledCodec,
): Body {
  if (isBytes(type)) return compiledBytes(type.size, nested);
  const scalar = scalarAccess(type, options);
  const order = options.littleEndian ?? true;
  return {
    scope: { misfit, expected: scalar.expected },
    gaps: false,
    text: `return {
      read: (view, o) => ${loadFromView(scalar.access, 'view', 'o', order)},
      stage: (given) => {
        const ${checkText(scalar, 'given', 'v', 'throw misfit(given, expected)')}
        return v;
      },
      store: (view, o, v) => { ${storeToView(scalar.access, 'view', 'o', 'v', order)} },
    };`,
  };
}

/** Floats that JavaScript has no number for (long double): kept as bytes. */
export function isBytes(type: Type): boolean {
  return type.kind === 'float' && type.size !== 4 && type.size !== 8;
}
