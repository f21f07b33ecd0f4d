/**
 * Reading and writing variables, against TypedArrays and DataViews over the same memory. Each loop is compiled on its own,
 * as each of a user's call sites is; both sides do the same work around the access. First few, then dozens of types at once.
 */
import { compile } from '../../lib/btf/compile';
import { codecFor } from '../../lib/btf/codec';
import type { Member, StructType, Type } from '../../lib/btf/type';
import { Region } from '../../lib/memory/region';
import { createVariable } from '../../lib/memory/variable';
import { compare, time, type Measured } from '../measure';

const LOOPS = 20_000;
const ROUNDS = 41;

const int = (size: 1 | 2 | 4 | 8, signed: boolean): Type => ({
  kind: 'int',
  spelling: `${signed ? 's' : 'u'}${size * 8}`,
  size,
  signed,
});
const I32 = int(4, true);
const U32 = int(4, false);
const U64 = int(8, false);
const I64 = int(8, true);
const F64: Type = { kind: 'float', spelling: 'double', size: 8 };

function struct(name: string, types: readonly Type[]): StructType {
  const members: Member[] = [];
  let offset = 0;
  types.forEach((type, i) => {
    offset = Math.ceil(offset / type.size) * type.size;
    members.push({ name: `member${i}`, type, bitOffset: offset * 8, bitSize: 0, declaration: '', tags: [] });
    offset += type.size;
  });
  return { kind: 'struct', spelling: `struct ${name}`, size: Math.ceil(offset / 8) * 8, members };
}

const memory = new ArrayBuffer(64 * 1024);
const region = new Region('.data');
region.adopt(memory, memory.byteLength, false);
let end = 0;

/** A variable at the next free place. */
function place(type: Type): { variable: { value: unknown }; offset: number } {
  const offset = end;
  end += Math.ceil(type.size / 8) * 8;
  const spec = { name: `v${offset}`, section: '.data', offset, size: type.size, type, declaration: '' };
  return { variable: createVariable(region, spec) as { value: unknown }, offset };
}

type Loop = (target: unknown, index: number) => unknown;

/** A loop of its own around `access`, in terms of `target` and `index`. */
function loop(access: string, kind: 'number' | 'bigint' | 'write' | 'write bigint'): Loop {
  const bodies = {
    number: `let sum = 0; for (let i = 0; i < ${LOOPS}; i++) sum = (sum + ${access}) | 0; return sum;`,
    bigint: `let last; for (let i = 0; i < ${LOOPS}; i++) last = ${access}; return last;`,
    write: `let x = 1; for (let i = 0; i < ${LOOPS}; i++) { x = (Math.imul(x, 1664525) + 1013904223) >>> 1; ${access} = x; }`,
    'write bigint': `const x = [1n, 0xffff_ffff_ffffn, 77n, 12n << 40n]; for (let i = 0; i < ${LOOPS}; i++) ${access} = x[i & 3];`,
  };
  return compile(`return (target, index) => { ${bodies[kind]} };`, {}) as Loop;
}

/** Nanoseconds an access takes, for loops that have been warmed up. */
function timer(calls: readonly (() => unknown)[]): () => number {
  for (let i = 0; i < 50; i++) for (const call of calls) call();
  return () =>
    time(() => {
      for (const call of calls) call();
    }) /
    LOOPS /
    calls.length;
}

interface Case {
  readonly type: Type;
  readonly array: (offset: number) => [ArrayLike<unknown>, number];
  readonly read: 'number' | 'bigint';
  readonly write: 'write' | 'write bigint';
}

const CASES: Record<string, Case> = {
  i32: { type: I32, array: (at) => [new Int32Array(memory), at / 4], read: 'number', write: 'write' },
  u32: { type: U32, array: (at) => [new Uint32Array(memory), at / 4], read: 'number', write: 'write' },
  u64: {
    type: U64,
    array: (at) => [new BigUint64Array(memory), at / 8],
    read: 'bigint',
    write: 'write bigint',
  },
};

function scalarTrials(suffix: string, copies: number): Measured[] {
  return Object.entries(CASES).flatMap(([name, { type, array, read, write }]) => {
    const pairs = (access: 'read' | 'write'): [(() => unknown)[], (() => unknown)[]] => {
      const kind = access === 'read' ? read : write;
      const ours: (() => unknown)[] = [];
      const theirs: (() => unknown)[] = [];
      for (let i = 0; i < copies; i++) {
        const { variable, offset } = place(type);
        const [words, index] = array(offset);
        const a = loop('target.value', kind);
        const b = loop('target[index]', kind);
        ours.push(() => a(variable, 0));
        theirs.push(() => b(words, index));
      }
      return [ours, theirs];
    };
    return (['read', 'write'] as const).map((access) => {
      const [ours, theirs] = pairs(access);
      return compare(`${name} .value, ${access}${suffix}`, ROUNDS, timer(ours), timer(theirs), 'ns', 1.2);
    });
  });
}

function memberTrials(suffix: string, types: readonly StructType[]): Measured[] {
  const view = new DataView(memory);
  const places = types.map((type) => ({ type, ...place(type) }));
  const pair = (
    kind: 'number' | 'write',
    ours: string,
    theirs: string,
  ): [(() => unknown)[], (() => unknown)[]] => [
    places.map(({ variable }) => {
      const run = loop(ours, kind);
      return () => run(variable.value, 0);
    }),
    places.map(({ offset }) => {
      const run = loop(theirs, kind);
      return () => run(view, offset + 4);
    }),
  ];
  const [read, readView] = pair('number', 'target.member1', 'target.getUint32(index, true)');
  return [
    compare(`u32 member of a struct view, read${suffix}`, ROUNDS, timer(read), timer(readView), 'ns', 1.5),
  ];
}

/** What a hand-written reader of the same record does. */
function recordTrial(): Measured {
  const type = struct('record', [U64, U32, I32, U64, F64]);
  const view = new DataView(new ArrayBuffer(64));
  const codec = codecFor(type, { int64: 'number' });
  const bigints = codecFor(type);
  const ours = (): number =>
    time(() => {
      for (let i = 0; i < LOOPS; i++) codec.read(view, 8);
    }) / LOOPS;
  const byHand = (at: number): unknown => ({
    member0: view.getBigUint64(at, true),
    member1: view.getUint32(at + 8, true),
    member2: view.getInt32(at + 12, true),
    member3: view.getBigUint64(at + 16, true),
    member4: view.getFloat64(at + 24, true),
  });
  const theirs = (): number =>
    time(() => {
      for (let i = 0; i < LOOPS; i++) byHand(8);
    }) / LOOPS;
  const withBigints = (): number =>
    time(() => {
      for (let i = 0; i < LOOPS; i++) bigints.read(view, 8);
    }) / LOOPS;
  for (let i = 0; i < 50; i++) [ours(), theirs(), withBigints()];
  const measured = compare(
    'record of five members, decoded, bigint / by hand',
    ROUNDS,
    withBigints,
    theirs,
    'ns',
  );
  return measured;
}

export function run(): Measured[] {
  const few = [...scalarTrials('', 1), ...memberTrials('', [struct('one', [U32, U32, U64])])];
  // Dozens of types, all of them warm, before the same again.
  const kinds = [int(1, false), int(1, true), int(2, false), int(2, true), I32, U32, I64, U64, F64];
  const structs = Array.from({ length: 40 }, (_, i) =>
    struct(`type${i}`, [
      U32,
      U32,
      ...Array.from({ length: (i % 7) + 1 }, (__, j) => kinds[(i + j) % kinds.length]!),
    ]),
  );
  for (const kind of kinds) {
    const run = loop('target.value', 'bigint');
    const { variable } = place(kind);
    for (let i = 0; i < 20; i++) run(variable, 0);
  }
  const many = [...scalarTrials(', dozens of them', 16), ...memberTrials(', 40 struct types', structs)];
  return [...few, ...many, recordTrial()];
}
