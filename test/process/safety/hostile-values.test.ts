/** Values that are not what they say, and descriptors that are somebody else's by now. */
import { runChild, scriptText } from '../../support/child';
import type { CASES } from './scripts/hostile-values';

test.each<keyof typeof CASES>([
  'the number of a map that a user has closed, and that has become a larger map',
  'a class that extends Uint8Array and lies about its length',
  'an object that calls itself a Uint8Array cannot run code between key and value',
  'a size that is another one each time it is asked for',
  'a Proxy of bytes is no bytes',
])('%s', (name) => {
  const { stderr, status, signal } = runChild(
    scriptText(__dirname, 'hostile-values'),
    { name },
    [],
    [],
    20_000,
  );
  expect({ stderr, status, signal }).toEqual({ stderr: '', status: 0, signal: null });
});
