import { cpuList } from '../../../lib/util/online-cpus';

test.each([
  ['0', [0]],
  ['0-3\n', [0, 1, 2, 3]],
  ['0-1,4,6-7', [0, 1, 4, 6, 7]],
  ['', []],
  ['3-1', []],
  ['none', []],
  ['1-x', []],
])('the list %j', (text, cpus) => {
  expect(cpuList(text)).toEqual(cpus);
});
