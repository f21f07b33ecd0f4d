/** Compiles the variable class of each kind of scalar: one for all `u32` variables, one for all `bool` ones, … */
import { compile, quote } from '../btf/compile';
import * as helpers from '../btf/helpers';
import { asError, misfit, show } from '../btf/misfit';
import { LANE_SIZES, scalarAccess, type LaneAccess, type Scalar, type ScalarType } from '../btf/scalar';
import { ArgumentError } from '../errors';
import { atomicAt, atomicLane } from './atomics';
import { NONE } from './lanes';
import { NONE_SCOPE, returnFromView, storeThroughView, type LiveTarget } from './live-text';
import { BaseVariable, makeVariable, nextVariable, type VariableSpec } from './variable-base';
import type { Region } from './region';

type VariableClass = new () => BaseVariable;

const classes = new Map<string, VariableClass>();

export function scalarVariable(region: Region, spec: VariableSpec, type: ScalarType): BaseVariable {
  const scalar = scalarAccess(type, {});
  const { access, expected } = scalar;
  const aligned = access.lane !== undefined && spec.offset % LANE_SIZES[access.lane] === 0;
  const key = [
    type.kind === 'float' || type.kind === 'bool' ? type.kind : 'int',
    expected.range,
    type.size,
    aligned,
  ].join(' ');
  let Variable = classes.get(key);
  if (Variable === undefined) classes.set(key, (Variable = compileClass(type, scalar, aligned)));
  const Class = Variable;
  return makeVariable(region, spec, () => new Class());
}

const HERE: LiveTarget = { in: 'this.#r.in', out: 'this.#r.out', region: 'this.#r', at: 'this.#o' };

function compileClass(type: ScalarType, scalar: Scalar, aligned: boolean): VariableClass {
  const { access } = scalar;
  const wide = type.size === 8 && scalar.expected.jsType === 'bigint';
  const word = aligned && access.lane !== undefined ? ownWord(access, wide && ORDERED_LOADS) : undefined;
  const get = word?.get ?? returnFromView(access, HERE);
  const set = word?.set ?? storeThroughView(access, HERE, { byte: 0, size: type.size }, 'v');
  const number = `get number() { ${word?.number ?? ''} return safeNumber(this.value, this.#spec); }
      set number(given) { this.value = toBig(given, this.#spec); }`;
  const atomic = 'get atomic() { return (this.#atomic ??= atomicFor(this.#r, this.#spec)); }';
  return compile(
    `let slow, slowStore;
    return class ScalarVariable extends BaseVariable {
      #r = next.region; #o = next.spec.offset; #spec = next.spec; #atomic = null;
      ${word?.fields ?? ''}
      get value() { ${get} }
      set value(given) {
        const v = ${scalar.coerce('given')};
        if (${scalar.misfit('v')}) fail(given, this.#spec);
        ${set}
      }
      read() { return this.value; }
      write(value) { this.value = value; }
      ${wide ? number : ''}
      ${atomicLane(type) === undefined ? '' : atomic}
    };`,
    {
      ...NONE_SCOPE,
      BaseVariable,
      next: nextVariable,
      h: helpers,
      fail,
      atomicFor,
      safeNumber,
      toBig,
      NO_HALVES,
      SENTINEL: access.lane === undefined ? undefined : NONE[access.lane][0],
    },
  ) as VariableClass;
}

/** What `.number` reads before its first use. */
const NO_HALVES = new Uint32Array(2);

/**
 * Reading two halves is ten times faster than making a BigInt. A processor that may reorder loads (arm64) could pair
 * halves of different moments.
 */
const ORDERED_LOADS = process.arch === 'x64';

interface OwnWord {
  readonly fields: string;
  readonly get: string;
  readonly set: string;
  readonly number: string;
}

/**
 * An aligned variable has an array of its own over its one word: that saves a load at each access, compared with the
 * region's lanes. Before its first use, and when the memory goes away, it has the empty lane; the region sees to that.
 */
function ownWord(access: LaneAccess, halves: boolean): OwnWord {
  const { lane } = access;
  const none = `NONE_${lane}`;
  const name = quote(lane);
  // Comparing what was loaded with what empty lanes hold is cheaper than comparing the arrays. A variable that happens
  // to hold the same takes the slow path, which gives the same answer. (Not for bytes: too likely; not for
  // bigints: comparing them is slow.)
  const load = ['i32', 'u32', 'f32', 'f64'].includes(lane)
    ? 'let x = this.#a[0]; if (x === SENTINEL || x === undefined) x = slow(this);'
    : `const a = this.#a; let x; if (a === ${none} || (x = a[0]) === undefined) x = slow(this);`;
  return {
    fields: `#a = ${none}; #w = ${none}; ${halves ? '#h = NO_HALVES;' : ''}
      static {
        const drop = (v) => { v.#a = ${none}; v.#w = ${none}; ${halves ? 'v.#h = NO_HALVES;' : ''} };
        const bind = (v) => {
          const own = v.#a === ${none} ? v.#r.bind(${name}, v.#o, 1, v, drop) : undefined;
          if (own === undefined) return;
          v.#a = own;
          if (!v.#r.readonly) v.#w = own;
          ${halves ? "v.#h = v.#r.bind('u32', v.#o, 2, v, drop);" : ''}
        };
        slow = (v) => { bind(v); return v.#r.load(${name}, v.#o); };
        slowStore = (v, x) => { bind(v); v.#r.store(${name}, v.#o, x); };
      }`,
    get: `${load} return ${access.decode('x')};`,
    // Loading before the store is the check that the memory is there: storing beyond the end of a TypedArray, or into
    // one whose buffer was moved away, is ignored silently.
    set: `const a = this.#w;
        if (a === ${none} || a[0] === undefined) slowStore(this, ${access.encode('v', '0')});
        else a[0] = ${access.encode('v', '0')};`,
    // Up to 2^53 - 1; beyond, negative, and without memory: through the BigInt.
    number: halves
      ? `const h = this.#h;
        if (h !== NO_HALVES) {
          let low, high;
          do { high = h[1]; low = h[0]; } while (high !== h[1]);
          if (high <= 0x1fffff) return high * 4294967296 + low;
        }`
      : '',
  };
}

function fail(value: unknown, spec: VariableSpec): never {
  throw misfit(value, scalarAccess(spec.type as ScalarType, {}).expected).toError(subjectOf(spec));
}

export function subjectOf(spec: VariableSpec): string {
  return `variable '${spec.name}' in ${spec.section}`;
}

function atomicFor(region: Region, spec: VariableSpec): unknown {
  return atomicAt(region, spec.offset, spec.type, subjectOf(spec));
}

function safeNumber(value: bigint, spec: VariableSpec): number {
  try {
    return helpers.toSafeNumber(value);
  } catch (error) {
    throw asError(error, subjectOf(spec));
  }
}

function toBig(value: unknown, spec: VariableSpec): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  throw new ArgumentError(`${subjectOf(spec)}: expected a safe integer, got ${show(value)}`);
}
