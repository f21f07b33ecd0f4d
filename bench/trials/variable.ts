/**
 * Reading and writing variables, against TypedArrays and DataViews over the same memory. Each loop is compiled on its own,
 * as each of a user's call sites is; both sides do the same work around the access. First few, then dozens of types at once.
 */
import { compile } from '../../lib/btf/codec/text/compile-text';
import { codecFor } from '../../lib/btf/codec/codec';
import type { Member, StructType, Type } from '../../lib/btf/layout/layout-model';
import { Region } from '../../lib/memory/region/region';
import { createVariable } from '../../lib/memory/variable/variable';
import { compare, time, type Measured } from '../measure';

/** Short loops, called often: a long loop in a function called seldom stays in V8's on-stack replacement code, of mixed quality. */
const LOOPS = 500;
const CALLS = 100;
const ROUNDS = 101;

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
  return { variable: createVariable(region, spec), offset };
}

type LoopKind = 'number' | 'bigint' | 'write' | 'write bigint' | 'call';
type Loop = (target: unknown, index: number) => unknown;

/** A loop of its own around `access`, in terms of `target` and `index`. */
function loop(access: string, kind: LoopKind): Loop {
  const bodies = {
    number: `let sum = 0; for (let i = 0; i < ${LOOPS}; i++) sum = (sum + ${access}) | 0; return sum;`,
    bigint: `let last; for (let i = 0; i < ${LOOPS}; i++) last = ${access}; return last;`,
    write: `let x = 1; for (let i = 0; i < ${LOOPS}; i++) { x = (Math.imul(x, 1664525) + 1013904223) >>> 1; ${access} = x; }`,
    call: `let x = 1; for (let i = 0; i < ${LOOPS}; i++) { x = (Math.imul(x, 1664525) + 1013904223) >>> 1; ${access}(index, x, true); }`,
    'write bigint': `const x = [1n, 0xffff_ffff_ffffn, 77n, 12n << 40n]; for (let i = 0; i < ${LOOPS}; i++) ${access} = x[i & 3];`,
  };
  return compile(`return (target, index) => { ${bodies[kind]} };`, {}) as Loop;
}

/** A loop and what it runs on, apart: V8 makes constants of what a single closure captures, and measures nothing. */
interface Call {
  readonly loop: Loop;
  readonly target: unknown;
  readonly index: number;
}

/** Nanoseconds an access takes, for loops that have been warmed up. */
function timer(calls: readonly Call[]): () => number {
  const all = (): void => {
    for (const call of calls) for (let i = 0; i < CALLS; i++) call.loop(call.target, call.index);
  };
  for (let i = 0; i < 50; i++) all();
  return () => time(all) / LOOPS / CALLS / calls.length;
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
    const pairs = (kind: LoopKind): [Call[], Call[]] => {
      const ours: Call[] = [];
      const theirs: Call[] = [];
      for (let i = 0; i < copies; i++) {
        const { variable, offset } = place(type);
        const [words, index] = array(offset);
        ours.push({ loop: loop('target.value', kind), target: variable, index: 0 });
        theirs.push({ loop: loop('target[index]', kind), target: words, index });
      }
      return [ours, theirs];
    };
    return (['read', 'write'] as const).map((access) => {
      const [ours, theirs] = pairs(access === 'read' ? read : write);
      // V8 11 (Node 20) compares BigInts by a call, which no exact range check can do without: writing u64 misses the bar.
      return compare(`${name} .value, ${access}${suffix}`, ROUNDS, timer(ours), timer(theirs), 'ns', 1.2);
    });
  });
}

function memberTrials(suffix: string, types: readonly StructType[]): Measured[] {
  const view = new DataView(memory);
  const places = types.map((type) => place(type));
  const measure = (
    access: string,
    kind: LoopKind,
    ours: string,
    theirs: string,
    theirKind: LoopKind,
  ): Measured => {
    const views = places.map(({ variable }) => ({
      loop: loop(ours, kind),
      target: variable.value,
      index: 0,
    }));
    const dataViews = places.map(({ offset }) => ({
      loop: loop(theirs, theirKind),
      target: view,
      index: offset + 4,
    }));
    const name = `u32 member of a struct view, ${access}${suffix}`;
    return compare(name, ROUNDS, timer(views), timer(dataViews), 'ns', 1.5);
  };
  return [
    measure('read', 'number', 'target.member1', 'target.getUint32(index, true)', 'number'),
    measure('write', 'write', 'target.member1', 'target.setUint32', 'call'),
  ];
}

/** The codec of a record against a hand-written reader of it. */
function recordTrial(): Measured {
  const type = struct('record', [U64, U32, I32, U64, F64]);
  const view = new DataView(new ArrayBuffer(64));
  const codec = codecFor(type);
  const byHand = (at: number): unknown => ({
    member0: view.getBigUint64(at, true),
    member1: view.getUint32(at + 8, true),
    member2: view.getInt32(at + 12, true),
    member3: view.getBigUint64(at + 16, true),
    member4: view.getFloat64(at + 24, true),
  });
  const read = (target: string): Loop => loop(target, 'bigint');
  const ours = timer([
    { loop: read('target.read(target.view, index)'), target: { read: codec.read, view }, index: 8 },
  ]);
  const theirs = timer([{ loop: read('target.read(index)'), target: { read: byHand }, index: 8 }]);
  return compare('record of five members decoded, against one by hand', ROUNDS, ours, theirs, 'ns');
}

/** Whatever goes wrong with one section must not slow the others down. */
function misuse(kinds: readonly Type[], types: readonly StructType[]): void {
  for (const readonly of [false, true]) {
    const other = new Region('.rodata');
    const buffer = new ArrayBuffer(4096);
    other.adopt(buffer, 4096, readonly);
    const variables = [...kinds, ...types].map((type) =>
      createVariable(other, {
        name: 'x',
        section: '.rodata',
        offset: 0,
        size: type.size,
        type,
        declaration: '',
      }),
    );
    const tryAll = (): void => {
      for (const variable of variables) {
        for (const access of [() => variable.read(), () => (variable.value = 0), () => variable.toJSON()]) {
          try {
            access();
          } catch {
            // Read-only, closed, or no such value.
          }
        }
      }
    };
    for (let i = 0; i < 100; i++) tryAll();
    structuredClone(buffer, { transfer: [buffer] });
    other.close();
    for (let i = 0; i < 100; i++) tryAll();
  }
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
  misuse(kinds, structs.slice(0, 5));
  const many = [...scalarTrials(', dozens of them', 16), ...memberTrials(', 40 struct types', structs)];
  return [...few, ...many, recordTrial()];
}
