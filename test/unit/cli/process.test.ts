/** The command as a process: pipes, exit statuses, and no addon anywhere near the generator. */
import { spawnSync, execFileSync, type SpawnSyncReturns } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { COMMANDS } from '../../../lib/cli/catalogue';
import { cliScript } from '../../support/built-package';
import { corpusNames, corpusObject } from '../../support/corpus';
import { withFolder } from '../../support/run-cli';

const NO_ADDON = { ...process.env, LIBBPF_SUBSKEL_ADDON: '/nonexistent' };

function run(args: readonly string[], cwd?: string): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, ['--no-addons', cliScript(), ...args], {
    encoding: 'utf8',
    env: NO_ADDON,
    cwd,
    maxBuffer: 64 << 20,
  });
}

test('all objects of the corpus, without the addon', () => {
  withFolder((folder) => {
    const objects = corpusNames().map(corpusObject);
    expect(run(['inspect', ...objects], folder)).toMatchObject({ status: 0, stderr: '' });
    expect(run(['gen', 'subskeleton', ...objects, '--out-dir', 'sub'], folder)).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(run(['gen', 'skeleton', ...objects, '--out-dir', 'skel'], folder)).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(readdirSync(path.join(folder, 'sub'))).toHaveLength(objects.length);
    expect(readdirSync(path.join(folder, 'skel'))).toHaveLength(objects.length);
    const one = run(['gen', 'subskeleton', objects[0] ?? '']);
    const [first = ''] = readdirSync(path.join(folder, 'sub'));
    expect(readFileSync(path.join(folder, 'sub', first), 'utf8')).toBe(one.stdout);
  });
});

test('linking without the addon says what is missing', () => {
  withFolder((folder) => {
    const { status, stderr } = run(['gen', 'object', 'out.o', corpusObject('btf_ints')], folder);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^libbpf-subskel: .*\/nonexistent/);
    expect(readdirSync(folder)).toEqual([]);
  });
});

test.each([
  [['gen', 'subskeleton', corpusObject('maps_plain')], 0],
  [['gen', 'subskeleton', 'gone.o'], 1],
  [['gen', 'subskeleton'], 2],
  [['--help'], 0],
])('the exit status of %j is %i', (args, status) => {
  expect(run(args).status).toBe(status);
});

test('a large module goes through a pipe whole', () => {
  const { stdout } = run(['gen', 'skeleton', corpusObject('large')]);
  expect(stdout.length).toBeGreaterThan(200_000);
  expect(stdout).toMatch(/\}\);\n$/);
});

test('a reader that goes away: no message, no success', () => {
  // The shell's pipe holds a fourth of it, so that the writer is never done before the reader has gone.
  const script = '"$@" | head -c 1 >/dev/null; exit ${PIPESTATUS[0]}';
  const { status, stderr } = spawnSync(
    'bash',
    ['-c', script, 'bash', process.execPath, cliScript(), 'gen', 'skeleton', corpusObject('large')],
    { encoding: 'utf8', env: NO_ADDON },
  );
  expect(stderr).toBe('');
  expect(status).toBe(141);
});

test('a full disk is told', () => {
  const { status, stderr } = spawnSync(
    'sh',
    [
      '-c',
      `"${process.execPath}" "${cliScript()}" gen subskeleton "${corpusObject('maps_plain')}" > /dev/full`,
    ],
    {
      encoding: 'utf8',
      env: NO_ADDON,
    },
  );
  expect(stderr).toMatch(
    /^libbpf-subskel: .*: cannot write standard output: no space left on device \(ENOSPC\)\n$/,
  );
  expect(status).toBe(1);
});

describe('completion', () => {
  const script = (shell: string): string => run(['completion', shell]).stdout;

  test.each(['bash', 'zsh', 'fish'])('%s knows every command and option', (shell) => {
    const text = script(shell);
    for (const { path: words, options } of COMMANDS) {
      for (const word of words) expect(text).toContain(word);
      for (const option of Object.keys(options))
        expect(text).toMatch(new RegExp(shell === 'fish' ? `-l ${option}\\b` : `--${option}\\b`));
    }
  });

  /** What bash would offer for the last word. */
  const offers = (words: readonly string[], cwd?: string): string[] => {
    const setup = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${String(words.length - 1)}`;
    const text = `${script('bash')}\n${setup}; _libbpf_subskel; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', text], { encoding: 'utf8', cwd })
      .split('\n')
      .filter((line) => line !== '')
      .sort();
  };

  test.each<[string[], string[]]>([
    [[''], ['--help', 'build', 'build-addon', 'completion', 'doctor', 'gen', 'inspect', 'run']],
    [['gen', 'sk'], ['skeleton']],
    [['gen', 'subskeleton', '--in'], ['--int64']],
    [
      ['gen', 'subskeleton', '--lang', ''],
      ['js', 'ts'],
    ],
    [['gen', 'subskeleton', 'x.o', '--check', 's'], ['size']],
    [['build', '-k', 'n'], ['none']],
    [
      ['completion', ''],
      ['bash', 'fish', 'zsh'],
    ],
    [['gen', 'skeleton', 'a.b'], ['a.bpf.o']],
    [['build', 'a.b'], ['a.bpf.c']],
    [['inspect', ''], ['a.bpf.o']],
  ])('bash, after %j', (words, expected) => {
    withFolder((folder) => {
      execFileSync('touch', ['a.bpf.o', 'a.bpf.c', 'b.txt'], { cwd: folder });
      expect(offers(['libbpf-subskel', ...words], folder)).toEqual(expected);
    });
  });
});
