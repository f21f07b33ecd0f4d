import { readFileSync } from 'node:fs';
import { BpfObject } from '../../../lib';
import { compileBpf } from '../../support/compile';

let object: BpfObject;
beforeEach(() => {
  object = BpfObject.open(compileBpf('objects'));
});
afterEach(() => object.close());

const total = (): bigint => object.section('.bss').variables.get('total')!.value as bigint;
/** System calls of our own: what on_enter counts. */
const makeCalls = (): void => {
  for (let i = 0; i < 20; i++) readFileSync('/dev/null');
};

test('attach, detach by close(), attach again', () => {
  object.load();
  const program = object.program('on_enter');
  const link = program.attach();
  expect(link.fd).toBeGreaterThan(0);
  expect(object.links).toEqual([link]);
  const before = total();
  makeCalls();
  expect(total()).toBeGreaterThan(before);

  link.close();
  link.close();
  expect(link.fd).toBe(-1);
  expect(object.links).toEqual([]);
  const detached = total();
  makeCalls();
  expect(total()).toBe(detached);

  program.attach();
  makeCalls();
  expect(total()).toBeGreaterThan(detached);
});

test('the object keeps links that nobody holds', () => {
  object.load();
  object.program('on_enter').attach();
  globalThis.gc?.();
  const before = total();
  makeCalls();
  expect(total()).toBeGreaterThan(before);
});

test('a program whose section names nothing to attach by', () => {
  object.load();
  expect(() => object.program('add').attach()).toThrow(
    expect.objectContaining({ syscall: 'bpf_program__attach' }),
  );
});

test('attach before load says so', () => {
  expect(() => object.program('on_enter').attach()).toThrow(/load/);
});

test('autoload off: the program is not in the kernel', () => {
  const program = object.program('on_packet');
  expect(program.autoload).toBe(true);
  program.autoload = false;
  object.load();
  expect(program.fd).toBe(-1);
  expect(() => program.attach()).toThrow();
  expect(object.program('add').fd).toBeGreaterThan(0);
});

test('testRun with a packet', () => {
  object.load();
  const data = new Uint8Array(64).fill(7);
  const result = object.program('on_packet').testRun({ data, repeat: 3 });
  expect(result.retval).toBe(2);
  expect(result.data).toEqual(data);
  expect(result.duration).toBeGreaterThanOrEqual(0);
});

test.each([
  ['an unknown option', { input: 1 }, /input is not an option/],
  ['data that are no bytes', { data: 'x' }, /data must be a Uint8Array/],
  ['a negative repeat', { repeat: -1 }, /repeat/],
  ['room for data without data', { dataSizeOut: 5 }, /needs options.data/],
])('testRun: %s', (_, options, message) => {
  object.load();
  expect(() => object.program('on_packet').testRun(options as never)).toThrow(message);
});

test('what a program says of itself', () => {
  expect(object.program('on_enter')).toMatchObject({ name: 'on_enter', section: 'raw_tp/sys_enter', fd: -1 });
  expect(object.program('on_enter').instructionCount).toBeGreaterThan(3);
});
