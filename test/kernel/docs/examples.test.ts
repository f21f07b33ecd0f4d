/** What README shows is what runs: its code blocks are the examples, and the examples work. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../support/compile';

const EXAMPLE = path.join(ROOT, 'examples/request-stats');

beforeAll(() => {
  execFileSync('bash', ['build'], { cwd: EXAMPLE, stdio: 'pipe' });
});

test.each(['README.md', 'docs/events.md'])(
  'each code block of %s that names an example is that file',
  (page) => {
    const readme = readFileSync(path.join(ROOT, page), 'utf8');
    const blocks = [...readme.matchAll(/<!-- example: (\S+) -->\n\n```\w+\n([\s\S]*?)```/g)];
    expect(blocks.length).toBeGreaterThan(0);
    for (const [, file, code] of blocks) expect(code).toBe(readFileSync(path.join(ROOT, file!), 'utf8'));
  },
);

test('the first script', () => {
  const script = path.join(EXAMPLE, 'first.js');
  const stdout = execFileSync(process.execPath, [script], {
    cwd: path.join(EXAMPLE, 'out'),
    encoding: 'utf8',
  });
  // Newer Node.js names its threads: MainThread, V8Worker.
  expect(stdout).toMatch(/^true\n[\w-]+\n$/);
});

test('the demo shows live values of the library in both objects, from the same code', () => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['out/js/main.js', 'out/agent.linked.bpf.o', 'out/watcher.linked.bpf.o'],
    { cwd: EXAMPLE, encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const [agent, watcher] = stdout.split(/^(?=\S)/m) as [string, string];
  expect(agent).toMatch(/^agent\.linked\.bpf\.o/);
  expect(watcher).toMatch(/^watcher\.linked\.bpf\.o/);
  const number = (text: string, name: string): number =>
    Number(new RegExp(`^ *${name} +(\\d+)$`, 'm').exec(text)?.[1]);
  // At least the hundred writes; in the watcher, which overrides the weak default, each counts twice.
  expect(number(agent, 'request_weight')).toBe(1);
  expect(number(agent, 'requests')).toBeGreaterThanOrEqual(100);
  expect(number(watcher, 'request_weight')).toBe(2);
  expect(number(watcher, 'requests')).toBeGreaterThanOrEqual(200);
  for (const text of [agent, watcher]) expect(text).toMatch(/last +#\d+ syscall \d+ by '[\w-]+'/);
});

describe('examples/events', () => {
  const EVENTS = path.join(ROOT, 'examples/events');
  const run = (script: string): string =>
    execFileSync(process.execPath, [path.join(EVENTS, script)], {
      cwd: path.join(EVENTS, 'out'),
      encoding: 'utf8',
      timeout: 30_000,
    });

  beforeAll(() => {
    execFileSync('bash', ['build'], { cwd: EVENTS, stdio: 'pipe' });
  });

  test('a slow reader: the BPF side counts what found no room', () => {
    expect(run('slow.js')).toMatch(/^true [\w-]+\ntrue\n$/);
  });

  test('batches', () => {
    expect(run('batches.js')).toBe('true true\n');
  });

  test('NDJSON', () => {
    const lines = run('ndjson.js').trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect(JSON.parse(line)).toEqual({
        time_ns: expect.stringMatching(/^\d+$/),
        pid: expect.any(Number),
        comm: expect.stringMatching(/^[\w-]+$/),
      });
    }
  });
});
