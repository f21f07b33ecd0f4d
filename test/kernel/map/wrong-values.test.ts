/** Values of no sense where the public API takes a thing of its own: an ArgumentError, which names them, and nothing else. */
import {
  ArgumentError,
  BpfMap,
  BpfObject,
  DescriptorError,
  queryAttached,
  validateDescriptor,
} from '../../../lib';
import type { BpfMap as AnyMap, SharedMapToken } from '../../../lib';
import { compileBpf } from '../../support/compile';
import { detached } from '../../support/bad-arguments';
import { thrownBy } from '../../support/native';

const SENSELESS: readonly unknown[] = [
  null,
  7.5,
  'x',
  {},
  Symbol('s'),
  Object.create(null),
  detached(),
  () => 1,
];

let object: BpfObject;
let hash: AnyMap;
beforeAll(() => {
  object = BpfObject.open(compileBpf('objects'));
  object.load();
  hash = BpfMap.create({ type: 'hash', key: 'u32', value: 'u64', maxEntries: 4 });
});
afterAll(() => {
  object.close();
  hash.close();
});

const CALLS: readonly (readonly [string, (value: never) => unknown])[] = [
  ['object.attachStructOps', (value) => object.attachStructOps(value)],
  ['program.attachSockmap', (value) => object.program('on_enter').attachSockmap(value)],
  ['program.attachIter', (value) => object.program('on_enter').attachIter({ map: value })],
  ['queryAttached', (value) => queryAttached([value] as never, 'xdp')],
  ['map.setMany', (value) => hash.setMany(value)],
  ['map.deleteMany', (value) => hash.deleteMany(value)],
  ['map.withInt64', (value) => hash.withInt64(value)],
  ['BpfMap.openShared', (value) => BpfMap.openShared(value)],
];

test.each(CALLS)('%s', (name, call) => {
  // What is an iterable has elements that make no sense; that of an empty one there is none.
  for (const value of SENSELESS.filter((each) => !name.endsWith('Many') || !ArrayBuffer.isView(each))) {
    const error = thrownBy(() => call(value as never));
    expect({ value, error }).toEqual({ value, error: expect.any(ArgumentError) });
  }
});

test('a shared handle with something else for BTF', () => {
  const handle = object.map('points').share();
  for (const btf of SENSELESS.filter((each) => !ArrayBuffer.isView(each))) {
    expect(thrownBy(() => BpfMap.openShared({ ...handle, btf } as SharedMapToken))).toBeInstanceOf(
      ArgumentError,
    );
  }
});

test('a descriptor whose version is no number', () => {
  for (const version of SENSELESS) {
    expect(thrownBy(() => validateDescriptor({ version }))).toBeInstanceOf(DescriptorError);
  }
});

test('the map of a data section, opened without its object, is bytes: the kernel has a list of variables for its type', () => {
  const { map } = object.section('.data');
  const again = BpfMap.fromFd<number, Uint8Array>(map.fd);
  try {
    expect(again.valueType).toBeUndefined();
    expect([...(again.get(0) ?? [])]).toEqual([...(map.get(0) as Uint8Array)]);
  } finally {
    again.close();
  }
});
