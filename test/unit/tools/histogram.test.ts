/** Histograms of slots that BPF programs count. */
import { ArgumentError } from '../../../lib';
import { histogram } from '../../../lib/tools';

test('log2: slot i has the values whose highest bit is i, and slot 0 also 0', () => {
  const drawn = histogram(new Uint32Array([1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0]), { unit: 'usecs' });
  expect(drawn.rows.filter(({ count }) => count > 0)).toEqual([
    { from: 0, below: 2, count: 1 },
    { from: 4, below: 8, count: 4 },
    { from: 1024, below: 2048, count: 2 },
  ]);
  expect(drawn.total).toBe(7);
  expect(drawn.rows).toHaveLength(11);
  const lines = drawn.toString().split('\n');
  expect(lines[0]).toBe('usecs       count  distribution');
  expect(lines[1]).toBe(`[0, 2)          1  |${'*'.repeat(10)}${' '.repeat(30)}|`);
  expect(lines[3]).toBe(`[4, 8)          4  |${'*'.repeat(40)}|`);
  expect(lines.at(-2)).toBe(`[1K, 2K)        2  |${'*'.repeat(20)}${' '.repeat(20)}|`);
});

test('linear, from a base on, of bigints', () => {
  const { rows } = histogram([1n, 2n], { scale: 'linear', base: -10, step: 5 });
  expect(rows).toEqual([
    { from: -10, below: -5, count: 1 },
    { from: -5, below: 0, count: 2 },
  ]);
});

test('all 64 slots have exact edges', () => {
  const slots = new BigUint64Array(64);
  slots[63] = 1n;
  expect(histogram(slots).rows.at(-1)).toEqual({ from: 2 ** 63, below: 2 ** 64, count: 1 });
  expect(histogram(slots).toString()).toContain('[8E, 16E)');
});

test('percentiles lie within the slot that has them', () => {
  const values = Array.from({ length: 1000 }, (_, i) => i + 1);
  const slots = new Uint32Array(16);
  for (const value of values) slots[31 - Math.clz32(value)]! += 1;
  const drawn = histogram(slots);
  for (const percent of [1, 10, 50, 90, 99]) {
    const exact = values[(percent * values.length) / 100 - 1]!;
    const width = 2 ** (31 - Math.clz32(exact));
    expect(Math.abs(drawn.percentile(percent)! - exact)).toBeLessThan(width);
  }
  expect(drawn.percentile(0)).toBe(0);
  expect(drawn.percentile(100)).toBe(1024);
});

test('without values', () => {
  const empty = histogram([0, 0]);
  expect([empty.total, empty.rows, String(empty), empty.percentile(50)]).toEqual([0, [], '', undefined]);
});

test.each([
  [() => histogram([-1]), 'slots[0] must be an integer'],
  [() => histogram([2n ** 60n]), 'slots[0] must be an integer'],
  [() => histogram(new Uint8Array(65)), 'at most 64, not 65'],
  [() => histogram([1], { scale: 'linear', step: 0 }), 'options.step must be an integer from 1'],
  [() => histogram([1], { scale: 'cubic' as 'log2' }), "options.scale must be one of 'log2', 'linear'"],
  [() => histogram([1]).percentile(101), 'percent must be a number from 0 to 100'],
])('refused: %#', (call, message) => {
  expect(call).toThrow(ArgumentError);
  expect(call).toThrow(message);
});
