/** openSubskeleton: wrong arguments, and what closing means. */
import {
  ArgumentError,
  BpfObject,
  describe as describeObject,
  DescriptorError,
  openSubskeleton,
} from '../../../lib';
import { compileBpf } from '../../support/compile';

let object: BpfObject;
const descriptor = describeObject(compileBpf('objects'));
beforeEach(() => {
  object = BpfObject.open(compileBpf('objects'));
});
afterEach(() => object.close());

test.each([
  ['no object', () => [undefined, descriptor], ArgumentError, /object must be a BpfObject/],
  ['a path instead of an object', () => ['x.bpf.o', descriptor], ArgumentError, /object must be a BpfObject/],
  ['no descriptor', () => [object], DescriptorError, /descriptor/],
  [
    'a descriptor of another version',
    () => [object, { ...descriptor, version: 99 }],
    DescriptorError,
    /version/,
  ],
  ['a descriptor of the wrong shape', () => [object, { ...descriptor, maps: 7 }], DescriptorError, /maps/],
  [
    'an unknown option',
    () => [object, descriptor, { chek: 'off' }],
    ArgumentError,
    /options\.chek is not an option/,
  ],
  [
    'a check that there is not',
    () => [object, descriptor, { check: 'some' }],
    ArgumentError,
    /options\.check/,
  ],
  [
    'optional that is no list',
    () => [object, descriptor, { optional: 'x' }],
    ArgumentError,
    /options\.optional/,
  ],
])('%s', (_, args, kind, message) => {
  const open = (): unknown => (openSubskeleton as (...args: unknown[]) => unknown)(...args());
  expect(open).toThrow(kind);
  expect(open).toThrow(message);
});

test('closing a subskeleton leaves the object, its variables and other subskeletons alone', () => {
  const first = openSubskeleton(object, descriptor) as any;
  const second = openSubskeleton(object, descriptor) as any;
  const { step } = first.rodata;
  first.close();
  first.close();
  for (const group of ['rodata', 'bss', 'maps', 'progs']) {
    expect(() => first[group]).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
  }
  step.value = 3;
  expect(second.rodata.step.value).toBe(3);
});

test('after the object is closed nothing can be opened on it, and nothing of it used', () => {
  const part = openSubskeleton(object, descriptor) as any;
  object.close();
  expect(() => openSubskeleton(object, descriptor)).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
  expect(() => part.rodata.step.value).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
  expect(() => part.maps.points.get(1)).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
});

test('groups are closed to assignment: a variable is set by its value', () => {
  const part = openSubskeleton(object, descriptor) as any;
  expect(() => (part.rodata.step = 5)).toThrow(TypeError);
  expect(() => (part.rodata.misspelt = 5)).toThrow(TypeError);
});
