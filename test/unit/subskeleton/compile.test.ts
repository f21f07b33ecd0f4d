/** What is compiled from a descriptor is what was validated, whatever the descriptor says later. */
import type { StructType } from '../../../lib/btf/layout/layout-model';
import { DescriptorError } from '../../../lib/errors';
import { compileDescriptor } from '../../../lib/subskeleton/compile';

const given = () => ({
  version: 1,
  name: 'lib',
  byteOrder: 'little',
  maps: [] as object[],
  programs: [],
  variables: [{ name: 'v', section: '.data', type: 'struct s', size: 4, c: 'struct s v' }],
  functions: [],
  ksyms: [],
  structOps: [],
  types: {
    int: { kind: 'int', size: 4, signed: true },
    'struct s': { kind: 'struct', size: 4, members: [{ name: 'a', type: 'int', offset: 0 }] },
  },
});

/** Says `first` when it is validated, `then` from then on. */
function changing(target: object, key: string, first: unknown, then: unknown): void {
  let reads = 0;
  Object.defineProperty(target, key, { enumerable: true, get: () => (reads++ === 0 ? first : then) });
}

test('a getter that answers differently the second time is asked once', () => {
  const descriptor = given();
  const [variable] = descriptor.variables;
  changing(variable as object, 'size', 4, 1);
  changing(descriptor.types['struct s'], 'size', 4, -8);
  changing(descriptor.types['struct s'].members[0] as object, 'offset', 0, 1e9);
  const { variables } = compileDescriptor(descriptor);
  expect(variables[0]?.description.size).toBe(4);
  const { size, members } = variables[0]?.type as StructType;
  expect([size, members[0]?.bitOffset]).toEqual([4, 0]);
});

test('what its owner changes later changes nothing that was compiled', () => {
  const descriptor = given();
  const library = compileDescriptor(descriptor);
  (descriptor.variables[0] as { size: number }).size = 1;
  expect(library.variables[0]?.description.size).toBe(4);
  expect(compileDescriptor(descriptor)).toBe(library);
  expect(() => (library.descriptor.name = 'other')).toThrow(TypeError);
});

test('types called as what every object inherits', () => {
  const descriptor = given();
  const types = JSON.parse('{"__proto__": {"kind": "int", "size": 4}}') as object;
  const [variable] = descriptor.variables;
  const { variables } = compileDescriptor({
    ...descriptor,
    types,
    variables: [{ ...variable, type: '__proto__' }],
  });
  expect(variables[0]?.type).toMatchObject({ kind: 'int', size: 4 });
});

describe('without an end', () => {
  const endless = (): object => ({
    get inner() {
      return endless();
    },
  });
  test.each([
    ['getters that go on', endless],
    ['an array of a billion', () => new Array(1e9)],
    [
      'what contains itself',
      () => {
        const self: { inner?: object } = {};
        self.inner = self;
        return self;
      },
    ],
  ])('%s', (_, make) => {
    const descriptor = given();
    descriptor.maps.push({ name: 'm', inner: make() });
    expect(() => compileDescriptor(descriptor)).toThrow(DescriptorError);
  });
});
