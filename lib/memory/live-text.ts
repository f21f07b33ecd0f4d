/** Loads and stores of scalars in a region's lanes, as text. In scope: `r` the region, `o` where the struct starts. */
import { LANE_SIZES, type LaneAccess, type ViewAccess } from '../btf/scalar';
import { integer, quote } from '../btf/compile';
import { getText, setText } from '../btf/codec-scalar';
import { NONE } from './lanes';

/** Names of the empty lanes in the scope of compiled text. */
export const NONE_SCOPE: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries(NONE).map(([lane, none]) => [`NONE_${lane}`, none]),
);

export interface LiveTarget {
  /** The region's lanes, for loads and for stores. */
  readonly in: string;
  readonly out: string;
  readonly region: string;
  /** Where the struct starts. */
  readonly at: string;
}

/** Whether a lane access works for a struct that starts at a multiple of its alignment. */
export function fitsLane(access: LaneAccess | ViewAccess): access is LaneAccess {
  return access.lane !== undefined && access.byte % LANE_SIZES[access.lane] === 0;
}

/** An expression for the scalar's value; uses the variables `a` and `x`. */
export function loadLane(access: LaneAccess, target: LiveTarget): string {
  const { lane } = access;
  const at = `${target.at} + ${integer(access.byte)}`;
  return (
    `((a = ${target.in}.${lane}) === NONE_${lane} || (x = a[${indexText(access, target)}]) === undefined` +
    ` ? (x = ${target.region}.load(${quote(lane)}, ${at}), ${access.decode('x')}) : ${access.decode('x')})`
  );
}

/** Statements that store the checked value `v`; they use the variables `a` and `x`. */
export function storeLane(access: LaneAccess, target: LiveTarget, v: string): string {
  const { lane } = access;
  const at = `${target.at} + ${integer(access.byte)}`;
  const index = indexText(access, target);
  // The load before the store is the check that the memory is there: a store beyond the end of a TypedArray, or into
  // one whose buffer was moved away, is ignored silently.
  return (
    `a = ${target.out}.${lane};` +
    ` if (a === NONE_${lane} || (x = a[${index}]) === undefined)` +
    ` ${target.region}.store(${quote(lane)}, ${at}, ${access.encode(v, `${target.region}.load(${quote(lane)}, ${at})`)});` +
    ` else a[${index}] = ${access.encode(v, 'x')};`
  );
}

function indexText({ lane, byte }: LaneAccess, { at }: LiveTarget): string {
  const shift = Math.log2(LANE_SIZES[lane]);
  return shift === 0 ? `${at} + ${integer(byte)}` : `${at} + ${integer(byte)} >> ${integer(shift)}`;
}

/** Statements that return the scalar through a DataView: unaligned members, 128 bits, odd bitfields. */
export function returnFromView(access: LaneAccess | ViewAccess, target: LiveTarget): string {
  return `let view = ${target.in}.view;
    if (view === NONE_view) view = ${target.region}.openView();
    try { return ${getText(access, 'view', target.at, true)}; } catch (error) { throw ${target.region}.explain(error); }`;
}

/** Statements that store the checked value `v`, which lies within `size` bytes from `byte`, through a DataView. */
export function storeThroughView(
  access: LaneAccess | ViewAccess,
  target: LiveTarget,
  extent: { readonly byte: number; readonly size: number },
  v: string,
): string {
  return `let view = ${target.out}.view;
    const direct = view !== NONE_view;
    if (!direct) view = ${target.region}.openWriting();
    try { ${setText(access, 'view', target.at, v, true)} } catch (error) { throw ${target.region}.explain(error); }
    if (!direct) ${target.region}.written(view, ${target.at} + ${integer(extent.byte)}, ${integer(extent.size)});`;
}
