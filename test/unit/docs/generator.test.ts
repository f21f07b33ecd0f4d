/** docs/generator.md says what the command line does. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { COMMANDS } from '../../../lib/cli/catalogue';
import { parseCommandLine } from '../../../lib/cli/command/parse';
import { splitWords } from '../../../lib/compile/clang';
import { ROOT } from '../../support/compile';

const DOCS = readFileSync(path.join(ROOT, 'docs/generator.md'), 'utf8');

/** The part of the page below a heading of the second level. */
function section(title: string): string {
  const start = DOCS.indexOf(`\n## ${title}\n`);
  const end = DOCS.indexOf('\n## ', start + 1);
  return start < 0 ? '' : DOCS.slice(start, end < 0 ? undefined : end);
}

test.each(COMMANDS.map((command) => [command.path.join(' '), command] as const))(
  '%s is documented, with every option',
  (title, command) => {
    const text = section(title);
    expect(text).not.toBe('');
    for (const form of command.usage) expect(text + section('completion')).toContain(form.split('|')[0]);
    // `gen skeleton` takes those of `gen subskeleton`; commands without options of their own need no table.
    const page = text + (title === 'gen skeleton' ? section('gen subskeleton') : '');
    for (const [option, { short }] of Object.entries(command.options)) {
      if (option === 'help' && Object.keys(command.options).length === 1) continue;
      expect(page).toContain(`\`--${option}`);
      if (short !== undefined && !page.includes(`\`-${short}\``)) {
        throw new Error(`${title}: -${short} is not documented`);
      }
    }
  },
);

test('every option that is documented exists', () => {
  const known = new Set(COMMANDS.flatMap(({ options }) => Object.keys(options)));
  const documented = [...DOCS.matchAll(/^\| (?:`-\w`, )?(`--.*?) \|/gm)].flatMap((row) =>
    [...(row[1] ?? '').matchAll(/--([\w-]+)/g)].map((match) => match[1] ?? ''),
  );
  expect(documented.length).toBeGreaterThan(20);
  expect(documented.filter((option) => !known.has(option))).toEqual([]);
});

const packageJson = JSON.parse(/```json\n([^]*?)```/.exec(DOCS)?.[1] ?? '{}') as {
  scripts: Record<string, string>;
};
const examples = [
  ...COMMANDS.flatMap((command) => command.examples),
  ...Object.values(packageJson.scripts),
].filter((line) => line.startsWith('libbpf-subskel '));

test.each(examples)('the command line is accepted: %s', (line) => {
  const words = splitWords(line.split(' > ')[0] ?? '').slice(1);
  const command = COMMANDS.find(({ path: own }) => own.every((word, i) => words[i] === word));
  if (command === undefined) throw new Error('no such command');
  const io = { out: () => Promise.resolve(), err: () => {}, cwd: '/', env: {} };
  expect(() => parseCommandLine(words.slice(command.path.length), command, io)).not.toThrow();
});
