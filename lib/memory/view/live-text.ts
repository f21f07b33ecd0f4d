/** Loads and stores of scalars in a region's lanes, as text. In scope: `r` the region, `o` where the struct starts. */
import { LANE_SIZES, type Lane, type LaneAccess, type ViewAccess } from '../../btf/codec/text/access';
import { integer, outOfLine, quote } from '../../btf/codec/text/compile-text';
import * as helpers from '../../btf/codec/codec-helpers';
import { getText, setText } from '../../btf/codec/codec-scalar';
import { NONE } from '../region/lanes';
import type { Region } from '../region/region';

/** What the text of this file needs in its scope: the slow paths and the helpers. */
export const LIVE_SCOPE: Readonly<Record<string, unknown>> = {
  NONE_view: NONE.view,
  h: helpers,
  load: outOfLine((region: Region, lane: Lane, at: number) => region.load(lane, at)),
  store: outOfLine((region: Region, lane: Lane, at: number, value: number | bigint) => {
    region.store(lane, at, value);
  }),
  reading: outOfLine((region: Region, offset: number, size: number) => region.reading(offset, size)),
  writing: outOfLine((region: Region) => region.writing()),
};

/** The result's type, spelt out: V8 does not know what the call returns, and would box the fast path's result too. */
const CASTS: Partial<Record<Lane, (value: string) => string>> = {
  i32: (value) => `${value} | 0`,
  u32: (value) => `${value} >>> 0`,
  f32: (value) => `+${value}`,
  f64: (value) => `+${value}`,
};

/** The value of a slow path, as what the lane holds. */
export function cast(lane: Lane, value: string): string {
  const smaller = LANE_SIZES[lane] < 4 ? `${value} | 0` : value;
  return CASTS[lane]?.(value) ?? smaller;
}

function slowLoad(lane: Lane, region: string, at: string): string {
  return `(${cast(lane, `load(${region}, ${quote(lane)}, ${at})`)})`;
}

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

/** An expression for the scalar's value; uses the variable `x`. */
export function loadLane(access: LaneAccess, target: LiveTarget): string {
  const { lane } = access;
  const at = `${target.at} + ${integer(access.byte)}`;
  return (
    `((x = ${target.in}.${lane}[${indexText(access, target)}]) === undefined` +
    ` ? (x = ${slowLoad(lane, target.region, at)}, ${access.decode('x')}) : ${access.decode('x')})`
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
    ` if ((x = a[${index}]) === undefined)` +
    ` store(${target.region}, ${quote(lane)}, ${at}, ${access.encode(v, slowLoad(lane, target.region, at))});` +
    ` else a[${index}] = ${access.encode(v, 'x')};`
  );
}

function indexText({ lane, byte }: LaneAccess, { at }: LiveTarget): string {
  const shift = Math.log2(LANE_SIZES[lane]);
  return shift === 0 ? `${at} + ${integer(byte)}` : `${at} + ${integer(byte)} >> ${integer(shift)}`;
}

/**
 * Statements that return the scalar through a DataView: unaligned members, 128 bits, odd bitfields. It lies within the
 * first `room` bytes.
 */
export function returnFromView(access: LaneAccess | ViewAccess, target: LiveTarget, room: number): string {
  return `let view = ${target.in}.view;
    if (view === NONE_view) view = reading(${target.region}, ${target.at}, ${integer(room)});
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
    if (!direct) view = writing(${target.region});
    try { ${setText(access, 'view', target.at, v, true)} } catch (error) { throw ${target.region}.explain(error); }
    if (!direct) ${target.region}.written(view, ${target.at} + ${integer(extent.byte)}, ${integer(extent.size)});`;
}
