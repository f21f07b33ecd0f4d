/** The examples of docs/programs.md compile, in one module after the other, and name what there is. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BpfProgram } from '../../../lib';
import { ROOT } from '../../support/compile';
import { typeErrors } from '../../support/type-check';

const page = readFileSync(path.join(ROOT, 'docs/programs.md'), 'utf8');
const blocks = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1] ?? '');

test('the examples compile', () => {
  expect(blocks.length).toBeGreaterThan(6);
  // Imports stand at the beginning of a module.
  const imports = blocks.flatMap((block) => [...block.matchAll(/^import .*$/gm)].map(([line]) => line));
  const [first = '', ...rest] = blocks.map((block) => block.replace(/^import .*$/gm, ''));
  const text = `${imports.join('\n')}\n${first}\nexport async function examples(): Promise<void> {\n${rest.join('\n')}\nvoid [hook, pinned, statistics];\n}\n`;
  expect(typeErrors(new Map([['programs.ts', text]]))).toEqual([]);
});

test('the table has each way to attach', () => {
  const members = new Set<string>();
  for (
    let at: object | null = BpfProgram.prototype;
    at !== null;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    for (const name of Object.getOwnPropertyNames(at)) members.add(name);
  }
  const ways = [...members].filter((name) => /^attach[A-Z]/.test(name));
  expect(ways.filter((name) => !page.includes(`| \`${name}(`))).toEqual([]);
});
