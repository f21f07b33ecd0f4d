/** Maps that no object owns: made, found by id and by file descriptor. (By pin: test/process/map/pins-and-lifetime.test.ts.) */
import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import {
  AlreadyLoadedError,
  ArgumentError,
  BpfError,
  BpfMap,
  BpfObject,
  Btf,
  ClosedError,
  UnsupportedError,
  type CreateMapOptions,
} from '../../../lib';
import { compileBpf } from '../../support/compile';
import { thrownBy } from '../../support/native';

const HASH: CreateMapOptions = { type: 'hash', name: 'numbers', key: 'u32', value: 'u64', maxEntries: 8 };

const maps: { close(): void }[] = [];
function keep<T extends { close(): void }>(map: T): T {
  maps.push(map);
  return map;
}
afterEach(() => {
  for (const map of maps.splice(0)) map.close();
});

const create = <K = number, V = bigint, In = V>(
  options: Partial<CreateMapOptions> = {},
): BpfMap<K, V, In> => {
  const map = BpfMap.create<K, V, In>({ ...HASH, ...options });
  return keep(map);
};

const mapDescriptors = (): number =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === 'anon_inode:bpf-map';
    } catch {
      return false;
    }
  }).length;

test('a map that was made is what was asked for', () => {
  const map = create({ flags: 1 });
  expect(map).toMatchObject({
    type: 'hash',
    name: 'numbers',
    keySize: 4,
    valueSize: 8,
    maxEntries: 8,
    flags: 1,
  });
  expect(map).toMatchObject({ keyType: 'u32', valueType: 'u64', section: undefined, pinPath: undefined });
  expect(map.info()).toMatchObject({
    type: 'hash',
    name: 'numbers',
    keySize: 4,
    valueSize: 8,
    maxEntries: 8,
  });
  expect(map.info().id).toBeGreaterThan(0);
  map.set(1, 2n);
  expect(map.get(1)).toBe(2n);
});

test('sizes instead of types give bytes, and long names are cut by the kernel only', () => {
  const map = create<Uint8Array, Uint8Array>({ name: 'a_name_of_twenty_one', key: 3, value: 5 });
  map.set(Uint8Array.of(1, 2, 3), new Uint8Array(5));
  expect(map.get(Uint8Array.of(1, 2, 3))).toEqual(new Uint8Array(5));
  expect([map.name, map.info().name]).toEqual(['a_name_of_twenty_one', 'a_name_of_twent']);
});

test('types of a Btf: numbers of 64 bits are stored as bigints would be', () => {
  const object = BpfObject.open(compileBpf('objects'));
  const point = Btf.fromFile(compileBpf('objects')).type('struct point');
  object.close();
  const map = create<number, { x: number; y: number; weight: bigint | number }>({ value: point });
  expect(map.valueType).toBe('struct point');
  for (const weight of [0, -0, 1, 2 ** 31, 2 ** 32, 2 ** 32 + 5, 2 ** 52, Number.MAX_SAFE_INTEGER]) {
    map.set(1, { x: -1, y: 2, weight });
    expect(map.get(1)).toEqual({ x: -1, y: 2, weight: BigInt(weight) });
  }
  for (const weight of [-1, 2 ** 53, 0.5, NaN, Infinity, '1' as never]) {
    expect(thrownBy(() => map.set(1, { x: 0, y: 0, weight })).message).toMatch(/\.weight/);
  }
  expect(map.get(1)?.x).toBe(-1);
});

test('by file descriptor: a descriptor of its own, typed by the BTF that it was made with, or as is said', () => {
  const map = create().set(1, 2n);
  const other = keep(BpfMap.fromFd<number, bigint>(map.fd, { key: '__u32', value: '__u64' }));
  const same = keep(BpfMap.fromFd<number, bigint>(map.fd));
  const untyped = create<Uint8Array, Uint8Array>({ key: 4, value: 8 });
  untyped.set(Uint8Array.of(1, 0, 0, 0), Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0));
  const bytes = keep(BpfMap.fromFd<Uint8Array, Uint8Array>(untyped.fd));
  const half = keep(BpfMap.fromFd(create<Uint8Array>({ key: 5 }).fd));
  expect(other.fd).not.toBe(map.fd);
  map.close();
  expect(other.get(1)).toBe(2n);
  expect(same).toMatchObject({ keyType: 'u32', valueType: 'u64' });
  expect(same.get(1)).toBe(2n);
  expect([bytes.keyType, untyped.info().btfId]).toEqual([undefined, 0]);
  expect(bytes.get(Uint8Array.of(1, 0, 0, 0))).toEqual(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0));
  expect(half).toMatchObject({ keyType: 'unsigned char[5]', valueType: 'u64' });
});

test('by id, typed by the BTF that the kernel keeps', () => {
  const object = BpfObject.open(compileBpf('objects'));
  object.load();
  const points = object.map<number, object>('points');
  const found = keep(BpfMap.fromId<number, object>(points.info().id));
  object.map('points').set(3, { x: 1, y: 2, weight: 3n });
  object.close();
  expect(found).toMatchObject({ name: 'points', keyType: 'unsigned int', valueType: 'struct point' });
  expect(found.get(3)).toEqual({ x: 1, y: 2, weight: 3n });
  const numbers = keep(BpfMap.fromId<number, object>(found.info().id, { int64: 'number' }));
  expect(numbers.get(3)).toEqual({ x: 1, y: 2, weight: 3 });
});

test('reading only', () => {
  const map = create().set(1, 2n);
  const { id } = map.info();
  const reader = keep(BpfMap.fromId<number, bigint>(id, { key: 'u32', value: 'u64', access: 'read' }));
  expect(reader.get(1)).toBe(2n);
  expect(thrownBy(() => reader.set(1, 3n))).toMatchObject({ code: 'EPERM', syscall: 'bpf_map_update_elem' });
  expect(thrownBy(() => reader.setMany([[1, 3n]]))).toMatchObject({ code: 'EPERM' });
  const writer = keep(BpfMap.fromId<number, bigint>(id, { key: 'u32', value: 'u64', access: 'write' }));
  writer.set(1, 4n);
  expect(thrownBy(() => writer.get(1))).toHaveProperty('code', 'EPERM');
  expect(thrownBy(() => [...writer.entries()])).toHaveProperty('code', 'EPERM');
});

test('64-bit integers as numbers', () => {
  const map = create<number, number>({ int64: 'number' }).set(1, 5);
  expect(map.get(1)).toBe(5);
  expect((map.withInt64('bigint') as unknown as BpfMap<number, bigint>).get(1)).toBe(5n);
});

test('after close() every use is a ClosedError; twice is fine', () => {
  const map = create().set(1, 1n).set(2, 2n).set(3, 3n);
  const same = map.withInt64('number');
  const walk = map.entries({ size: 1 });
  walk.next();
  map.close();
  map.close();
  expect([map.closed, same.closed]).toEqual([true, true]);
  for (const use of [
    () => map.get(1),
    () => map.set(1, 1n),
    () => same.get(1),
    () => map.setMany([[1, 1n]]),
    () => map.deleteMany([1]),
    () => [...map.batches()],
    () => map.toMap(),
    () => map.clear(),
    () => map.info(),
    () => map.freeze(),
    () => map.type,
    () => map.maxEntries,
    () => map.fd,
    () => map.pinPath,
    () => map.pin('/sys/fs/bpf/x'),
    () => map.unpin('/sys/fs/bpf/x'),
    () => map.withInt64('number').get(1),
    () => (map.maxEntries = 5),
    () => create({ innerMap: map }),
    () => [...walk],
  ]) {
    expect(thrownBy(use)).toBeInstanceOf(ClosedError);
  }
});

test('disposing closes', () => {
  const before = mapDescriptors();
  const map = create();
  expect(mapDescriptors()).toBe(before + 1);
  map[Symbol.dispose]();
  expect(mapDescriptors()).toBe(before);
});

test('a map of an object is closed by it, not by itself', () => {
  const object = BpfObject.open(compileBpf('objects'));
  expect(thrownBy(() => object.map('points').close())).toBeInstanceOf(UnsupportedError);
  expect(object.map('points').closed).toBe(false);
  const points = object.map('points');
  object.close();
  expect(points.closed).toBe(true);
});

test('what is decided before load is decided', () => {
  const map = create();
  for (const decide of [
    () => (map.maxEntries = 4),
    () => (map.autocreate = false),
    () => (map.autoattach = true),
    () => (map.pinPath = '/sys/fs/bpf/x'),
    () => map.reuse(map.fd),
    () => map.setInnerMap(map),
  ]) {
    expect(thrownBy(decide)).toBeInstanceOf(AlreadyLoadedError);
  }
});

test.each<readonly [string, Record<string, unknown>, RegExp]>([
  ['no such type', { type: 'hsh' }, /options\.type.*did you mean 'hash'/],
  ['an option that does not exist', { max_entries: 3 }, /options\.max_entries/],
  ['no value', { value: undefined }, /options\.value/],
  ['an unknown name of a type', { key: 'u33' }, /options\.key: no integer type 'u33' \(did you mean 'u3?2?/],
  ['a size that is none', { value: -1 }, /options\.value/],
  ['a name with NUL', { name: 'a\0b' }, /options\.name/],
  [
    'an inner map that is none',
    { type: 'hash_of_maps', value: undefined, innerMap: {} },
    /options\.innerMap/,
  ],
])('%s is an ArgumentError', (_, options, message) => {
  const before = mapDescriptors();
  const error = thrownBy(() => create(options));
  expect(error).toBeInstanceOf(ArgumentError);
  expect(error.message).toMatch(message);
  expect(mapDescriptors()).toBe(before);
});

test.each<readonly [string, Partial<CreateMapOptions>]>([
  ['a name that the kernel does not take', { name: 'a b' }],
  ['no entries', { maxEntries: 0 }],
  ['a key that is too long', { type: 'array', key: 8 }],
  ['storage without types', { type: 'task_storage', key: 4, value: 8, maxEntries: 0 }],
  ['storage with entries', { type: 'task_storage', key: 'int' }],
  ['storage whose key is no descriptor', { type: 'task_storage', key: 'u64', maxEntries: 0 }],
])('the kernel refuses %s', (_, options) => {
  const error = thrownBy(() => create(options));
  expect(error).toBeInstanceOf(BpfError);
  expect(error).toMatchObject({ code: 'EINVAL', syscall: 'bpf_map_create' });
});

test.each<readonly [string, () => unknown, string]>([
  ['an id that nothing has', () => BpfMap.fromId(0x7fff_fff0), 'ENOENT'],
  ['an id that is none', () => BpfMap.fromId(-1), 'ERR_INVALID_ARG'],
  ['a descriptor that is not open', () => BpfMap.fromFd(1_000_000), 'EBADF'],
  ['a descriptor that is none', () => BpfMap.fromFd(1.5), 'ERR_INVALID_ARG'],
  ['a path where nothing is', () => BpfMap.openPinned('/sys/fs/bpf/nothing/here'), 'ENOENT'],
  ['a path that is none', () => BpfMap.openPinned(5 as never), 'ERR_INVALID_ARG'],
  ['types of another size', () => BpfMap.fromFd(create().fd, { value: 'u32' }), 'ERR_INVALID_ARG'],
  [
    'an option that does not exist',
    () => BpfMap.fromFd(create().fd, { keys: 4 } as never),
    'ERR_INVALID_ARG',
  ],
])('%s: an error, and no descriptor is left', (_, open, code) => {
  const before = mapDescriptors();
  expect(thrownBy(open)).toHaveProperty('code', code);
  // Its own, and the one that was asked for.
  expect(mapDescriptors() - before).toBe(2 * maps.length);
});

test('a descriptor of something else is refused', () => {
  const file = openSync('/dev/null', 'r');
  const object = BpfObject.open(compileBpf('objects'));
  try {
    object.load();
    for (const fd of [file, object.program('add').fd]) {
      expect(thrownBy(() => BpfMap.fromFd(fd)).message).toMatch(/is not a BPF map/);
    }
  } finally {
    object.close();
    closeSync(file);
  }
});

describe('maps of maps', () => {
  const inner = (value: bigint): BpfMap<number, bigint> =>
    create({ type: 'array', maxEntries: 2 }).set(0, value);

  test.each(['hash_of_maps', 'array_of_maps'])('%s: set by map, read as id, or as map', (type) => {
    const first = inner(11n);
    const outer = create<number, number, BpfMap<number, bigint>>({
      type,
      value: undefined,
      maxEntries: 4,
      innerMap: inner(0n),
    });
    outer.set(1, first);
    const { id } = first.info();
    first.close();
    expect(outer.get(1)).toBe(id);
    expect(new Map([...outer].filter(([, found]) => found !== 0))).toEqual(new Map([[1, id]]));
    const found = keep(BpfMap.fromId<number, bigint>(id, { value: 'u64' }));
    expect(found.get(0)).toBe(11n);
    const again = outer.inner<number, bigint>(1)!;
    keep(again);
    expect(again.get(0)).toBe(11n);
    expect(outer.inner(3)).toBeUndefined();
  });

  test('what is no map, or another kind of map, is refused', () => {
    const outer = create<number, number, unknown>({
      type: 'hash_of_maps',
      value: undefined,
      innerMap: inner(0n),
    });
    for (const wrong of [5, 5n, null, undefined, 'x', {}, { fd: 'x' }]) {
      expect(thrownBy(() => outer.set(1, wrong))).toBeInstanceOf(ArgumentError);
    }
    expect(thrownBy(() => outer.set(1, { fd: -1 })).message).toMatch(/not loaded, or closed/);
    expect(thrownBy(() => outer.set(1, create()))).toMatchObject({ code: 'EINVAL' });
    expect([...outer.keys()]).toEqual([]);
  });

  test('inner() is for them only', () => {
    expect(thrownBy(() => create().inner(1))).toBeInstanceOf(UnsupportedError);
  });
});
