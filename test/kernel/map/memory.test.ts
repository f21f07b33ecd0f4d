/** Array maps that user space can map: their elements as variables. */
import {
  BpfMap,
  BpfObject,
  ClosedError,
  NotLoadedError,
  ReadOnlyError,
  UnsupportedError,
  ValueRangeError,
  type ArrayVariable,
} from '../../../lib';
import { compileBpfSource } from '../../support/compile';
import { thrownBy } from '../../support/native';

interface Point {
  x: number;
  y: number;
}

const SOURCE = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct point { __s32 x, y; };
struct odd { __u32 a, b, c; };
#define MAP(name, TYPE, N) struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(map_flags, BPF_F_MMAPABLE); \\
	__type(key, __u32); __type(value, TYPE); __uint(max_entries, N); } name SEC(".maps")
MAP(points, struct point, 600);
MAP(counters, __u64, 8);
MAP(odds, struct odd, 4);
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __type(key, __u32); __type(value, __u64); __uint(max_entries, 2); } plain SEC(".maps");
SEC("syscall") int count(void *ctx)
{
	__u32 key = 3;
	__u64 *value = bpf_map_lookup_elem(&counters, &key);
	struct point *point;

	if (value)
		__sync_fetch_and_add(value, 1);
	key = 599;
	point = bpf_map_lookup_elem(&points, &key);
	if (point)
		point->y++;
	return 0;
}
char LICENSE[] SEC("license") = "GPL";
`;

let object: BpfObject;
const map = <V>(name: string): BpfMap<number, V> => object.map<number, V>(name);
const count = (): unknown => object.program('count').testRun();

beforeEach(() => {
  object = BpfObject.open(compileBpfSource(SOURCE, 'maps_memory'));
});
afterEach(() => object.close());

test('before load there is no memory', () => {
  expect(thrownBy(() => map('points').at(0))).toBeInstanceOf(NotLoadedError);
});

describe('loaded', () => {
  beforeEach(() => object.load());

  test('a struct element, seen by both sides, beyond the first page', () => {
    const last = map<Point>('points').at(599);
    expect(map('points').at(599)).toBe(last);
    last.value.x = 7;
    count();
    expect(last.read()).toEqual({ x: 7, y: 1 });
    expect(map<Point>('points').get(599)).toEqual({ x: 7, y: 1 });
    map<Point>('points').set(599, { x: 1, y: 2 });
    expect(last.value.y).toBe(2);
  });

  test('an integer element is atomic, too', () => {
    const counter = map<bigint>('counters').at(3);
    counter.value = 40n;
    counter.atomic.add(1n);
    count();
    expect(counter.value).toBe(42n);
    expect([counter.name, counter.section, counter.offset, counter.size]).toEqual([
      'counters[3]',
      'counters',
      24,
      8,
    ]);
  });

  test('all elements as one array', () => {
    const all = map<bigint>('counters').asArray() as ArrayVariable<BigUint64Array>;
    all.value[3] = 9n;
    count();
    expect(all.value).toBeInstanceOf(BigUint64Array);
    expect([...all.value]).toEqual([0n, 0n, 0n, 10n, 0n, 0n, 0n, 0n]);
    expect((map('points').asArray() as ArrayVariable<Point[]>).value.at(1)?.x).toBe(0);
  });

  test('values whose size is no multiple of 8 lie further apart', () => {
    const odds = map<{ a: number; b: number; c: number }>('odds');
    odds.at(1).value.a = 5;
    expect([odds.get(0)?.a, odds.get(1)?.a, odds.get(2)?.a]).toEqual([0, 5, 0]);
    expect(thrownBy(() => odds.asArray())).toBeInstanceOf(UnsupportedError);
  });

  test.each([-1, 8, 1.5, '0', undefined])('there is no element %p', (index) => {
    expect(thrownBy(() => map('counters').at(index as number))).toHaveProperty('code', 'ERR_INVALID_ARG');
  });

  test('other maps have no memory to map', () => {
    expect(thrownBy(() => map('plain').at(0))).toBeInstanceOf(UnsupportedError);
  });

  test('a value that does not fit is refused', () => {
    const point = map<Point>('points').at(0);
    expect(thrownBy(() => (point.value.x = 2 ** 31))).toBeInstanceOf(ValueRangeError);
    expect(point.value.x).toBe(0);
  });

  test('a frozen map is read-only', () => {
    map('counters').set(3, 5n);
    map('counters').freeze();
    const counter = map<bigint>('counters').at(3);
    expect([counter.value, counter.readonly]).toEqual([5n, true]);
    const error = thrownBy(() => (counter.value = 1n));
    expect(error).toBeInstanceOf(ReadOnlyError);
    expect(error.message).toContain("map 'counters' is read-only: it is frozen");
  });

  test('after the object is closed, nothing of it is left', () => {
    const point = map<Point>('points').at(0);
    const view = point.value;
    const array = (map<bigint>('counters').asArray() as ArrayVariable<BigUint64Array>).value;
    object.close();
    expect(thrownBy(() => point.value.y)).toBeInstanceOf(ClosedError);
    expect(thrownBy(() => view.x)).toBeInstanceOf(ClosedError);
    expect(array.length).toBe(0);
    expect(thrownBy(() => point.read()).message).toContain("map 'points' is closed");
  });
});

test('a map that no object owns: its memory ends with it', () => {
  const own = BpfMap.create<number, number>({ type: 'array', value: 's32', maxEntries: 4, flags: 1 << 10 });
  const other = BpfMap.fromFd<number, number>(own.fd);
  const element = own.at(2);
  element.value = -5;
  expect(own.get(2)).toBe(-5);
  expect(other.at(2).value).toBe(-5);
  own.close();
  expect(thrownBy(() => element.value)).toBeInstanceOf(ClosedError);
  expect(thrownBy(() => own.at(2))).toBeInstanceOf(ClosedError);
  expect(other.at(2).value).toBe(-5);
  other.close();
});

test('a section whose map load() was not to create says so', () => {
  const other = BpfObject.open(
    compileBpfSource(
      'int unused = 3; char LICENSE[] __attribute__((section("license"))) = "GPL";',
      'unused_section',
    ),
  );
  try {
    other.map('.data').autocreate = false;
    const { unused } = Object.fromEntries(other.section('.data').variables);
    other.load();
    expect(other.map('.data').fd).toBe(-1);
    expect(thrownBy(() => unused?.value)).toBeInstanceOf(NotLoadedError);
    expect(thrownBy(() => other.map('.data').get(0)).message).toContain('autocreate is off');
  } finally {
    other.close();
  }
});
