/** Test runs whose context is an object, encoded and decoded by BTF. */
import {
  ArgumentError,
  BpfObject,
  NotFoundError,
  ValueRangeError,
  BPF_F_TEST_RUN_ON_CPU,
} from '../../../lib';
import { compileBpf } from '../../support/compile';
import { thrownBy } from '../../support/native';

let object: BpfObject;
beforeEach(() => {
  object = BpfObject.open(compileBpf('attach'));
  for (const program of object.programs.values()) {
    program.autoload = ['with_context', 'with_no_type', 'on_tc', 'on_raw_tp'].includes(program.name);
  }
  object.load();
});
afterEach(() => object.close());

interface Args {
  readonly in: number;
  readonly out?: bigint;
  readonly text?: unknown;
}

test.each([['by default'], ['struct args']])('a struct of the program, %s', (contextType) => {
  const { retval, context } = object.program('with_context').testRun<Args>({
    context: { in: 21, text: 'ab' },
    ...(contextType === 'by default' ? {} : { contextType }),
  });
  expect(retval).toBe(22);
  expect(context).toMatchObject({ in: 21, out: -42n });
  expect((context.text as { string: string }).string).toBe('bb');
});

test('bytes in, bytes out', () => {
  const given = new Uint8Array(24);
  given[0] = 3;
  const { context } = object.program('with_context').testRun({ context: given });
  expect(new DataView(context.buffer).getBigInt64(8, true)).toBe(-6n);
  expect(given[16]).toBe(0);
});

test('the context of the kernel: struct __sk_buff', () => {
  const { context, retval } = object.program('on_tc').testRun({
    data: new Uint8Array(64),
    context: { mark: 7, priority: 1 },
    contextType: 'struct __sk_buff',
  });
  expect(retval).toBe(0);
  expect(context).toMatchObject({ mark: 7, priority: 1, len: 0 });
});

test('on a CPU', () => {
  const program = object.program('on_raw_tp');
  const context = new Uint8Array(16);
  expect(program.testRun({ context, flags: BPF_F_TEST_RUN_ON_CPU, cpu: 0 }).retval).toBe(0);
  expect(
    thrownBy(() => program.testRun({ context, flags: BPF_F_TEST_RUN_ON_CPU, cpu: 99_999 })),
  ).toMatchObject({
    code: 'ENXIO',
    syscall: 'bpf_prog_test_run_opts',
  });
});

test.each([
  ['a member that is not there', 'with_context', { context: { inn: 1 } }, ArgumentError, /did you mean 'in'/],
  ['a value that does not fit', 'with_context', { context: { in: -1 } }, ValueRangeError, /\.in/],
  ['no type to go by', 'with_no_type', { context: { a: 1 } }, ArgumentError, /contextType is needed/],
  [
    'a type that is not there',
    'with_context',
    { context: {}, contextType: 'struct arg' },
    NotFoundError,
    /has no type 'struct arg'/,
  ],
])('%s', (_, program, options, Class, message) => {
  const error = thrownBy(() => object.program(program).testRun(options));
  expect(error).toBeInstanceOf(Class);
  expect(error.message).toMatch(message);
});
