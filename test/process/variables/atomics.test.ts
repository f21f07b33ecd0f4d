/** Atomics: no update is lost between BPF programs and several JavaScript threads on the same words. */
import { compileBpf } from '../../support/compile';
import { runChild, scriptText } from '../../support/child';

const PACKAGE = require.resolve('../../../dist/index.js');

test('three JavaScript threads and two BPF runners count the same words up', () => {
  const rounds = 200_000;
  const { stdout, stderr } = runChild(scriptText(__dirname, 'atomics'), {
    file: compileBpf('atomics'),
    worker: scriptText(__dirname, 'atomics-worker'),
    rounds,
    package: PACKAGE,
  });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual(new Array(5).fill(String(5 * rounds)));
});

test('polling a variable in a tight loop sees what the kernel changes', () => {
  const { stdout, stderr } = runChild(scriptText(__dirname, 'poll'), {
    file: compileBpf('atomics'),
    worker: scriptText(__dirname, 'poll-worker'),
    package: PACKAGE,
  });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({ done: 1, hot: true });
});
