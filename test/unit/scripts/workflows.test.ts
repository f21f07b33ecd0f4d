/** The workflows can't run here: what can be held is that each step of theirs is a script that is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../../support/compile';

interface Step {
  readonly run?: string;
  readonly uses?: string;
}
interface Job {
  readonly steps?: readonly Step[];
  readonly uses?: string;
  readonly permissions?: Readonly<Record<string, string>>;
}
interface Workflow {
  readonly name: string;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = path.join(ROOT, '.github/workflows');
const workflows = readdirSync(FOLDER).map((file): [string, Workflow] => [
  file,
  parse(readFileSync(path.join(FOLDER, file), 'utf8')) as Workflow,
]);

test('the workflows', () => {
  expect(workflows.map(([file]) => file).sort()).toEqual(['ci.yml', 'prebuild.yml', 'release.yml']);
});

describe.each(workflows)('%s', (_, workflow) => {
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps ?? []);

  test('every step is a script of ours, or an action of GitHub pinned by its commit', () => {
    for (const { run, uses } of steps) {
      if (uses !== undefined) expect(uses).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
      else expect(run).toMatch(/^(sudo )?(bash|node) (scripts\/[\w.-]+|\.ci\/run)( [^\n;&|]*)?$/);
    }
    const scripts = steps.flatMap(({ run }) => /(scripts\/[\w.-]+|\.ci\/run)/.exec(run ?? '')?.[0] ?? []);
    expect(scripts.filter((script) => !existsSync(path.join(ROOT, script)))).toEqual([]);
  });

  test('a workflow that is called is there', () => {
    for (const { uses } of jobs) if (uses !== undefined) expect(existsSync(path.join(ROOT, uses))).toBe(true);
  });

  test('nothing may write, except what publishes', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    const writing = Object.entries(workflow.jobs).filter(([, job]) => job.permissions !== undefined);
    expect(writing.map(([name]) => `${workflow.name}/${name}`)).toEqual(
      workflow.name === 'release' ? ['release/publish'] : [],
    );
  });
});

test("the matrix has the same Node.js versions as the package's own tests, and the same targets as the script", () => {
  const text = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
  expect(text('.github/workflows/ci.yml')).toContain('node: [20, 22, 24, 26]');
  const { dependencies } = JSON.parse(text('test/support/runtimes/package.json')) as { dependencies: object };
  expect(Object.keys(dependencies).filter((name) => /^node\d/.test(name))).toEqual([
    'node22',
    'node24',
    'node26',
  ]);
  const targets = /target: \[(.*)\]/.exec(text('.github/workflows/prebuild.yml'))?.[1]?.split(', ') ?? [];
  expect(targets).toHaveLength(4);
  for (const target of targets) expect(text('scripts/prebuild')).toContain(`[${target}]=`);
});

test('dependencies are updated wherever there are some', () => {
  const { updates } = parse(readFileSync(path.join(ROOT, '.github/dependabot.yml'), 'utf8')) as {
    updates: readonly { directories?: readonly string[] }[];
  };
  const folders = updates.flatMap(({ directories }) => directories ?? []);
  expect(folders.filter((folder) => !existsSync(path.join(ROOT, folder, 'package-lock.json')))).toEqual([]);
  expect(folders).toHaveLength(3);
});
