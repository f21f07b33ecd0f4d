import { readFileSync } from 'node:fs';
import { BPF_EXIST, BPF_NOEXIST, BpfError, BpfObject, type BpfMap } from '../../../lib';
import { compileBpf, compileBpfSource } from '../../support/compile';

interface Point {
  x: number;
  y: number;
  weight: bigint;
}

let object: BpfObject;
let points: BpfMap<number, Point>;

beforeEach(() => {
  object = BpfObject.open(compileBpf('objects'));
  object.load();
  points = object.map<number, Point>('points');
});
afterEach(() => object.close());

const point = (x: number): Point => ({ x, y: 1 - x, weight: BigInt(x) << 40n });
const fill = (n: number): void => {
  for (let i = 0; i < n; i++) points.set(i, point(i));
};

test('what a map says of itself', () => {
  expect(points).toMatchObject({
    type: 'hash',
    keySize: 4,
    valueSize: 16,
    maxEntries: 64,
    keyType: 'unsigned int',
  });
  expect(points.valueType).toBe('struct point');
  expect(points.fd).toBeGreaterThan(0);
});

test('set, get, has, delete, take', () => {
  expect(points.get(1)).toBeUndefined();
  expect(points.has(1)).toBe(false);
  points.set(1, point(5)).set(2, point(6));
  expect(points.get(1)).toEqual(point(5));
  expect(points.has(2)).toBe(true);
  expect(points.delete(1)).toBe(true);
  expect(points.delete(1)).toBe(false);
  expect(points.take(2)).toEqual(point(6));
  expect(points.take(2)).toBeUndefined();
});

test('flags: only new keys, only existing ones', () => {
  points.set(1, point(1), BPF_NOEXIST);
  expect(() => points.set(1, point(1), BPF_NOEXIST)).toThrow(expect.objectContaining({ code: 'EEXIST' }));
  points.set(1, point(2), BPF_EXIST);
  expect(() => points.set(9, point(1), BPF_EXIST)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});

test('a full map', () => {
  fill(64);
  const error = (() => {
    try {
      points.set(64, point(0));
    } catch (e) {
      return e as BpfError;
    }
    return undefined;
  })();
  expect(error).toMatchObject({ code: 'E2BIG', syscall: 'bpf_map_update_elem' });
  expect(error?.message).toMatch(/'points'/);
});

test('keys, values, entries, toMap', () => {
  fill(40);
  expect([...points.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  expect(points.toMap()).toEqual(new Map(Array.from({ length: 40 }, (_, i) => [i, point(i)])));
  expect([...points.values()]).toHaveLength(40);
});

test('iterating while elements are deleted, and while the map is used otherwise', () => {
  fill(40);
  const seen = new Set<number>();
  for (const key of points.keys()) {
    seen.add(key);
    points.delete(key);
    points.has(7);
  }
  expect(seen.size).toBe(40);
  expect([...points.keys()]).toEqual([]);
});

test.each([
  ['a key of the wrong type', () => points.get('1' as never), /number/],
  ['a key out of range', () => points.get(-1), /-1/],
  ['a key that is missing', () => points.get(undefined as never), /undefined/],
  ['a value with a member out of range', () => points.set(1, { x: 2 ** 31, y: 0, weight: 0n }), /x/],
  ['a value without a member', () => points.set(1, { x: 1, y: 0 } as never), /weight/],
  ['a value with an unknown member', () => points.set(1, { x: 1, y: 0, weight: 0n, z: 1 } as never), /z/],
])('%s throws, and nothing happens', (_, use, message) => {
  expect(use).toThrow(message);
  expect([...points.keys()]).toEqual([]);
});

test('a map without BTF types has bytes', () => {
  const untyped = object.map<Uint8Array, Uint8Array>('untyped');
  untyped.set(Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 3, 4, 5));
  expect(untyped.get(Uint8Array.of(1, 2, 3))).toEqual(Uint8Array.of(1, 2, 3, 4, 5));
  expect(() => untyped.get(Uint8Array.of(1))).toThrow(/3 bytes/);
});

test('a per-CPU map has one value per possible CPU', () => {
  const perCpu = object.map<number, number[]>('per_cpu');
  const values = perCpu.get(0)!;
  expect(values.every((value) => value === 0)).toBe(true);
  for (let i = 0; i < 3; i++) object.program('add').testRun({ context: new Uint8Array(8) });
  expect(perCpu.get(0)!.reduce((a, b) => a + b)).toBe(3);
  perCpu.set(
    1,
    values.map((_, cpu) => cpu + 1),
  );
  expect(perCpu.get(1)).toEqual(values.map((_, cpu) => cpu + 1));
  expect(() => perCpu.set(1, [])).toThrow(/possible CPU/);
});

test('64-bit integers as numbers', () => {
  const numbers = points.withInt64('number') as unknown as BpfMap<
    number,
    { x: number; y: number; weight: number }
  >;
  numbers.set(1, { x: 1, y: 2, weight: 3 });
  expect(numbers.get(1)).toEqual({ x: 1, y: 2, weight: 3 });
  expect(points.get(1)).toEqual({ x: 1, y: 2, weight: 3n });
  points.set(1, { x: 0, y: 0, weight: 2n ** 60n });
  expect(() => numbers.get(1)).toThrow(/safe/);
});

test('before load there are no elements to reach', () => {
  const opened = BpfObject.open(readFileSync(compileBpf('objects')));
  try {
    expect(() => opened.map('points').get(1)).toThrow(/load/);
    opened.map('points').maxEntries = 128;
    expect(opened.map('points').maxEntries).toBe(128);
  } finally {
    opened.close();
  }
});

test('a frozen map refuses writes', () => {
  object.map('counters').freeze();
  expect(() => object.map('counters').set(0, 1n)).toThrow(expect.objectContaining({ code: 'EPERM' }));
  expect(object.map('counters').get(0)).toBe(0n);
});

test('maps whose type ids load() forgets keep their types', () => {
  const opened = BpfObject.open(
    compileBpfSource(
      `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct { __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY); __type(key, __u32); __type(value, __u32); __uint(max_entries, 2); } events SEC(".maps");
char LICENSE[] SEC("license") = "GPL";`,
      'map_types',
    ),
  );
  opened.load();
  expect(opened.map('events')).toMatchObject({ keyType: 'unsigned int', valueType: 'unsigned int' });
  opened.close();
});
