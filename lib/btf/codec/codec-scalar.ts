import type { Body, CompiledCodec } from './steps';
import { compiledBytes } from './codec-array';
import { flag, integer } from './text/compile-text';
import { misfit } from './misfit';
import { LANE_METHODS, type LaneAccess, type ScalarOptions, type ViewAccess } from './text/access';
import { scalarAccess, type ScalarType } from './text/scalar';
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
      read: (view, o) => ${getText(scalar.access, 'view', 'o', order)},
      stage: (given) => {
        const v = ${scalar.coerce('given')};
        if (${scalar.misfit('v')}) throw misfit(given, expected);
        return v;
      },
      store: (view, o, v) => { ${setText(scalar.access, 'view', 'o', 'v', order)} },
    };`,
  };
}

/** Floats that JavaScript has no number for (long double): kept as bytes. */
export function isBytes(type: Type): boolean {
  return type.kind === 'float' && type.size !== 4 && type.size !== 8;
}

/** An expression that reads through a DataView, whose struct starts at `at`. */
export function getText(
  access: LaneAccess | ViewAccess,
  view: string,
  at: string,
  littleEndian: boolean,
): string {
  if (access.lane === undefined) return access.get(view, at);
  if (access.get !== undefined) return access.get(view, at);
  return access.decode(loadText(access, view, at, littleEndian));
}

/** Statements that write through a DataView. */
export function setText(
  access: LaneAccess | ViewAccess,
  view: string,
  at: string,
  value: string,
  littleEndian: boolean,
): string {
  if (access.lane === undefined) return access.set(view, at, value);
  const stored = access.encode(value, loadText(access, view, at, littleEndian));
  return `${view}.set${LANE_METHODS[access.lane]}(${at} + ${integer(access.byte)}, ${stored}, ${flag(littleEndian)});`;
}

function loadText(access: LaneAccess, view: string, at: string, littleEndian: boolean): string {
  return `${view}.get${LANE_METHODS[access.lane]}(${at} + ${integer(access.byte)}, ${flag(littleEndian)})`;
}
