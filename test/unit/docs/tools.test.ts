/** The code of docs/tools.md runs, prints what the page shows, and the page names everything that the module has. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as tools from '../../../lib/tools';
import { ROOT } from '../../support/compile';

const page = readFileSync(path.join(ROOT, 'docs/tools.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, text = '']) => text);

test('its code runs, and prints what it shows', () => {
  const code = blocks('js').join('').replace('every(1000', 'every(1');
  // By the package's own name: the exports of package.json are tried, too.
  const stdout = execFileSync(process.execPath, ['-e', code], { cwd: ROOT, encoding: 'utf8' });
  expect(stdout.split('\n96 ')[0]).toBe(blocks('text')[0]);
  expect(stdout).toMatch(/turn 1\nturn 2\nturn 3\nclean up here\n$/);
});

test('it names what there is', () => {
  expect(Object.keys(tools).filter((name) => !page.includes(`${name}(`))).toEqual([]);
});
