/** However a process ends, with whatever still open, it ends cleanly. */
import { compileBpf } from '../../support/compile';
import { runChild, scriptText } from '../../support/child';
import type { ENDS } from './scripts/exit';

const file = (): string => compileBpf('objects');

test.each<[keyof typeof ENDS, number]>([
  ['falling off the end', 0],
  ['process.exit', 3],
  ['an uncaught exception', 1],
  ['SIGINT, as by Ctrl-C', 4],
  ['close() in an exit handler', 0],
  ['use after close in an exit handler', 5],
])('%s', (end, status) => {
  const result = runChild(scriptText(__dirname, 'exit'), { file: file(), end });
  expect(result.signal).toBeNull();
  expect(result.status).toBe(status);
});

test('everything dropped and collected: the object is closed, the raw view still reads', () => {
  const { stdout, stderr } = runChild(scriptText(__dirname, 'dropped'), { file: file() }, ['--expose-gc']);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({ before: true, after: 0, view: 2, first: '0' });
});

test('a thousand rounds of open, load, attach, read, close leave nothing behind', () => {
  const given = { file: file(), rounds: 1000 };
  const { stdout, stderr } = runChild(scriptText(__dirname, 'rounds'), given, ['--expose-gc']);
  expect(stderr).toBe('');
  const [before, after] = JSON.parse(stdout) as [unknown, unknown];
  expect(after).toEqual(before);
});

test('worker threads: each with an object of its own, ended in every way', () => {
  const { stdout, stderr, signal } = runChild(scriptText(__dirname, 'workers'), {
    file: file(),
    worker: scriptText(__dirname, 'workers-worker'),
    package: require.resolve('../../../dist/index.js'),
  });
  expect(stderr).toBe('');
  expect(signal).toBeNull();
  // terminate() in mid-timer ends with 0 or 1, as the moment has it.
  const codes = JSON.parse(stdout) as number[];
  expect(codes.filter((_, i) => i % 5 !== 3)).toEqual([0, 0, 0, 1, 0, 0, 0, 1]);
  expect([codes[3], codes[8]].every((code) => code === 0 || code === 1)).toBe(true);
});
