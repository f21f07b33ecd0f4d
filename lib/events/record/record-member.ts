/** How one member of a record is read, as text. In scope of it: `m` a RecordMemory, `o` where the record starts, `l` how long it is. */
import { codecFor } from '../../btf/codec/codec';
import { bytesOfElements, elementReader } from '../../btf/codec/flexible-array';
import { integer } from '../../btf/codec/text/compile-text';
import { isFlexible } from '../../btf/layout/flexible';
import type { FlatMember } from '../../btf/layout/members';
import { asError } from '../../btf/codec/misfit';
import { shorten } from '../../btf/codec/short-value';
import { LANE_SIZES } from '../../btf/codec/text/access';
import { fitsLane, loadFromRecord, loadSafeInteger } from '../../btf/codec/text/load-store';
import { isScalar, scalarAccess, type ScalarType } from '../../btf/codec/text/scalar';
import type { ArrayType, StructType } from '../../btf/layout/layout-model';
import { isAligned, isComposite, viewType, type LiveOptions } from '../../memory/view/composite';
import { OURS } from '../../util/ours';
import { RecordArray, type RecordElements } from './record-array';
import type { RecordFormOptions } from './record-class';
import { bytesAt, over, padded, scratch, type RecordMemory } from './record-memory';

export interface MemberText {
  /** A statement that returns the value for the view, where the record ends before the member does; '' where none may. */
  readonly early: string;
  /** Statements that declare `v0`, `v1`, …: the plain value. They throw and never call and go on: V8 keeps what it has loaded. */
  readonly load: string;
  /** An expression for what the view's property is. */
  readonly value: string;
  /** The same in a plain copy. */
  readonly plain: string;
}

/** The nested classes that a member may need. `open`: the nested struct reaches to the end of the record. */
export type PlaceText = (
  type: StructType,
  aligned: boolean,
  open: boolean,
  i: number,
) => { view: string; plain: string };

/** A member, and the class that its text is for. */
export interface RecordMember {
  readonly struct: StructType;
  readonly member: FlatMember;
  /** Its number in the struct. */
  readonly i: number;
  readonly aligned: boolean;
  /** The struct reaches to the end of the record. */
  readonly open: boolean;
  readonly options: RecordFormOptions;
  /** What the text needs is put here. */
  readonly scope: Record<string, unknown>;
  readonly place: PlaceText;
}

export function memberText(given: RecordMember): MemberText {
  const text = wholeText(given);
  const { struct, member, i, options, scope } = given;
  if (options.short !== 'zero') return { early: '', ...text };
  const { bitOffset, bitSize, type } = member;
  const end = bitSize > 0 ? Math.ceil((bitOffset + bitSize) / 8) : bitOffset / 8 + type.size;
  scope[`early${i}`] = earlyMember(struct, member, i, options, scope);
  return { early: `if (l < ${integer(end)}) return early${integer(i)}(m, o, l); `, ...text };
}

/** Of a record that has all of the member. */
function wholeText(given: RecordMember): Omit<MemberText, 'early'> {
  const { struct, member, i, aligned, open, options, scope, place } = given;
  const type = viewType(member.type);
  const byte = Math.floor(member.bitOffset / 8);
  const v = `v${integer(i)}`;
  const subject = `member ${member.name} of ${struct.spelling || struct.kind}`;
  if (isComposite(type)) {
    if (type.kind !== 'array') {
      const reaches = open && member.last && isFlexible(type);
      const { view, plain } = place(type, aligned && isAligned(type, byte), reaches, i);
      const at = `(m, o + ${integer(byte)}, ${reaches ? `l - ${integer(byte)}` : integer(type.size)})`;
      return { load: '', value: view + at, plain: plain + at };
    }
    if (type.length === 0 && open && member.last) {
      scope[`flexible${i}`] = flexible(type, options, subject);
      const value = `flexible${integer(i)}(m, o + ${integer(byte)}, l - ${integer(byte)})`;
      return { load: '', value, plain: value };
    }
    const codec = codecFor(type, options);
    scope[`read${i}`] = (m: RecordMemory, at: number): unknown => codec.read(scratch(m, at, type.size), 0);
    const plain = `read${integer(i)}(m, o + ${integer(byte)})`;
    const { element } = type;
    if (element.kind !== 'struct' && element.kind !== 'union') return { load: '', value: plain, plain };
    place(element, aligned && isAligned(element, byte) && isAligned(element, element.size), false, i);
    scope[`array${i}`] = arrayOfStructs(type, element.size, scope, i);
    const value = `array${integer(i)}(m, o + ${integer(byte)}, ${integer(type.size)}, true)`;
    return { load: '', value, plain };
  }
  if (!isScalar(type)) throw new TypeError(`no scalar: ${member.name}`);
  const place64 = aligned && member.bitSize === 0 && byte % 8 === 0 && type.kind === 'int' && type.size === 8;
  if (place64 && options.int64 === 'number') {
    scope[`unsafe${i}`] = unsafeInteger(byte, type.signed, subject);
    return { load: loadSafeInteger(v, byte, type.signed, `unsafe${integer(i)}(m, o)`), value: v, plain: v };
  }
  const { access } = scalarAccess(type, options, { ...member, room: struct.size });
  if (aligned && fitsLane(access)) {
    const mayThrow = options.int64 === 'number' && LANE_SIZES[access.lane] === 8;
    if (!mayThrow) return { load: loadFromRecord(access, v), value: v, plain: v };
  }
  scope[`slow${i}`] = slowScalar(struct, member, type, options, subject);
  const value = `slow${integer(i)}(m, o)`;
  return { load: '', value, plain: value };
}

/** Reads the array that starts at `at`, to which `size` bytes are left: a copy. */
function flexible(
  type: ArrayType,
  options: LiveOptions,
  subject: string,
): (memory: RecordMemory, at: number, size: number) => unknown {
  const read = elementReader(type, options);
  return (memory, at, size) => {
    const { buffer } = bytesAt(memory, at, bytesOfElements(type, size));
    try {
      return read(buffer);
    } catch (error) {
      throw asError(error, subject);
    }
  };
}

/** Why a number was refused: the batch is over, or it is too large. */
function unsafeInteger(
  byte: number,
  signed: boolean,
  subject: string,
): (m: RecordMemory, o: number) => Error {
  const type: ScalarType = { kind: 'int', spelling: '', size: 8, signed };
  const codec = codecFor(type, { int64: 'number' });
  return (m, o) => {
    if (m.source === undefined) return over();
    try {
      codec.read(scratch(m, o + byte, 8), 0);
    } catch (error) {
      return withSubject(error as Error, subject);
    }
    return over();
  };
}

function withSubject(error: Error, subject: string): Error {
  error.message = error.message.replace(/^value: /, `${subject}: `);
  return error;
}

type ViewArray = (m: RecordMemory, at: number, came: number, whole: boolean) => RecordArray;

/** The array at `at`, of which so many bytes came, and which has all its elements or those only. `place()` has put the class of its elements into the scope. */
function arrayOfStructs(type: ArrayType, size: number, scope: Record<string, unknown>, i: number): ViewArray {
  const { [`view${i}`]: view, [`plain${i}`]: plain } = scope as Record<string, RecordElements['view']>;
  const elements = { size, view, plain } as RecordElements;
  return (m, at, came, whole) => {
    const length = whole || size === 0 ? type.length : Math.min(type.length, Math.ceil(came / size));
    return new RecordArray(OURS, m, at, came, elements, length);
  };
}

/** A whole record that ends early, as a plain copy. */
export function shortRecord(
  type: StructType,
  options: LiveOptions,
): (m: RecordMemory, o: number, l: number) => unknown {
  return (m, o, l) => {
    const codec = codecFor(type, options);
    try {
      return shorten(type, codec.read(padded(m, o, l, type.size), 0), l);
    } catch (error) {
      throw asError(error, type.spelling || type.kind);
    }
  };
}

/** What a view has for a member that the record ends before or in. */
function earlyMember(
  struct: StructType,
  member: FlatMember,
  i: number,
  options: LiveOptions,
  scope: Record<string, unknown>,
): (m: RecordMemory, o: number, l: number) => unknown {
  const type = viewType(member.type);
  const byte = Math.floor(member.bitOffset / 8);
  const came = (l: number, size: number): number => Math.max(0, Math.min(size, l - byte));
  const nested = scope[`view${i}`] as RecordElements['view'] | undefined;
  const array = scope[`array${i}`] as ViewArray | undefined;
  if (array !== undefined) return (m, o, l) => array(m, o + byte, came(l, type.size), !member.last);
  if (nested !== undefined) return (m, o, l) => nested(m, o + byte, came(l, type.size));
  const whole = shortRecord({ ...struct, members: [{ ...member, tags: [] }] }, options);
  return (m, o, l) => (whole(m, o, l) as Record<string, unknown>)[member.name];
}

/** Unaligned members, 128 bits, odd bitfields: through a copy of the bytes they are in. */
function slowScalar(
  struct: StructType,
  member: FlatMember,
  type: ScalarType,
  options: LiveOptions,
  subject: string,
): (m: RecordMemory, o: number) => unknown {
  const bits = member.bitSize > 0 ? member.bitSize : type.size * 8;
  const first = member.bitSize > 0 ? 0 : member.bitOffset / 8;
  const size = member.bitSize > 0 ? struct.size : type.size;
  // A struct of this member only: the codec knows how.
  const alone: StructType = {
    kind: 'struct',
    spelling: struct.spelling,
    size,
    members: [{ ...member, type, bitOffset: member.bitOffset - first * 8, tags: [] }],
  };
  const codec = codecFor<Record<string, unknown>>(alone, options);
  const { name } = member;
  return (m, o) => {
    const view = scratch(m, o + first, Math.max(size, Math.ceil(bits / 8)));
    try {
      return codec.read(view, 0)[name];
    } catch (error) {
      throw withSubject(asError(error, subject) as Error, subject);
    }
  };
}
