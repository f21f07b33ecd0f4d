/** Compiles the variable class of each kind of scalar: one for all `u32` variables, one for all `bool` ones, … */
import { compile, outOfLine, quote } from '../../btf/codec/text/compile-text';
import * as helpers from '../../btf/codec/codec-helpers';
import { asError, misfit } from '../../btf/codec/misfit';
import { shown } from '../../util/shown';
import type { LaneAccess } from '../../btf/codec/text/access';
import { returnThroughView, storeThroughView, type RegionPlace } from '../../btf/codec/text/load-store';
import { checkText, scalarAccess, type Scalar, type ScalarType } from '../../btf/codec/text/scalar';
import { ArgumentError } from '../../errors';
import { atomicAt, atomicLane } from './atomics';
import { NONE } from '../region/lanes';
import { REGION_SCOPE } from '../view/region-scope';
import { BaseVariable, type VariableClass, type VariableSpec } from './variable-base';
import { keepParent } from '../../util/primordials';
import type { Region } from '../region/region';

/** A compiled class, and what binds a new instance to its memory. */
interface ScalarClass {
  readonly Variable: VariableClass;
  readonly attach: (variable: BaseVariable) => void;
}

/** By what the class depends on; types of one kind share it. */
const classes = new Map<string, ScalarClass>();
/** The same by type, aligned and not: looking a type up must cost nothing, there may be thousands of variables. */
const classesOfTypes = new WeakMap<ScalarType, ScalarClass[]>();

export function scalarVariable(region: Region, spec: VariableSpec, type: ScalarType): BaseVariable {
  const aligned = spec.offset % type.size === 0 ? 1 : 0;
  const { Variable, attach } = classesOfTypes.get(type)?.[aligned] ?? findClass(type, aligned);
  const variable = new Variable(region, spec);
  attach(variable);
  return variable;
}

function findClass(type: ScalarType, aligned: 0 | 1): ScalarClass {
  const scalar = scalarAccess(type, {});
  const kind = type.kind === 'float' || type.kind === 'bool' ? type.kind : 'integer';
  const key = [kind, scalar.expected.range, type.size, aligned].join(' ');
  let compiled = classes.get(key);
  if (compiled === undefined) classes.set(key, (compiled = compileClass(type, scalar, aligned === 1)));
  const ofType = classesOfTypes.get(type) ?? [];
  ofType[aligned] = compiled;
  classesOfTypes.set(type, ofType);
  return compiled;
}

const HERE: RegionPlace = { in: 'this.#r.in', out: 'this.#r.out', region: 'this.#r', at: 'this.#o' };

function compileClass(type: ScalarType, scalar: Scalar, aligned: boolean): ScalarClass {
  const { access } = scalar;
  const wide = type.size === 8 && scalar.expected.jsType === 'bigint';
  const word =
    aligned && access.lane !== undefined ? ownWord(access, scalar, wide) : unaligned(scalar, type.size, wide);
  const atomic = 'get atomic() { return (this.#atomic ??= atomicFor(this.#r, this.#spec)); }';
  return compile(
    `let attach = () => {}, slowGet, slowSet, slowSetWide, slowNumber;
    class ScalarVariable extends BaseVariable {
      static { keepParent(this); }
      #r; #o; #spec; #atomic = null;
      ${word.fields}
      constructor(region, spec) { super(region, spec); this.#r = region; this.#o = spec.offset; this.#spec = spec; }
      get value() { ${word.get} }
      set value(given) { ${word.set} }
      read() { return this.value; }
      write(value) { this.value = value; }
      ${word.number}
      ${atomicLane(type) === undefined ? '' : atomic}
      ${word.statics}
    }
    return { Variable: ScalarVariable, attach };`,
    {
      ...REGION_SCOPE,
      BaseVariable,
      keepParent,
      NONE: access.lane === undefined ? undefined : NONE[access.lane],
      NO_HALVES,
      outOfLine,
      fail,
      atomicFor,
      safeNumber,
      toBig,
    },
  ) as ScalarClass;
}

/** What `.number` reads before its first use. */
const NO_HALVES = new Uint32Array(2);

/**
 * Reading two halves is ten times faster than making a BigInt. A processor that may reorder loads (arm64) could pair
 * halves of different moments.
 */
const ORDERED_LOADS = process.arch === 'x64';

/** The parts of a class, as text. */
interface Parts {
  readonly fields: string;
  readonly get: string;
  readonly set: string;
  readonly number: string;
  readonly statics: string;
}

const SET_NUMBER = 'set number(given) { this.value = toBig(given, this.#spec); }';

function checked(scalar: Scalar, variable: string, then: string): string {
  return `const ${checkText(scalar, 'given', 'v', `fail(given, ${variable}.#spec)`)} ${then}`;
}

function unaligned(scalar: Scalar, size: number, wide: boolean): Parts {
  return {
    fields: '',
    get: returnThroughView(scalar.access, HERE, size),
    set: checked(scalar, 'this', storeThroughView(scalar.access, HERE, 0, size)),
    number: wide ? `get number() { return safeNumber(this.value, this.#spec); } ${SET_NUMBER}` : '',
    statics: '',
  };
}

/**
 * An aligned variable has an array of its own over its one word: its accessors are then one load more than a TypedArray
 * in a local variable. Where there is no such array (after close, behind system calls), or where it must not be
 * written, the variable gets another prototype, with slow accessors. The fast ones so never run a slow path: V8
 * would keep registers free for it, and for the arrays beyond their end, in the loops of all other variables.
 */
function ownWord(access: LaneAccess, scalar: Scalar, wide: boolean): Parts {
  const name = quote(access.lane);
  const halves = wide && ORDERED_LOADS;
  // Only a buffer that the user moved away makes these loads undefined. A store to it would be ignored silently, so
  // the load before it is the check.
  const get = `const x = this.#a[0]; if (x === undefined) return slowGet(this); return ${access.decode('x')};`;
  const store = `const a = this.#a; if (a[0] === undefined) slowSet(this, v); else a[0] = ${access.encode('v', '0')};`;
  // Numbers, and what does not fit, go the slow way: a value that may be one of two types is slower to check.
  const set = wide
    ? `if (${scalar.misfit('given')}) slowSetWide(this, given); else { const v = given; ${store} }`
    : checked(scalar, 'this', store);
  // Up to 2^53 - 1; beyond, negative, and where there is no memory: through the BigInt.
  const number = `get number() {
      const h = this.#h;
      if (h !== NO_HALVES) {
        let low, high;
        do { high = h[1]; low = h[0]; } while (high !== h[1]);
        if (high <= 0x1fffff) return high * 4294967296 + low;
      }
      return slowNumber(this);
    } ${SET_NUMBER}`;
  return {
    fields: `#a = NONE; #group = null; ${halves ? '#h = NO_HALVES;' : ''}`,
    get,
    set,
    number: wide ? (halves ? number : `get number() { return slowNumber(this); } ${SET_NUMBER}`) : '',
    statics: `static {
      const direct = ScalarVariable.prototype;
      const fast = Object.getOwnPropertyDescriptor(direct, 'value');
      const getSlowly = (v) => { const x = v.#r.load(${name}, v.#o); return ${access.decode('x')}; };
      const setSlowly = (v, value) => { v.#r.store(${name}, v.#o, ${access.encode('value', '0')}); };
      const setChecked = (variable, given) => {
        ${checked(scalar, 'variable', 'setSlowly(variable, v);')}
      };
      slowGet = outOfLine(getSlowly);
      slowSet = outOfLine(setSlowly);
      slowSetWide = outOfLine(setChecked);
      ${wide ? slowNumber(halves) : ''}
      const slow = { get() { return getSlowly(this); }, set(given) { setChecked(this, given); }, configurable: true };
      const indirect = Object.create(direct, { value: slow });
      const readonly = Object.create(direct, { value: { get: fast.get, set: slow.set, configurable: true } });
      const rebind = (v) => {
        const own = v.#r.words(${name}, v.#o, 1);
        v.#a = own ?? NONE;
        ${halves ? 'v.#h = NO_HALVES;' : ''}
        const prototype = own === undefined ? indirect : v.#r.readonly ? readonly : direct;
        if (Object.getPrototypeOf(v) !== prototype) Object.setPrototypeOf(v, prototype);
      };
      attach = (v) => { v.#group = v.#r.follow(v, rebind); rebind(v); };
    }`,
  };
}

function slowNumber(halves: boolean): string {
  const bind = "if (v.#h === NO_HALVES) v.#h = v.#r.words('u32', v.#o, 2) ?? NO_HALVES;";
  return `slowNumber = outOfLine((v) => { ${halves ? bind : ''} return safeNumber(v.value, v.#spec); });`;
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
  throw new ArgumentError(`${subjectOf(spec)}: expected a safe integer, got ${shown(value)}`);
}
