/**
 * Loads and stores of a scalar, as text, by where it is: behind a DataView, in the lanes of a region, in the lanes of records.
 * All but the names that are given is in scope of the text: the helpers (`h`), for regions what REGION_SCOPE has
 * (memory/view/region-scope.ts), for records `m`, `o` and `over` (events/record/record-class.ts).
 */
import { LANE_METHODS, LANE_SIZES, type Lane, type LaneAccess, type ViewAccess } from './access';
import { flag, integer, quote } from './compile-text';

type Access = LaneAccess | ViewAccess;

/** An expression that loads a lane through a DataView. */
export function getLane(lane: Lane, view: string, at: string, littleEndian: boolean): string {
  return `${view}.get${LANE_METHODS[lane]}(${at}, ${flag(littleEndian)})`;
}

/** A statement that stores one. */
export function setLane(lane: Lane, view: string, at: string, value: string, littleEndian: boolean): string {
  return `${view}.set${LANE_METHODS[lane]}(${at}, ${value}, ${flag(littleEndian)});`;
}

const byteOf = ({ byte }: LaneAccess, at: string): string => `${at} + ${integer(byte)}`;

/** An expression for the scalar's value, whose struct starts at `at` of a DataView. */
export function loadFromView(access: Access, view: string, at: string, littleEndian: boolean): string {
  if (access.lane === undefined) return access.get(view, at);
  if (access.get !== undefined) return access.get(view, at);
  return access.decode(getLane(access.lane, view, byteOf(access, at), littleEndian));
}

/** Statements that store a checked value through a DataView. */
export function storeToView(
  access: Access,
  view: string,
  at: string,
  value: string,
  littleEndian: boolean,
): string {
  if (access.lane === undefined) return access.set(view, at, value);
  const place = byteOf(access, at);
  const stored = access.encode(value, getLane(access.lane, view, place, littleEndian));
  return setLane(access.lane, view, place, stored, littleEndian);
}

/** 64 bits of a safe integer `v`, which costs a third of making a bigint of it and storing that. Any other `v`: as `otherwise`. */
export function storeSafeInteger(byte: number, otherwise: string): string {
  const at = integer(byte);
  return `if (typeof v === 'number') {
      view.setUint32(o + ${at}, v >>> 0, true); view.setInt32(o + ${at} + 4, Math.floor(v / 0x100000000), true);
    } else { ${otherwise} }`;
}

/** Where a struct is in a region. */
export interface RegionPlace {
  /** The region's lanes, for loads and for stores. */
  readonly in: string;
  readonly out: string;
  readonly region: string;
  /** Where the struct starts. */
  readonly at: string;
}

/** Whether a lane access works for a struct that starts at a multiple of its alignment. */
export function fitsLane(access: Access): access is LaneAccess {
  return access.lane !== undefined && access.byte % LANE_SIZES[access.lane] === 0;
}

/** The result's type, spelt out: V8 does not know what the call returns, and would box the fast path's result too. */
const CASTS: Partial<Record<Lane, (value: string) => string>> = {
  i32: (value) => `${value} | 0`,
  u32: (value) => `${value} >>> 0`,
  f32: (value) => `+${value}`,
  f64: (value) => `+${value}`,
};

/** The value of a slow path, as what the lane holds. */
function cast(lane: Lane, value: string): string {
  const smaller = LANE_SIZES[lane] < 4 ? `${value} | 0` : value;
  return CASTS[lane]?.(value) ?? smaller;
}

function slowLoad(access: LaneAccess, { region, at }: RegionPlace): string {
  const { lane } = access;
  return `(${cast(lane, `load(${region}, ${quote(lane)}, ${byteOf(access, at)})`)})`;
}

function indexOf(access: LaneAccess, { at }: RegionPlace): string {
  const shift = Math.log2(LANE_SIZES[access.lane]);
  return shift === 0 ? byteOf(access, at) : `${byteOf(access, at)} >> ${integer(shift)}`;
}

/** An expression for the value of a scalar in a region; uses the variable `x`. */
export function loadFromLanes(access: LaneAccess, place: RegionPlace): string {
  return (
    `((x = ${place.in}.${access.lane}[${indexOf(access, place)}]) === undefined` +
    ` ? (x = ${slowLoad(access, place)}, ${access.decode('x')}) : ${access.decode('x')})`
  );
}

/** Statements that store the checked value `v` in a region; they use the variables `a` and `x`. */
export function storeToLanes(access: LaneAccess, place: RegionPlace): string {
  const { lane } = access;
  const index = indexOf(access, place);
  // The load before the store is the check that the memory is there: a store beyond the end of a TypedArray, or into
  // one whose buffer was moved away, is ignored silently.
  return (
    `a = ${place.out}.${lane};` +
    ` if ((x = a[${index}]) === undefined)` +
    ` store(${place.region}, ${quote(lane)}, ${byteOf(access, place.at)}, ${access.encode('v', slowLoad(access, place))});` +
    ` else a[${index}] = ${access.encode('v', 'x')};`
  );
}

/**
 * Statements that return a scalar of a region through its DataView: unaligned members, 128 bits, odd bitfields. It lies within
 * the first `room` bytes.
 */
export function returnThroughView(access: Access, place: RegionPlace, room: number): string {
  return `let view = ${place.in}.view;
    if (view === NONE_view) view = reading(${place.region}, ${place.at}, ${integer(room)});
    try { return ${loadFromView(access, 'view', place.at, true)}; } catch (error) { throw ${place.region}.explain(error); }`;
}

/** Statements that store the checked value `v`, of `size` bytes from `byte`, through a region's DataView. */
export function storeThroughView(access: Access, place: RegionPlace, byte: number, size: number): string {
  const extent = access.lane === undefined ? [byte, size] : [access.byte, LANE_SIZES[access.lane]];
  return `let view = ${place.out}.view;
    const direct = view !== NONE_view;
    if (!direct) view = writing(${place.region});
    try { ${storeToView(access, 'view', place.at, 'v', true)} } catch (error) { throw ${place.region}.explain(error); }
    if (!direct) ${place.region}.written(view, ${place.at} + ${integer(extent[0] ?? 0)}, ${integer(extent[1] ?? 0)});`;
}

/** Statements that declare `v`, the value of a scalar in a record, which starts at a multiple of its alignment. */
export function loadFromRecord(access: LaneAccess, v: string): string {
  const size = LANE_SIZES[access.lane];
  const first = size === 1 ? 'o' : `(o >> ${integer(Math.log2(size))})`;
  return `const x${v} = m.${access.lane}[${first} + ${integer(access.byte / size)}];
    if (x${v} === undefined) throw over();
    const ${v} = ${access.decode(`x${v}`)};`;
}

/**
 * Statements that declare `v`, 64 bits of a record as a safe integer, or throw what `unsafe` makes. Two halves, the upper of
 * which mostly is zero: a BigInt would take longer than everything else. Committed records change no more, so no half is old.
 */
export function loadSafeInteger(v: string, byte: number, signed: boolean, unsafe: string): string {
  const half = (at: number): string => `[(o >> 2) + ${integer(at / 4)}]`;
  const fits = signed
    ? `h${v} >= -0x200000 && h${v} <= 0x1fffff && !(h${v} === -0x200000 && ${v} === 0)`
    : `h${v} <= 0x1fffff`;
  return `const h${v} = m.${signed ? 'i' : 'u'}32${half(byte + 4)};
    let ${v} = m.u32${half(byte)};
    if (h${v} !== 0) {
      if (!(${fits})) throw ${unsafe};
      ${v} = h${v} * 4294967296 + ${v};
    }`;
}
