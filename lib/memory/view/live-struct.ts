/** Compiles the view class of a struct or union. */
import { compiledCodec } from '../../btf/codec/codec';
import { compile, integer, joined, quote } from '../../btf/codec/text/compile-text';
import {
  fitsLane,
  loadFromLanes,
  returnThroughView,
  storeThroughView,
  storeToLanes,
  type RegionPlace,
} from '../../btf/codec/text/load-store';
import { objectText, storeText } from '../../btf/codec/text/members';
import { flatMembers, type FlatMember } from '../../btf/layout/members';
import { misfit } from '../../btf/codec/misfit';
import { checkText, isScalar, scalarAccess } from '../../btf/codec/text/scalar';
import type { StructType } from '../../btf/layout/layout-model';
import { isAligned, isComposite, viewType, type Live, type LiveOps, type LiveOptions } from './composite';
import { REGION_SCOPE } from './region-scope';
import type { Region } from '../region/region';
import { registerView, StructView } from './struct-view';

/** Where the next view lies: field initialisers take it from here, because V8 forgets the type of a field that was undefined first. */
interface Next {
  region: Region | undefined;
  offset: number;
}

interface CompiledStruct {
  readonly View: new () => object;
  readonly locate: (view: object) => { region: Region; offset: number } | undefined;
  readonly read: (region: Region, offset: number) => unknown;
  readonly store: (region: Region, offset: number, staged: unknown) => void;
}

const HERE: RegionPlace = { in: 'this.#in', out: 'this.#out', region: 'this.#r', at: 'this.#o' };
const THERE: RegionPlace = { in: 'r.in', out: 'r.out', region: 'r', at: 'o' };

export function structOps(type: StructType, aligned: boolean, options: LiveOptions, live: Live): LiveOps {
  const next: Next = { region: undefined, offset: 0 };
  const scope: Record<string, unknown> = { ...REGION_SCOPE, next, StructView, fail };
  const members = flatMembers(type);
  const parts = members.map((member, i) => memberParts(member, i, type, aligned, options, scope, live));
  const text = `
    class View extends StructView {
      #r = next.region; #in = next.region.in; #out = next.region.out; #o = next.offset;
      ${joined(parts, (part) => part.field)}
      ${joined(parts, (part) => part.accessors, '\n')}
      static locate(view) { return #r in view ? { region: view.#r, offset: view.#o } : undefined; }
    }
    const locate = View.locate;
    delete View.locate;
    return {
      View, locate,
      read: (r, o) => { let x; return ${objectText(parts, (part) => part.read)}; },
      store: function storeAll(r, o, staged) {
        let a, x, v;
        ${storeText(
          members,
          (i) => parts[i]?.store ?? '',
          (staged) => `storeAll(r, o, ${staged})`,
        )}
      },
    };`;
  const { View, locate, read, store } = compile(text, scope) as CompiledStruct;
  registerView(View.prototype as object, { type, options, locate, live });
  return {
    place(region, offset) {
      next.region = region;
      next.offset = offset;
      const view = new View();
      next.region = undefined;
      return { get: () => view };
    },
    read: aligned
      ? read
      : (region, offset) => compiledCodec(type, options).read(region.reading(offset, type.size), offset),
    store: aligned
      ? store
      : (region, offset, staged) => {
          compiledCodec(type, options).store(region.writing(), offset, staged);
        },
  };
}

interface MemberParts {
  readonly name: string;
  readonly field: string;
  readonly accessors: string;
  /** The value in a snapshot. */
  readonly read: string;
  /** Stores the staged value `v`. */
  readonly store: string;
}

function memberParts(
  member: FlatMember,
  i: number,
  struct: StructType,
  aligned: boolean,
  options: LiveOptions,
  scope: Record<string, unknown>,
  live: Live,
): MemberParts {
  const { name } = member;
  const key = quote(name);
  const type = viewType(member.type);
  const byte = Math.floor(member.bitOffset / 8);
  if (isComposite(type)) {
    const ops = live.ops(type, aligned && isAligned(type, byte), options);
    const subject = `member ${member.name} of ${struct.spelling || struct.kind}`;
    scope[`place${i}`] = ops.place;
    scope[`read${i}`] = ops.read;
    scope[`store${i}`] = ops.store;
    scope[`write${i}`] = (region: Region, offset: number, value: unknown): void => {
      live.write(region, offset, type, options, value, subject);
    };
    const at = (start: string): string => `${start} + ${integer(byte)}`;
    return {
      name,
      field: `#c${i} = null;`,
      accessors: `get [${key}]() { return (this.#c${i} ??= place${i}(this.#r, ${at('this.#o')})).get(); }
        set [${key}](v) { write${i}(this.#r, ${at('this.#o')}, v); }`,
      read: `read${i}(r, ${at('o')})`,
      store: `store${i}(r, ${at('o')}, v);`,
    };
  }
  if (!isScalar(type)) throw new TypeError(`no scalar: ${member.name}`);
  const scalar = scalarAccess(type, options, { ...member, room: struct.size });
  const { access } = scalar;
  scope[`expected${i}`] = { ...scalar.expected, member: name, struct: struct.spelling || struct.kind };
  const bits = member.bitSize > 0 ? member.bitSize : type.size * 8;
  const size = Math.ceil((member.bitOffset - byte * 8 + bits) / 8);
  const inLane = aligned && fitsLane(access);
  const get = inLane
    ? `let x; return ${loadFromLanes(access, HERE)};`
    : returnThroughView(access, HERE, struct.size);
  const set = inLane ? `let a, x; ${storeToLanes(access, HERE)}` : storeThroughView(access, HERE, byte, size);
  const read = inLane
    ? loadFromLanes(access, THERE)
    : `(() => { ${returnThroughView(access, THERE, struct.size)} })()`;
  return {
    name,
    field: '',
    accessors: `get [${key}]() { ${get} }
      set [${key}](given) { const ${checkText(scalar, 'given', 'v', `fail(given, expected${i})`)} ${set} }`,
    read,
    store: inLane ? storeToLanes(access, THERE) : storeThroughView(access, THERE, byte, size),
  };
}

/** A value that a member refuses. */
function fail(
  value: unknown,
  expected: Parameters<typeof misfit>[1] & { member: string; struct: string },
): never {
  throw misfit(value, expected).toError(`member ${expected.member} of ${expected.struct}`);
}
