/** How one member of a record is read, as text. In scope of it: `m` a RecordMemory, `o` where the record starts, `l` how long it is. */
import { codecFor } from '../../btf/codec/codec';
import { bytesOfElements, elementReader } from '../../btf/codec/flexible-array';
import { integer } from '../../btf/codec/text/compile-text';
import { isFlexible } from '../../btf/layout/flexible';
import type { FlatMember } from '../../btf/layout/members';
import { asError } from '../../btf/codec/misfit';
import { LANE_SIZES } from '../../btf/codec/text/access';
import { fitsLane, loadFromRecord, loadSafeInteger } from '../../btf/codec/text/load-store';
import { isScalar, scalarAccess, type ScalarType } from '../../btf/codec/text/scalar';
import type { ArrayType, StructType } from '../../btf/layout/layout-model';
import { isAligned, isComposite, viewType, type LiveOptions } from '../../memory/view/composite';
import { bytesAt, over, scratch, type RecordMemory } from './record-memory';

export interface MemberText {
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

export function memberText(
  struct: StructType,
  member: FlatMember,
  i: number,
  aligned: boolean,
  open: boolean,
  options: LiveOptions,
  scope: Record<string, unknown>,
  place: PlaceText,
): MemberText {
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
    const value = `read${integer(i)}(m, o + ${integer(byte)})`;
    return { load: '', value, plain: value };
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
