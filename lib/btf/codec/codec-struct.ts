/** The codec of structs and unions, as text. */
import { isDeepStrictEqual } from 'node:util';
import type { ScalarOptions } from './text/access';
import type { Body, CompiledCodec, Steps } from './steps';
import { isBytes } from './codec-scalar';
import { integer, joined, quote } from './text/compile-text';
import { loadFromView, storeSafeInteger, storeToView } from './text/load-store';
import { objectText, storeText } from './text/members';
import { flatMembers, type FlatMember } from '../layout/members';
import { misfit, Misfit, within } from './misfit';
import { shown } from '../../util/shown';
import { alternatives } from '../../util/suggest';
import { checkText, isScalar, scalarAccess, type Expected } from './text/scalar';
import type { StructType, Type } from '../layout/layout-model';

export function structBody(
  type: StructType,
  options: ScalarOptions,
  nested: (type: Type) => CompiledCodec,
): Body {
  const members = flatMembers(type);
  const scope: Record<string, unknown> = { misfit, within };
  const parts = members.map((member, i) => memberText(member, i, type.size, options, nested, scope));
  const overlapping = members.flatMap((member, i) => (member.overlaps ? [i] : []));
  const refusals = new Refusals(members, type.spelling || type.kind);
  scope['refuse'] = refusals;
  scope['reconcile'] = (staged: unknown[], steps: Steps): void => {
    reconcile(members, overlapping, staged, steps, type.size);
  };
  const agree =
    overlapping.length === 0
      ? ''
      : `const alternatives = ${joined(overlapping, (i) => `(v${integer(i)} !== undefined ? 1 : 0)`, ' + ')};
         if (alternatives === 0 && !partial) refuse.alternatives();
         if (alternatives > 1) reconcile(staged, steps);`;
  return {
    scope,
    gaps: hasGaps(type, members, nested),
    text: `${joined(parts, (part) => part.before, '\n')}
    const steps = {
      read: (view, o) => (${objectText(parts, (part) => part.get)}),
      stage: (value, partial) => {
        if (typeof value !== 'object' || value === null) refuse.value(value);
        let given = 0;
        ${joined(parts, (part) => part.stage, '\n')}
        let keys = 0;
        for (const key in value) keys++;
        if (keys !== given) refuse.strangers(value);
        const staged = [${joined(parts, (_, i) => `v${integer(i)}`, ', ')}];
        ${agree}
        return staged;
      },
      store: (view, o, staged) => {
        let v;
        ${storeText(
          members,
          (i) => parts[i]?.set ?? '',
          (staged) => `steps.store(view, o, ${staged})`,
        )}
      },
    };
    return steps;`,
  };
}

interface MemberText {
  readonly name: string;
  readonly before: string;
  readonly get: string;
  readonly stage: string;
  readonly set: string;
}

function memberText(
  member: FlatMember,
  i: number,
  room: number,
  options: ScalarOptions,
  nested: (type: Type) => CompiledCodec,
  scope: Record<string, unknown>,
): MemberText {
  const { name, type, bitOffset, bitSize, overlaps } = member;
  const order = options.littleEndian ?? true;
  const fetch = `let v${i} = ${name in Object.prototype ? `h.ownMember(value, ${quote(name)})` : `value[${quote(name)}]`};`;
  const absent = overlaps ? '' : `if (!partial) refuse.missing(${i});`;
  const step = quote(`.${name}`);
  if (isScalar(type) && !isBytes(type)) {
    const scalar = scalarAccess(type, options, { bitOffset, bitSize, room });
    const expected = `e${i}`;
    scope[expected] = scalar.expected satisfies Expected;
    const safe = options.int64 === 'number' && type.kind === 'int' && type.size === 8;
    const get = loadFromView(scalar.access, 'view', 'o', order);
    const check = checkText(scalar, `v${i}`, `v${i}`, `throw within(misfit(v${i}, ${expected}), ${step})`);
    const set = storeToView(scalar.access, 'view', 'o', 'v', order);
    const number = type.kind === 'int' && type.size === 8 && bitSize === 0 && order;
    return {
      name,
      before: safe ? guarded(`g${i}`, get, step) : '',
      get: safe ? `g${i}(view, o)` : get,
      set: number ? storeSafeInteger(bitOffset / 8, set) : set,
      stage: `${fetch} if (v${i} === undefined) { ${absent} } else { given++;
        ${number ? `if (typeof v${i} !== 'number' || !Number.isSafeInteger(v${i}) || ${type.signed ? 'false' : `v${i} < 0`}) { ${check} }` : check} }`,
    };
  }
  const codec = nested(type);
  const mayRefuse = options.int64 === 'number';
  const at = `o + ${integer(bitOffset / 8)}`;
  scope[`read${i}`] = codec.readInner;
  scope[`stage${i}`] = codec.stage;
  scope[`store${i}`] = codec.store;
  return {
    name,
    before: mayRefuse ? guarded(`g${i}`, `read${i}(view, ${at})`, step) : '',
    get: mayRefuse ? `g${i}(view, o)` : `read${i}(view, ${at})`,
    set: `store${i}(view, ${at}, v);`,
    stage: `${fetch} if (v${i} === undefined) { ${absent} } else { given++;
        try { v${i} = stage${i}(v${i}, partial); } catch (error) { throw within(error, ${step}); } }`,
  };
}

/** A reader whose errors know the member. */
function guarded(name: string, get: string, step: string): string {
  return `const ${name} = (view, o) => { try { return ${get}; } catch (error) { throw within(error, ${step}); } };`;
}

/** What compiled code calls when it refuses a value. */
class Refusals {
  constructor(
    readonly members: readonly FlatMember[],
    readonly spelling: string,
  ) {}

  value(value: unknown): never {
    throw new Misfit('type', `expected an object for ${this.spelling}, got ${shown(value)}`);
  }

  missing(i: number): never {
    throw within(new Misfit('type', 'is missing'), `.${this.members[i]?.name ?? ''}`);
  }

  alternatives(): never {
    const names = this.members.filter((member) => member.overlaps).map((member) => member.name);
    throw new Misfit(
      'type',
      `needs one of the members of the union in ${this.spelling}: ${names.join(', ')}`,
    );
  }

  /** A misspelt member would be ignored silently. Properties that are undefined don't count as given. */
  strangers(value: object): void {
    const known = new Set(this.members.map((member) => member.name));
    for (const key of Object.keys(value)) {
      if (!known.has(key))
        throw within(
          new Misfit('type', `${this.spelling} has no such member${alternatives(key, [...known])}`),
          `.${key}`,
        );
    }
  }
}

/**
 * Members of a union share their memory. Snapshots have all of them, so several may be given; together they must mean
 * something. They are stored one after the other, left out where they already read as they should (a bool that is 2
 * in memory is `true`, and would be stored as 1), until all do. Tried on zeros and on ones: what happens to be there
 * must not matter. The sequence of stores takes their place, at the end of `staged`.
 */
function reconcile(
  members: readonly FlatMember[],
  overlapping: readonly number[],
  staged: unknown[],
  steps: Steps,
  size: number,
): void {
  const memories = [0, 0xff].map((byte) => new DataView(new Uint8Array(size).fill(byte).buffer));
  const given = overlapping.filter((i) => staged[i] !== undefined);
  const alone = new Map(given.map((i) => [i, members.map((_, j) => (i === j ? staged[i] : undefined))]));
  const agrees = (i: number): boolean =>
    memories.every((memory) => {
      const after = new DataView(memory.buffer.slice(0));
      steps.store(after, 0, alone.get(i));
      const name = members[i]?.name ?? '';
      return isDeepStrictEqual(member(steps, memory, name), member(steps, after, name));
    });
  const sequence: unknown[] = [];
  let odd: number | undefined;
  for (let pass = 0; pass < 3; pass++) {
    for (const i of given) {
      if (agrees(i)) continue;
      for (const memory of memories) steps.store(memory, 0, alone.get(i));
      sequence.push(alone.get(i));
    }
    odd = given.find((i) => !agrees(i));
    if (odd === undefined) break;
  }
  if (odd !== undefined) {
    const names = given.map((i) => members[i]?.name).join(', ');
    throw within(
      new Misfit('range', `contradicts another member of its union (given: ${names}); give only one`),
      `.${members[odd]?.name ?? ''}`,
    );
  }
  for (const i of given) staged[i] = undefined;
  staged.push(sequence);
}

function member(steps: Steps, view: DataView, name: string): unknown {
  return (steps.read(view, 0) as Record<string, unknown>)[name];
}

/** Whether storing all members leaves bits of the struct as they were. Unions always may. */
function hasGaps(
  type: StructType,
  members: readonly FlatMember[],
  nested: (type: Type) => CompiledCodec,
): boolean {
  let bits = 0;
  for (const { type: inner, bitSize, overlaps } of members) {
    if (overlaps || (!isScalar(inner) && nested(inner).gaps)) return true;
    bits += bitSize > 0 ? bitSize : inner.size * 8;
  }
  return bits !== type.size * 8;
}
