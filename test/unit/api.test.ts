/** What users see: docs/api.txt has it all, so that a change of it shows up in review. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../support/compile';

test('docs/api.txt is as the sources are; if the change is meant: npm run api', () => {
  // In a process of its own: jest would keep TypeScript in memory for all the tests after it.
  const script = `process.stdout.write(require(${JSON.stringify(path.join(ROOT, 'scripts/api-text.cjs'))}).apiText(${JSON.stringify(ROOT)}))`;
  const text = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8', maxBuffer: 16 << 20 });
  const kept = readFileSync(path.join(ROOT, 'docs/api.txt'), 'utf8');
  if (text !== kept)
    throw new Error(
      `docs/api.txt is out of date. Look at what has changed, then type: npm run api\n${difference(kept, text)}`,
    );
}, 300_000);

/** The lines that are in one of them only. */
function difference(before: string, after: string): string {
  const [old, now] = [before, after].map((text) => new Set(text.split('\n')));
  const only = (lines: Set<string> | undefined, other: Set<string> | undefined, sign: string): string[] =>
    [...(lines ?? [])].filter((line) => other?.has(line) !== true).map((line) => sign + line);
  return [...only(old, now, '- '), ...only(now, old, '+ ')].slice(0, 40).join('\n');
}
