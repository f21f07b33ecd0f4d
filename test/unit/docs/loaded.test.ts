/** The example of docs/loaded.md compiles, and the page names every way to find something. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { LoadedObject } from '../../../lib';
import { ROOT } from '../../support/compile';
import { typeErrors } from '../../support/type-check';

const page = readFileSync(path.join(ROOT, 'docs/loaded.md'), 'utf8');

test('the example compiles', () => {
  const blocks = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map(([, text = '']) => text);
  expect(blocks).toHaveLength(1);
  expect(typeErrors(new Map([['loaded.ts', blocks[0]!]]))).toEqual([]);
});

test('it names what there is', () => {
  const ways = Object.getOwnPropertyNames(LoadedObject).filter((name) => name.startsWith('from'));
  expect(ways).toHaveLength(4);
  expect(ways.filter((name) => !page.includes(`LoadedObject.${name}(`))).toEqual([]);
});
