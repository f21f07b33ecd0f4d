/** Layouts that no compiler made, in each place where users can give one: refused by name, and no text of them is run. */
import { BpfMap, BpfObject, DescriptorError, RingBuffer, SharedSection } from '../../../lib';
import { compileBpf } from '../../support/compile';
import { thrownBy } from '../../support/native';

let object: BpfObject;
let map: BpfMap;
let ring: BpfMap;
beforeAll(() => {
  object = BpfObject.open(compileBpf('objects'));
  object.load();
  map = BpfMap.create({ type: 'hash', key: 'u64', value: 16, maxEntries: 4 });
  ring = BpfMap.create({ type: 'ringbuf', key: 0, value: 0, maxEntries: 4096 });
});
afterAll(() => {
  object.close();
  map.close();
  ring.close();
});

const ran: string[] = [];
Object.assign(globalThis, { forgedLayoutRan: ran });
const CODE = "(globalThis.forgedLayoutRan.push('it'), false)";

/** 16 bytes, as the values of the map. */
const wide = (signed: unknown): unknown => ({ kind: 'int', spelling: 'wide', size: 16, signed });
const struct = (type: unknown, place: object = {}): unknown => ({
  kind: 'struct',
  spelling: 'struct s',
  size: 16,
  members: [{ name: 'a', type, bitOffset: 0, bitSize: 0, declaration: '', tags: [], ...place }],
});

/** The places, with the path that errors name. */
const PLACES: readonly (readonly [string, string, (layout: never) => unknown])[] = [
  [
    'BpfMap.create',
    'options.value',
    (value) => BpfMap.create({ type: 'hash', key: 4, value, maxEntries: 1 }),
  ],
  ['BpfMap.fromFd', 'options.value', (value) => BpfMap.fromFd(map.fd, { value })],
  ['BpfMap.fromId', 'options.value', (value) => BpfMap.fromId(map.info().id, { value })],
  ['BpfMap.openShared', 'shared.value', (value) => BpfMap.openShared({ ...map.share(), value })],
  ['RingBuffer', 'options.type', (type) => new RingBuffer(ring, { type })],
  [
    'a tag',
    'options.type.types["1"]',
    (type) => new RingBuffer(ring, { type: { tag: 'a', types: { 1: type } } }),
  ],
  ['map.records', 'options.type', (type) => ring.records(type)],
];

const FORGED: readonly (readonly [string, unknown, string])[] = [
  ['a negative offset', struct(wide(false), { bitOffset: -8 }), '.members[0].bitOffset'],
  ['an offset that is code', struct(wide(false), { bitOffset: CODE }), '.members[0].bitOffset'],
  ['a size that is code', struct({ ...(wide(false) as object), size: CODE }), '.members[0].type.size'],
  ['a member behind the end', struct(wide(false), { bitOffset: 8 }), '.members[0]'],
  ['no member type', struct(undefined), '.members[0].type'],
];

describe.each(PLACES)('%s', (_, name, open) => {
  test.each(FORGED)('refuses %s', (_what, layout, field) => {
    const error = thrownBy(() => open(layout as never));
    expect(error).toBeInstanceOf(DescriptorError);
    expect((error as DescriptorError).path).toBe(`${name}${field}`);
  });

  test('a struct inside itself', () => {
    const layout = struct(undefined) as { members: { type: unknown }[] };
    layout.members[0]!.type = layout;
    expect(thrownBy(() => open(layout as never))).toBeInstanceOf(DescriptorError);
  });
});

test('a flag is compared, never run', () => {
  for (const layout of [
    wide(CODE),
    struct(wide(CODE)),
    struct(wide(CODE), { bitOffset: 4, bitSize: 100 }),
    { kind: 'array', spelling: '', size: 16, length: 1, element: wide(CODE) },
  ]) {
    using made = BpfMap.create({ type: 'array', value: layout as never, maxEntries: 1 });
    made.get(0);
    using again = BpfMap.fromFd(made.fd, { value: layout as never });
    again.set(0, again.get(0));
  }
  using reader = new RingBuffer(ring, { type: struct(wide(CODE)) as never });
  reader.consume();
  expect(ran).toEqual([]);
});

test('what has been handed out cannot be changed: neither the layout of a type nor that of a shared map', () => {
  using typed = BpfMap.create({ type: 'hash', key: 'u64', value: 'u64', maxEntries: 4 });
  const { value } = typed.share();
  expect(Object.isFrozen(value)).toBe(true);
  const point = object.btf.type('struct point').layout;
  if (point.kind !== 'struct') throw new Error('expected a struct');
  for (const held of [point, point.members, point.members[0], point.members[0]?.type]) {
    expect(Object.isFrozen(held)).toBe(true);
  }
});

test('a shared section reads its handle once', () => {
  const handle = object.section('.data').share();
  let reads = 0;
  const sly = Object.defineProperty({ ...handle }, 'size', { get: () => (reads++ === 0 ? handle.size : -1) });
  using section = SharedSection.open(sly);
  expect(section.size).toBe(handle.size);
});
