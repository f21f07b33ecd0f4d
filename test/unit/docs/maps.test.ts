/** The examples of docs/maps.md compile; the page names every method of BpfMap, and has the rows of lib/uapi. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { BpfMap } from '../../../lib';
import { ROOT } from '../../support/compile';
import { mapTypesTable } from '../../support/map-types-table';
import { typeErrors } from '../../support/type-check';

const FILE = path.join(ROOT, 'docs/maps.md');
const page = readFileSync(FILE, 'utf8');

test('the examples compile', () => {
  const blocks = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1] ?? '');
  expect(blocks).toHaveLength(4);
  expect(typeErrors(new Map(blocks.map((text, i) => [`maps${String(i)}.ts`, text])))).toEqual([]);
});

const functionsOf = (prototype: object): string[] =>
  Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .filter(([, { value }]) => typeof value === 'function')
    .map(([name]) => name);

test('the page names what there is', () => {
  const methods = Object.getOwnPropertyNames(BpfMap);
  let prototype: unknown = BpfMap.prototype;
  for (; prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype)) {
    methods.push(...functionsOf(prototype as object));
  }
  const names = methods.filter((name) => !/^(constructor|prototype|length|name)$/.test(name));
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => !page.includes(`${name}(`))).toEqual([]);
});

test('the table of map types is that of lib/uapi (npm run golden writes it)', async () => {
  const table = /(?<=<!-- map types -->\n\n).*?(?=\n<!-- end -->)/s;
  const expected = await mapTypesTable();
  if (process.env['UPDATE_GOLDEN'] === '1')
    writeFileSync(
      FILE,
      page.replace(table, () => expected),
    );
  else expect(table.exec(page)?.[0]).toBe(expected);
});
