/** Holds what this package reads and writes against what the compiler says, in each way that there is. */
import { BpfMap, BpfObject, RingBuffer, toJSON, type Btf } from '../../lib';
import type { StructType, Type } from '../../lib/btf/layout/layout-model';
import { objectOf, SECTION } from './object';
import type { Leaf, Step, Truth } from './oracle';

type Any = any;

export interface Mismatch {
  readonly index: number;
  readonly what: string;
}

export class Tally {
  comparisons = 0;
  /** What the package refused by name, as it says that it does. */
  refused = 0;
  readonly mismatches: Mismatch[] = [];

  equal(truth: Truth, what: () => string, got: unknown, expected: unknown): void {
    this.comparisons++;
    if (Object.is(got, expected)) return;
    const shown = (value: unknown): string =>
      typeof value === 'bigint' ? `${String(value)}n` : String(value);
    this.#add(truth, `${what()}: ${shown(got)} instead of ${shown(expected)}`);
  }

  bytes(truth: Truth, what: () => string, got: Uint8Array, expected: Uint8Array): void {
    this.comparisons++;
    if (Buffer.compare(got, expected) === 0) return;
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
    this.#add(truth, `${what()}:\n  ${hex(got)} instead of\n  ${hex(expected)}`);
  }

  /** What throws is a mismatch. */
  attempt(truth: Truth, what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#add(truth, `${what}: ${String((error as Error).stack)}`);
    }
  }

  #add({ declaration }: Truth, what: string): void {
    this.mismatches.push({ index: declaration.index, what: `${declaration.text}\n${what}` });
  }
}

/** The value in a compiler's memory `raw`, `before` or `after`. */
type Moment = 'raw' | 'before' | 'after';

const follow = (root: unknown, path: readonly Step[]): unknown =>
  path.reduce<unknown>((value, step) => (value as Any)[step], root);

/** All leaves, and how long the arrays are. */
function compareValue(tally: Tally, truth: Truth, way: string, root: unknown, moment: Moment): void {
  tally.attempt(truth, way, () => {
    for (const { path, length } of truth.arrays) {
      tally.equal(
        truth,
        () => `${way}, length of ${path.join('.')}`,
        (follow(root, path) as Any).length,
        length,
      );
    }
    for (const leaf of truth.leaves) {
      tally.equal(truth, () => `${way}, ${leaf.path.join('.')}`, follow(root, leaf.path), leaf[moment]);
    }
  });
}

/** 64 bits are text, as JSON has no such numbers, and char arrays are. */
function compareJson(tally: Tally, truth: Truth, way: string, root: unknown, moment: Moment): void {
  tally.attempt(truth, way, () => {
    const parsed: unknown = JSON.parse(JSON.stringify(toJSON(root)));
    for (const leaf of truth.leaves) {
      if (leaf.text) continue;
      const value = leaf[moment];
      const expected =
        typeof value === 'bigint'
          ? String(value)
          : typeof value === 'number' && !Number.isFinite(value)
            ? null
            : value;
      // JSON has no -0.
      const wanted = Object.is(expected, -0) ? 0 : expected;
      tally.equal(truth, () => `${way}, ${leaf.path.join('.')}`, follow(parsed, leaf.path), wanted);
    }
  });
}

/** Through the live view: whatever the last step is in. */
function assign(variable: Any, { path, after }: Leaf, way: number): void {
  const last = path.at(-1);
  if (last === undefined) {
    variable.value = after;
    return;
  }
  const structsOnly = path.every((step) => typeof step === 'string');
  if (structsOnly && way % 2 === 1) {
    variable.write(path.reduceRight<unknown>((value, step) => ({ [step]: value }), after));
    return;
  }
  const holder = follow(variable.value, path.slice(0, -1)) as Any;
  if (
    typeof last === 'number' &&
    typeof holder.set === 'function' &&
    !ArrayBuffer.isView(holder) &&
    way % 2 === 1
  ) {
    holder.set(last, after);
  } else holder[last] = after;
}

export function compareAll(truths: readonly Truth[], clang: string): Tally {
  const tally = new Tally();
  if (truths.length === 0) return tally;
  using object = BpfObject.open(objectOf(truths, clang));
  const { btf } = object;
  const variable = (truth: Truth): Any =>
    object.section(SECTION).variables.get(`v${String(truth.declaration.index)}`);

  for (const truth of truths) {
    compareValue(tally, truth, 'the view of the image', variable(truth).value, 'before');
    compareValue(tally, truth, 'a copy of the image', variable(truth).read(), 'before');
  }
  object.load();
  for (const truth of truths) {
    compareValue(tally, truth, 'the view after load', variable(truth).value, 'before');
    compareValue(tally, truth, 'a copy after load', variable(truth).read(), 'before');
    compareJson(tally, truth, 'JSON', variable(truth).value, 'before');
    tally.attempt(truth, 'bytes', () => compareBytes(tally, truth, btf));
    tally.attempt(truth, 'maps', () => {
      for (const type of ['array', 'hash'] as const) compareMap(tally, truth, btf, type);
    });
    if (truth.declaration.place.kind === 'struct') {
      tally.attempt(truth, 'records', () => compareRecords(tally, truth, object));
    }
  }
  compareWrites(tally, truths, object, variable);
  return tally;
}

/** Btf.decode and encode. */
function compareBytes(tally: Tally, truth: Truth, btf: Btf): void {
  const { type } = truth.declaration;
  for (const moment of ['raw', 'before', 'after'] as const) {
    compareValue(tally, truth, `decode() of ${moment}`, btf.decode(type, truth[moment]), moment);
  }
  const value: unknown = btf.decode(type, truth.before);
  const longer = truth.arrays.some(({ open, length }) => open && length > 0);
  const expected = longer ? truth.encoded : truth.encoded.subarray(0, truth.size);
  try {
    const encoded = btf.encode(type, value);
    tally.bytes(truth, () => 'encode()', encoded, expected);
  } catch (error) {
    if (!longer || !/has 0 elements|, there are 0/.test((error as Error).message)) throw error;
    tally.refused++;
  }
}

const KEY = 0;

function compareMap(tally: Tally, truth: Truth, btf: Btf, type: 'array' | 'hash'): void {
  const { size, declaration } = truth;
  // A value of a map ends where its type does: no room for more.
  if (size !== truth.total) return;
  const layout: Type = btf.type(declaration.type).layout;
  const key = type === 'hash' ? ({ key: 4 } as const) : {};
  using bare = BpfMap.create<Any, Uint8Array>({ type, ...key, value: size, maxEntries: 1 });
  const id = type === 'hash' ? Uint8Array.of(7, 0, 0, 0) : KEY;
  using typed = BpfMap.fromFd<Any, Any>(bare.fd, { value: layout });
  bare.set(id, truth.raw);
  compareValue(tally, truth, `a value of an ${type} map`, typed.get(id), 'raw');
  bare.set(id, truth.before);
  const before = typed.get(id);
  compareValue(tally, truth, `another value of an ${type} map`, before, 'before');
  bare.set(id, truth.after);
  typed.set(id, before);
  tally.bytes(truth, () => `what set() stores in an ${type} map`, bare.get(id) as Uint8Array, truth.encoded);
}

function compareRecords(tally: Tally, truth: Truth, object: BpfObject): void {
  const { type } = truth.declaration;
  const layout = object.btf.type(type).layout as StructType;
  const emit = (moment: Moment): void => {
    const record = object.section('.bss').variables.get('record') as Any;
    (record.value as Uint8Array).set(truth[moment]);
    const context = new Uint8Array(new BigUint64Array([BigInt(truth.total)]).buffer);
    if (object.program('emit').testRun({ context }).retval !== 0) throw new Error('the ring is full');
  };
  const ring = new RingBuffer<Any>(object.map('ring'), { type: layout });
  try {
    for (const moment of ['raw', 'before', 'after'] as const) {
      emit(moment);
      ring.consume((batch) => {
        const view: unknown = batch.at(0);
        compareValue(tally, truth, 'the view of a record', view, moment);
        compareValue(tally, truth, 'read() of a record', (view as Any).read(), moment);
        for (const each of batch) compareValue(tally, truth, 'the view of one of many records', each, moment);
        if (moment === 'before') compareJson(tally, truth, 'JSON of a record', view, moment);
        compareValue(tally, truth, 'read() of a batch', batch.read()[0], moment);
      });
      emit(moment);
      compareValue(tally, truth, 'consume()', ring.consume()[0], moment);
    }
  } finally {
    ring.close();
  }
}

/** Leaf by leaf, then whole: which bytes change. */
function compareWrites(
  tally: Tally,
  truths: readonly Truth[],
  object: BpfObject,
  variable: (truth: Truth) => Any,
): void {
  using memory = BpfMap.fromFd<number, Uint8Array>(object.section(SECTION).map.fd);
  const bytesOf = (truth: Truth): Uint8Array => {
    const offset = variable(truth).offset as number;
    return (memory.get(0) as Uint8Array).subarray(offset, offset + truth.total);
  };
  const image = (memory.get(0) as Uint8Array).slice();
  for (const truth of truths) {
    tally.attempt(truth, 'writes', () => {
      truth.leaves.forEach((leaf, i) => {
        assign(variable(truth), leaf, i);
        tally.bytes(
          truth,
          () => `after ${leaf.path.join('.')} = ${String(leaf.after)}`,
          bytesOf(truth),
          leaf.stored,
        );
      });
      compareValue(tally, truth, 'the view after all writes', variable(truth).value, 'after');
    });
  }
  memory.set(0, image);
  for (const truth of truths) {
    tally.attempt(truth, 'writing the whole', () => {
      const value: unknown = object.btf.decode(truth.declaration.type, truth.after);
      variable(truth).write(value);
      tally.bytes(truth, () => 'after writing the whole', bytesOf(truth), truth.whole);
    });
  }
  // The slots of others, and what lies between them, are what they were.
  const expected = image.slice();
  for (const truth of truths) expected.set(bytesOf(truth), variable(truth).offset as number);
  const [first] = truths;
  if (first !== undefined) tally.bytes(first, () => 'all other bytes', memory.get(0) as Uint8Array, expected);
}
