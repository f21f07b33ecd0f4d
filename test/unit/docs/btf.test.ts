/** The programs of docs/btf.md and docs/kernel.md compile as a user's do. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../support/compile';
import { typeErrors } from '../../support/type-check';

test.each(['btf', 'kernel'])(
  'docs/%s.md',
  (page) => {
    const text = readFileSync(path.join(ROOT, 'docs', `${page}.md`), 'utf8');
    const blocks = [...text.matchAll(/```ts\n([^]*?)```/g)].map((match) => match[1] ?? '');
    expect(blocks.length).toBeGreaterThan(2);
    const modules = new Map(blocks.map((block, index) => [`${page}-${String(index)}.ts`, block]));
    expect(
      typeErrors(modules).filter((error) => !/declared but its value is never read/.test(error)),
    ).toEqual([]);
  },
  60_000,
);
