/** kconfig externs of every kind, and kernel symbols, as `describe` and a subskeleton show them. */
import { BpfObject, describe as describeObject, openSubskeleton } from '../../../lib';
import { compileBpf } from '../../support/compile';

const KCONFIG = `
CONFIG_SUBSKEL_BOOL=y
CONFIG_SUBSKEL_TRISTATE=m
CONFIG_SUBSKEL_INT=-42
CONFIG_SUBSKEL_BIG=0x123456789ab
CONFIG_SUBSKEL_CHAR=n
CONFIG_SUBSKEL_STRING="hello"
`;

const rows: [string, unknown][] = [
  ['CONFIG_SUBSKEL_BOOL', true],
  ['CONFIG_SUBSKEL_TRISTATE', 2],
  ['CONFIG_SUBSKEL_INT', -42],
  ['CONFIG_SUBSKEL_BIG', 0x123456789abn],
  ['CONFIG_SUBSKEL_CHAR', 'n'.charCodeAt(0)],
  ['CONFIG_SUBSKEL_ABSENT', 0],
  ['CONFIG_BPF_SYSCALL', true],
];

let object: BpfObject;
let kconfig: Record<string, { value: any; readonly: boolean; type: string }>;

beforeAll(() => {
  object = BpfObject.open(compileBpf('kconfig'), { kconfig: KCONFIG });
  kconfig = openSubskeleton(object, describeObject(compileBpf('kconfig')))['kconfig'] as never;
});
afterAll(() => object.close());

test.each(rows)('%s before load: known after load()', (name) => {
  expect(() => kconfig[name]!.value).toThrow(
    expect.objectContaining({ code: 'ERR_NOT_LOADED', message: expect.stringMatching(/known after load/) }),
  );
});

describe('after load', () => {
  beforeAll(() => object.load());

  test.each(rows)('%s is %p', (name, value) => {
    expect(kconfig[name]!.value).toBe(value);
    expect(kconfig[name]!.readonly).toBe(true);
  });

  test('a string', () => {
    expect(kconfig['CONFIG_SUBSKEL_STRING']!.value.string).toBe('hello');
  });

  test('the BPF side sees the same', () => {
    object.program('use').testRun();
    const { variables } = object.section('.bss');
    expect(variables.get('sum')!.value).toBe(1n + 2n - 42n + 0x123456789abn + 110n + 0n + 1n + 1n);
    expect(variables.get('seen_string')!.value).toBe(BigInt('h'.charCodeAt(0)));
  });

  test('nobody writes them', () => {
    expect(() => (kconfig['CONFIG_SUBSKEL_INT']!.value = 1)).toThrow(
      expect.objectContaining({ code: 'ERR_READ_ONLY' }),
    );
  });
});

test('kernel symbols are in the descriptor as such, weak ones marked; variables they are not', () => {
  const descriptor = describeObject(compileBpf('kconfig'));
  expect(descriptor.ksyms.map(({ name, kind, weak }) => [name, kind, weak]).sort()).toEqual([
    ['init_nsproxy', 'variable', true],
    ['no_such_kernel_symbol', 'variable', true],
    ['no_such_kfunc', 'function', true],
  ]);
  expect(descriptor.variables.map(({ name }) => name)).not.toContain('init_nsproxy');
});
