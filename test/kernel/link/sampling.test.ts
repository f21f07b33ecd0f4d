/** `program.sample()`: on all CPUs at once, and ended at once. Only this process is counted. */
import {
  ArgumentError,
  BpfError,
  BpfObject,
  kernel,
  type BpfProgram,
  type SampleOptions,
} from '../../../lib';
import { compileBpf } from '../../support/compile';
import { thrownBy } from '../../support/native';

let object: BpfObject;
let program: BpfProgram;
beforeEach(() => {
  object = BpfObject.open(compileBpf('attach'));
  for (const { name } of object.programs.values())
    object.program(name).autoload = ['on_perf_event', 'on_raw_tp'].includes(name);
  object.section('.rodata').variables.get('target_pid')!.write(process.pid);
  object.load();
  program = object.program('on_perf_event');
});
afterEach(() => object.close());

const variable = (name: string): bigint => object.section('.bss').variables.get(name)!.value as bigint;
function spin(): bigint {
  const before = variable('hits');
  const end = Date.now() + 200;
  while (Date.now() < end);
  return variable('hits') - before;
}

test('a link per CPU; the program runs about so often, with its cookie; one close ends it all', () => {
  const sampling = program.sample({ frequency: 499, cookie: 7n });
  expect(sampling.links).toHaveLength(kernel.onlineCpus.length);
  expect(object.links).toEqual(sampling.links);
  // 100 on an idle machine.
  const hits = spin();
  expect(hits).toBeGreaterThan(2n);
  expect(hits).toBeLessThan(300n);
  expect([variable('cookie'), sampling.closed]).toEqual([7n, false]);
  sampling.close();
  sampling.close();
  expect([sampling.closed, object.links.length, spin()]).toEqual([true, 0, 0n]);
});

test('with a period, of another event; ended with its object', () => {
  const sampling = program.sample({ event: 'task_clock', period: 2_000_000 });
  expect(spin()).toBeGreaterThan(2n);
  expect(sampling.links.every(({ closed }) => closed)).toBe(false);
  object.close();
  expect(sampling.closed).toBe(true);
  expect(() => sampling.close()).not.toThrow();
});

test.each<[unknown, RegExp]>([
  [{}, /options must be with a frequency or a period/],
  [{ event: 'cpu_clock' }, /frequency or a period/],
  [{ frequency: 9, period: 9 }, /exclude each other/],
  [{ frequency: 9, cpu: 0 }, /cpu is not an option/],
  [{ frequency: 9, event: 'cpu_clok' }, /'cpu_clock'/],
  [undefined, /options must be an object/],
])('refuses %p', (options, message) => {
  expect(() => program.sample(options as SampleOptions)).toThrow(ArgumentError);
  expect(() => program.sample(options as SampleOptions)).toThrow(message);
});

test('where it cannot be attached, nothing is left', () => {
  const other = object.program('on_raw_tp');
  expect(thrownBy(() => other.sample({ frequency: 99 }))).toBeInstanceOf(BpfError);
  expect(object.links).toEqual([]);
});
