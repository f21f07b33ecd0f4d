/** Atomics, and what other threads (here: workers; in earnest: the kernel) do to the same memory meanwhile. */
import { Worker } from 'node:worker_threads';
import { compile } from '../../../lib/btf/codec/text/compile-text';
import type { Type } from '../../../lib/btf/layout/layout-model';
import { Region } from '../../../lib/memory/region/region';
import { createVariable } from '../../../lib/memory/variable/variable';
import { atomicOf } from '../../../lib/memory/variable/views';
import {
  array,
  bits,
  bool,
  double,
  enumeration,
  pointer,
  s32,
  s64,
  struct,
  u16,
  u32,
  u64,
  u8,
} from '../../support/types';

/** Values of any type: the tests look at what happens. */
type Any = any;

/** A region over shared memory, which stands for the kernel's pages. */
function shared(size = 4096): { region: Region; memory: SharedArrayBuffer } {
  const memory = new SharedArrayBuffer(size);
  const region = new Region('.bss');
  region.adopt(memory as unknown as ArrayBuffer, size, false);
  return { region, memory };
}

function variable(region: Region, type: Type, offset: number): Any {
  return createVariable(region, {
    name: 'v',
    section: '.bss',
    offset,
    size: type.size,
    type,
    declaration: 'v',
  });
}

describe.each<[string, Type, (n: number) => number | bigint]>([
  ['u32', u32, Number],
  ['s32', s32, Number],
  ['u64', u64, BigInt],
  ['s64', s64, BigInt],
  ['enum', enumeration(4, false), Number],
  ['enum64', enumeration(8, true), BigInt],
  ['pointer', pointer, BigInt],
])('%s', (_, type, value) => {
  test('operations give the value before', () => {
    const { region } = shared();
    const v = variable(region, type, 64);
    const atomic = v.atomic;
    expect(v.atomic).toBe(atomic);
    atomic.store(value(12));
    expect([atomic.add(value(5)), v.value]).toEqual([value(12), value(17)]);
    expect([atomic.sub(value(1)), v.value]).toEqual([value(17), value(16)]);
    expect([atomic.or(value(3)), v.value]).toEqual([value(16), value(19)]);
    expect([atomic.and(value(17)), v.value]).toEqual([value(19), value(17)]);
    expect([atomic.xor(value(1)), v.value]).toEqual([value(17), value(16)]);
    expect([atomic.exchange(value(9)), v.value]).toEqual([value(16), value(9)]);
    expect([atomic.compareExchange(value(8), value(1)), v.value]).toEqual([value(9), value(9)]);
    expect([atomic.compareExchange(value(9), value(1)), v.value]).toEqual([value(9), value(1)]);
    expect(atomic.load()).toBe(value(1));
  });

  test('wraps around as in C', () => {
    const { region } = shared();
    const v = variable(region, type, 0);
    const lowest = 'signed' in type && type.signed ? -(2n ** BigInt(type.size * 8 - 1)) : 0n;
    const highest = lowest === 0n ? 2n ** BigInt(type.size * 8) - 1n : -lowest - 1n;
    const as = (big: bigint): number | bigint => (type.size === 8 ? big : Number(big));
    v.value = as(highest);
    expect(v.atomic.add(value(1))).toBe(as(highest));
    expect(v.value).toBe(as(lowest));
  });

  test('operands are checked', () => {
    const v = variable(shared().region, type, 0);
    for (const operand of [2n ** 64n, 0.5, '1', undefined, NaN]) {
      expect(() => v.atomic.add(operand as Any)).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/ERR_OUT_OF_RANGE|ERR_INVALID_ARG/) }),
      );
      expect(() => v.atomic.compareExchange(operand, value(1))).toThrow(/variable 'v' in \.bss/);
    }
    expect(v.value).toBe(value(0));
  });

  test('works before load too, and follows the memory', () => {
    const region = new Region('.bss');
    region.setImage(new Uint8Array(64));
    const v = variable(region, type, 8);
    const { atomic } = v;
    atomic.add(value(3));
    const pages = new ArrayBuffer(64);
    new Uint8Array(pages).set(region.image());
    region.adopt(pages, 64, false);
    expect(atomic.add(value(1))).toBe(value(3));
    region.adopt(pages, 64, true);
    expect(atomic.load()).toBe(value(4));
    expect(() => atomic.add(value(1))).toThrow(expect.objectContaining({ code: 'ERR_READ_ONLY' }));
    region.close();
    expect(() => atomic.load()).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
  });
});

const counters = struct('counters', {
  small: u16,
  word: u32,
  wide: u64,
  flag: bits(u32, 3),
  inner: struct('inner', { hits: u64 }),
  ratio: double,
});
const packed = struct('packed', { a: u8, b: u32 }, { packed: true });

test('members of structs', () => {
  const { region } = shared();
  const { value: view } = variable(region, counters, 8);
  expect(atomicOf(view, 'word').add(5)).toBe(0);
  expect(atomicOf(view, 'wide').add(6n)).toBe(0n);
  expect(atomicOf(view.inner, 'hits').add(7n)).toBe(0n);
  expect(view.read()).toMatchObject({ word: 5, wide: 6n, inner: { hits: 7n } });
});

test.each<[string, () => unknown, RegExp]>([
  [
    'two bytes',
    () => atomicOf(variable(shared().region, counters, 0).value, 'small'),
    /only integers of 4 and 8 bytes/,
  ],
  [
    'a double',
    () => atomicOf(variable(shared().region, counters, 0).value, 'ratio'),
    /only integers of 4 and 8 bytes/,
  ],
  [
    'a bitfield',
    () => atomicOf(variable(shared().region, counters, 0).value, 'flag'),
    /bitfield has no atomic/,
  ],
  [
    'an unaligned member',
    () => atomicOf(variable(shared().region, packed, 0).value, 'b'),
    /offset 1, which is no multiple of its 4/,
  ],
  [
    'an unaligned variable',
    () => variable(shared().region, u64, 4).atomic,
    /offset 4, which is no multiple of its 8/,
  ],
])('%s has none', (_, get, message) => {
  expect(get).toThrow(
    expect.objectContaining({ code: 'ERR_UNSUPPORTED', message: expect.stringMatching(message) }),
  );
});

test('a member that is not there', () => {
  const { value: view } = variable(shared().region, counters, 0);
  expect(() => atomicOf(view, 'wrod')).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG' }));
});

test('types without atomics have no such property', () => {
  const { region } = shared();
  for (const type of [u8, u16, bool, double]) expect('atomic' in variable(region, type, 0)).toBe(false);
});

/** Runs `body` in a worker with `words`, `bigs` over the memory; it ends by itself. */
function inWorker(memory: SharedArrayBuffer, body: string): Promise<void> {
  const text = `const { workerData } = require('node:worker_threads');
    const words = new Int32Array(workerData), bigs = new BigInt64Array(workerData), bytes = new Uint8Array(workerData);
    ${body}`;
  return new Promise((resolve, reject) => {
    const worker = new Worker(text, { eval: true, workerData: memory });
    worker.once('exit', () => {
      resolve();
    });
    worker.once('error', reject);
  });
}

test('no update is lost between threads', async () => {
  const { region, memory } = shared();
  const word = variable(region, u32, 0);
  const { value: view } = variable(region, counters, 64);
  const wide = atomicOf(view, 'wide') as Any;
  const ROUNDS = 200_000;
  const other = inWorker(
    memory,
    `for (let i = 0; i < ${String(ROUNDS)}; i++) { Atomics.add(words, 0, 1); Atomics.add(bigs, 9, 1n); }`,
  );
  // While the worker starts and runs.
  const array64 = variable(region, array(u64, 4), 128).value as BigUint64Array;
  for (let i = 0; i < ROUNDS; i++) {
    word.atomic.add(1);
    wide.add(1n);
    Atomics.add(array64, 1, 1n);
  }
  await other;
  expect([word.value, view.wide, array64[1]]).toEqual([2 * ROUNDS, 2n * BigInt(ROUNDS), BigInt(ROUNDS)]);
});

describe('polling in a tight loop sees what another thread stores', () => {
  const MAX_SPINS = 5e9;
  // The loop must not be left to the event loop, and is hot enough to be optimised long before the change.
  test.each<[string, (region: Region) => () => boolean]>([
    [
      'a word',
      (region) => {
        const v = variable(region, u32, 0);
        return () => {
          for (let i = 0; i < 1e6; i++) if (v.value !== 0) return true;
          return false;
        };
      },
    ],
    [
      'a wide word',
      (region) => {
        const v = variable(region, u64, 0);
        return () => {
          for (let i = 0; i < 1e6; i++) if (v.value !== 0n) return true;
          return false;
        };
      },
    ],
    [
      'a wide word as a number',
      (region) => {
        const v = variable(region, u64, 0);
        return () => {
          for (let i = 0; i < 1e6; i++) if (v.number !== 0) return true;
          return false;
        };
      },
    ],
    [
      'a bool',
      (region) => {
        const v = variable(region, bool, 0);
        return () => {
          for (let i = 0; i < 1e6; i++) if (v.value as boolean) return true;
          return false;
        };
      },
    ],
    [
      'a member',
      (region) => {
        const { value } = variable(region, struct('s', { a: u32 }), 0);
        return () => {
          for (let i = 0; i < 1e6; i++) if (value.a !== 0) return true;
          return false;
        };
      },
    ],
    [
      'an unaligned member',
      (region) => {
        const { value } = variable(region, struct('p', { a: u8, b: u32 }, { packed: true }), 0);
        return () => {
          for (let i = 0; i < 1e6; i++) if (value.b !== 0) return true;
          return false;
        };
      },
    ],
    [
      'an element',
      (region) => {
        const { value } = variable(region, array(u32, 4), 0);
        return () => {
          for (let i = 0; i < 1e6; i++) if (value[0] !== 0) return true;
          return false;
        };
      },
    ],
    [
      'a snapshot',
      (region) => {
        const v = variable(region, struct('s', { a: u32, b: u64 }), 0);
        return () => {
          for (let i = 0; i < 1e5; i++) if (v.read().a !== 0) return true;
          return false;
        };
      },
    ],
  ])('%s', async (_, make) => {
    const { region, memory } = shared();
    const poll = make(region);
    const ready = new Int32Array(memory, 2048, 1);
    const done = inWorker(
      memory,
      `Atomics.store(words, 512, 1); Atomics.wait(words, 513, 0, 300); bytes.fill(1, 0, 5);`,
    );
    // Waits for the worker's start by the event loop, then spins without it.
    while (Atomics.load(ready, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const start = Date.now();
    let seen = false;
    for (let spins = 0; !seen && spins < MAX_SPINS && Date.now() - start < 5000; spins++) seen = poll();
    expect(seen).toBe(true);
    expect(Date.now() - start).toBeGreaterThan(100);
    await done;
  });
});

test('a counter is never read half old, half new, in code of any tier', async () => {
  const { region, memory } = shared();
  const word = variable(region, u32, 0);
  const wide = variable(region, u64, 8);
  const { value: view } = variable(region, struct('s', { a: u32, b: u64 }), 16);
  const whole = variable(region, struct('t', { a: u32, b: u64 }), 16);
  // Between two values that differ in every byte.
  const done = inWorker(
    memory,
    `const end = Date.now() + 1000;
     while (Date.now() < end) for (let i = 0; i < 1000; i++) {
       words[0] = -1; words[4] = -1; bigs[1] = -1n; bigs[3] = -1n;
       words[0] = 0; words[4] = 0; bigs[1] = 0n; bigs[3] = 0n;
     }
     words[1] = 1;`,
  );
  const flag = new Int32Array(memory);
  const odd: unknown[] = [];
  const good = new Set<unknown>([0, 0xffff_ffff, 0n, 0xffff_ffff_ffff_ffffn]);
  while (Atomics.load(flag, 1) === 0) {
    await new Promise((resolve) => setImmediate(resolve));
    // Fresh functions start in the interpreter.
    const read = compile(
      'return () => { const { a, b } = whole.read(); return [word.value, wide.value, view.a, view.b, a, b]; };',
      { word, wide, view, whole },
    ) as () => unknown[];
    for (let i = 0; i < 300; i++) for (const value of read()) if (!good.has(value)) odd.push(value);
  }
  await done;
  expect(odd).toEqual([]);
});
