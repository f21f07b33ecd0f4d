/** The examples of docs/programs.md compile, in one module after the other, and name what there is. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BpfProgram } from '../../../lib';
import { ATTACH_KINDS } from '../../../lib/runtime/attach/attach-kinds';
import { PROGRAMS } from '../../fuzz/recipes/programs';
import { ROOT } from '../../support/compile';
import { typeErrors } from '../../support/type-check';

const page = readFileSync(path.join(ROOT, 'docs/programs.md'), 'utf8');
const blocks = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1] ?? '');

test('the examples compile', () => {
  expect(blocks.length).toBeGreaterThan(6);
  // Imports stand at the beginning of a module.
  const imports = blocks.flatMap((block) => [...block.matchAll(/^import .*$/gm)].map(([line]) => line));
  const [first = '', ...rest] = blocks.map((block) => block.replace(/^import .*$/gm, ''));
  const text = `${imports.join('\n')}\n${first}\nexport async function examples(): Promise<void> {\n${rest.join('\n')}\nvoid [sampling, hook, pinned, statistics, filtered];\n}\n`;
  expect(typeErrors(new Map([['programs.ts', text]]))).toEqual([]);
});

const methods = Object.getOwnPropertyNames(BpfProgram.prototype).filter((name) => /^attach[A-Z]/.test(name));

test('each way to attach is a method, has a recipe for random calls, and no other method attaches', () => {
  expect(Object.keys(ATTACH_KINDS).sort()).toEqual([...methods].sort());
  expect(methods.filter((name) => !(`BpfProgram.${name}` in PROGRAMS) && name !== 'attachLsm')).toEqual([]);
});

test.each(Object.entries(ATTACH_KINDS))(
  'the table has %s, and the kernel that it needs',
  (name, { needs }) => {
    const row = new RegExp(`^\\| \`${name}\\((?:.|\\\\\\|)*?\\) ?\`.*\\| ([^|]*)\\|$`, 'm').exec(page);
    expect([name, row?.[1]?.split(/[,;]/)[0]?.trim()]).toEqual([name, needs.kernel]);
    // Options that a distribution's kernel may lack; the table leaves out those that all have.
    for (const option of row?.[1]?.match(/CONFIG_\w+/g) ?? []) expect(needs.config).toContain(option);
  },
);
