/** The command line, command by command: what it writes, what it says, and its exit status. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { COMMANDS } from '../../../lib/cli/catalogue';
import { corpusObject } from '../../support/corpus';
import { cli, withFolder } from '../../support/run-cli';

const OBJECT = corpusObject('maps_typed');
const RECORDS = corpusObject('records');

/** Arguments, exit status, and what standard error says. */
const errors: readonly [string, string[], number, RegExp][] = [
  ['nothing', [], 2, /^Usage: libbpf-subskel COMMAND/],
  ['a group alone', ['gen'], 2, /^Usage: libbpf-subskel gen COMMAND/],
  ['a command that is not there', ['gne'], 2, /unknown command 'gne'.*\nTry 'libbpf-subskel --help'/],
  ['a slip of the pen', ['bild'], 2, /unknown command 'bild' \(did you mean 'build'\?\)/],
  [
    'a subcommand that is not there',
    ['gen', 'subskelton'],
    2,
    /unknown 'gen' command 'subskelton' \(did you mean 'subskeleton'\?\)/,
  ],
  ['an option before the command', ['--nope'], 2, /unknown option '--nope'/],
  [
    'an unknown option',
    ['gen', 'skeleton', OBJECT, '--nmae', 'x'],
    2,
    /unknown option '--nmae' \(did you mean '--name'\?\)/,
  ],
  ['an unknown short option', ['gen', 'skeleton', OBJECT, '-x'], 2, /unknown option '-x'/],
  ['an option without its value', ['gen', 'skeleton', OBJECT, '--name'], 2, /'--name' needs a value: NAME/],
  [
    'an option whose value is forgotten',
    ['gen', 'skeleton', OBJECT, '--out', '--check'],
    2,
    /'--out' needs a value, and '--check' looks like an option/,
  ],
  ['an empty value', ['gen', 'skeleton', OBJECT, '--name='], 2, /'--name' needs a value/],
  ['a flag with a value', ['gen', 'skeleton', OBJECT, '--embed=yes'], 2, /'--embed' takes no value/],
  [
    'a wrong choice',
    ['gen', 'skeleton', OBJECT, '--check', 'all'],
    2,
    /'--check' is layout or size or off, not 'all'/,
  ],
  ['no file', ['gen', 'subskeleton'], 2, /which FILE\?/],
  ['two files and one output', ['gen', 'subskeleton', OBJECT, RECORDS], 2, /several FILEs need --out-dir/],
  [
    'two files and one name',
    ['gen', 'subskeleton', OBJECT, RECORDS, '--out-dir', 'd', '--name', 'x'],
    2,
    /one name cannot serve/,
  ],
  [
    'two files of one name',
    ['gen', 'subskeleton', OBJECT, OBJECT, '--out-dir', 'd'],
    2,
    /would both be written to/,
  ],
  [
    'two outputs',
    ['gen', 'subskeleton', OBJECT, '--out-dir', 'd', '--out', 'x.ts'],
    2,
    /--out and --out-dir exclude/,
  ],
  ['two names', ['gen', 'subskeleton', OBJECT, 'name', 'a', '--name', 'b'], 2, /both 'name a' and --name/],
  ['name without a name', ['gen', 'subskeleton', OBJECT, 'name'], 2, /a NAME must follow 'name'/],
  ['a bad name', ['gen', 'subskeleton', OBJECT, '--name', 'a-b'], 2, /'a-b' is no name/],
  [
    'JavaScript to standard output',
    ['gen', 'subskeleton', OBJECT, '--lang', 'js'],
    2,
    /--lang js writes two files/,
  ],
  [
    'JavaScript with a wrong extension',
    ['gen', 'subskeleton', OBJECT, '--lang', 'js', '-o', 'x.ts'],
    2,
    /a \.js, \.mjs or \.cjs file/,
  ],
  [
    'embedded and not',
    ['gen', 'skeleton', OBJECT, '--embed', '--object', 'x.o'],
    2,
    /--embed and --object exclude/,
  ],
  [
    'an option of skeletons only',
    ['gen', 'subskeleton', OBJECT, '--object', 'x.o'],
    2,
    /unknown option '--object'/,
  ],
  [
    'a file that is not there',
    ['gen', 'subskeleton', 'gone.bpf.o'],
    1,
    /^libbpf-subskel: gone\.bpf\.o: no such file or directory \(ENOENT\)\n$/,
  ],
  [
    'a folder',
    ['gen', 'subskeleton', '/'],
    1,
    /^libbpf-subskel: \/: illegal operation on a directory \(EISDIR\)\n$/,
  ],
  ['not ELF', ['gen', 'subskeleton', __filename], 1, /is not an ELF file/],
  ['ELF, but not BPF', ['gen', 'subskeleton', process.execPath], 1, /is for machine \d+, not for BPF/],
  ['an empty file', ['gen', 'subskeleton', '/dev/null'], 1, /\/dev\/null: is empty/],
  [
    'a type that is not there',
    ['gen', 'subskeleton', RECORDS, '-t', 'struct requets'],
    1,
    /no type 'struct requets' \(did you mean 'struct request'\?\)/,
  ],
  [
    'an output folder that is not there',
    ['gen', 'subskeleton', OBJECT, '-o', '/nonexistent/x.ts'],
    1,
    /cannot write \/nonexistent\/x\.ts: no such file or directory \(ENOENT\)/,
  ],
  [
    'an output that is a folder',
    ['gen', 'subskeleton', OBJECT, '-o', '/'],
    1,
    /cannot write \/: .*\(EISDIR\)/,
  ],
  [
    'an output below a file',
    ['gen', 'subskeleton', OBJECT, '-o', `${OBJECT}/x.ts`],
    1,
    /cannot write .*\(ENOTDIR\)/,
  ],
  ['linking nothing', ['gen', 'object'], 2, /which OUTPUT\?/],
  ['linking into something nothing', ['gen', 'object', 'out.o'], 2, /Give at least one INPUT/],
  ['linking what is not there', ['gen', 'object', 'out.o', 'gone.o'], 1, /gone\.o: there is no such file/],
  ['linking what is not BPF', ['gen', 'object', 'out.o', process.execPath], 1, /not for BPF/],
  ['vmlinux with a file', ['gen', 'vmlinux', 'x'], 2, /the file is given with --btf/],
  [
    'vmlinux from a file that is not there',
    ['gen', 'vmlinux', '--btf', '/gone'],
    1,
    /^libbpf-subskel: \/gone: no such file/,
  ],
  ['inspecting nothing', ['inspect'], 2, /which FILE\?/],
  [
    'inspecting what is not there',
    ['inspect', 'gone.bpf.o'],
    1,
    /^libbpf-subskel: gone\.bpf\.o: no such file/,
  ],
  ['inspecting what is not BPF', ['inspect', process.execPath], 1, /not for BPF/],
  ['building nothing', ['build'], 2, /which SOURCE\?/],
  [
    'building over an input',
    ['build', 'x.bpf.o'],
    2,
    /'x\.bpf\.o' would be overwritten, and is to be linked: give --out or --name/,
  ],
  ['linking an object as a package', ['build', 'x.bpf.c', '-l', 'a.o'], 2, /'a\.o' is an object/],
  [
    'linking into a library',
    ['build', 'x.bpf.c', '-k', 'subskeleton', '-l', 'a'],
    2,
    /--link is for final objects/,
  ],
  [
    'building for an unknown machine',
    ['build', 'x.bpf.c', '-o', 'd', '--arch', 'z80'],
    2,
    /--arch is one of x86, arm64/,
  ],
  ['completion for no shell', ['completion'], 2, /which shell\? bash, zsh or fish/],
  ['completion for an unknown shell', ['completion', 'tcsh'], 2, /not 'tcsh'/],
];

test.each(errors)('%s: an error', async (_, args, status, message) => {
  await withFolder(async (folder) => {
    const result = await cli(args, folder);
    expect(result.stderr).toMatch(message);
    expect(result).toMatchObject({ status, stdout: '' });
    if (status === 1) expect(result.stderr).toMatch(/^(?:libbpf-subskel[^\n]*\n)+$/);
    // Neither the file that was asked for, nor the temporary one.
    expect(readdirSync(folder).filter((file) => file !== 'd')).toEqual([]);
  });
});

const paths = COMMANDS.map(({ path: words }) => words);

test.each([[], ['gen'], ...paths].map((words) => [words.join(' '), words] as const))(
  '%s --help',
  async (_, words) => {
    const help = await cli([...words, '--help']);
    expect(help).toMatchObject({ status: 0, stderr: '' });
    expect(help.stdout).toMatch(/^Usage: libbpf-subskel /);
    expect(help.stdout).toMatch(/\nExamples:\n {2}\S/);
    for (const line of help.stdout.split('\n').filter((one) => !/^ {2}(?:libbpf|source)/.test(one))) {
      expect(line.length).toBeLessThanOrEqual(100);
    }
    const command = COMMANDS.find((one) => one.path.join(' ') === words.join(' '));
    for (const option of Object.keys(command?.options ?? {})) expect(help.stdout).toContain(`--${option}`);
    expect(await cli(['help', ...words])).toEqual(help);
  },
);

test('the version', async () => {
  const { version } = JSON.parse(readFileSync(path.join(__dirname, '../../../package.json'), 'utf8')) as {
    version: string;
  };
  expect(await cli(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
});

test.each<[string, string[], RegExp]>([
  ['by option', [OBJECT, '--name', 'my_lib'], /export interface MyLib extends Subskeleton /],
  ["bpftool's form", [OBJECT, 'name', 'my_lib'], /export interface MyLib extends Subskeleton /],
  ['by the file', [OBJECT], /export interface MapsTyped extends Subskeleton /],
  ['and a check', [OBJECT, '--check=size'], /\{ check: "size" \},\n/],
  ['and the default check', [OBJECT, '--check', 'layout'], /\}\);\n$/],
  ['the last one counts', [OBJECT, '-n', 'a', '-n', 'b'], /export interface B extends/],
  [
    'a type by its bare name',
    [RECORDS, '-t', 'request', '--type', 'body'],
    /export interface body<Int64 = bigint> /,
  ],
  ['an enum that a type reaches', [RECORDS, '-t', 'struct request'], /export const outcome = \{/],
])('gen subskeleton, %s', async (_, args, expected) => {
  const result = await cli(['gen', 'subskeleton', ...args]);
  expect(result).toMatchObject({ status: 0, stderr: '' });
  expect(result.stdout).toMatch(expected);
});

test("bpftool's abbreviations", async () => {
  const [full, short] = [await cli(['gen', 'skeleton', OBJECT]), await cli(['gen', 'skel', OBJECT])];
  expect(short).toEqual(full);
  expect((await cli(['gen', 's', OBJECT])).stderr).toMatch(/unknown 'gen' command 's'/);
});

test('several files in one go', async () => {
  await withFolder(async (folder) => {
    const result = await cli(['gen', 'subskeleton', OBJECT, RECORDS, '--out-dir', 'a/b'], folder);
    expect(result).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(readdirSync(path.join(folder, 'a/b'))).toEqual(['maps_typed.subskel.ts', 'records.subskel.ts']);
    const single = await cli(['gen', 'subskeleton', RECORDS]);
    expect(readFileSync(path.join(folder, 'a/b/records.subskel.ts'), 'utf8')).toBe(single.stdout);
  });
});

test('one bad file of several: the others are written, and the status says that it is not all', async () => {
  await withFolder(async (folder) => {
    writeFileSync(path.join(folder, 'bad.bpf.o'), 'x');
    const result = await cli(['gen', 'skeleton', 'bad.bpf.o', OBJECT, 'gone.o', '--out-dir', 'd'], folder);
    expect(result.status).toBe(1);
    expect(result.stderr.trim().split('\n')).toEqual([
      expect.stringContaining('bad.bpf.o: is not an ELF file'),
      expect.stringContaining('gone.o: no such file'),
    ]);
    expect(readdirSync(path.join(folder, 'd'))).toEqual(['maps_typed.skel.ts']);
  });
});

test.each([
  ['x.js', 'x.d.ts', /^exports\.X = /m],
  ['x.cjs', 'x.d.cts', /^exports\.X = /m],
  ['x.mjs', 'x.d.mts', /^export const X = /m],
])('JavaScript to %s has its types in %s', async (js, dts, expected) => {
  await withFolder(async (folder) => {
    const result = await cli(['gen', 'subskeleton', OBJECT, '-n', 'x', '--lang', 'js', '-o', js], folder);
    expect(result).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(readdirSync(folder).sort()).toEqual([dts, js].sort());
    expect(readFileSync(path.join(folder, js), 'utf8')).toMatch(expected);
    expect(readFileSync(path.join(folder, dts), 'utf8')).toMatch(
      /^export declare const X: SubskeletonFactory<X>;$/m,
    );
  });
});

test.each([
  ['module', /from: import\.meta\.url/],
  ['commonjs', /from: __filename/],
])('the nearest package.json ("type": %j) tells the module format', async (type, expected) => {
  await withFolder(async (folder) => {
    mkdirSync(path.join(folder, 'src/deep'), { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ type }));
    const args = ['gen', 'skeleton', OBJECT, '--object', '../x.o', '-o', 'src/deep/x.ts'];
    expect(await cli(args, folder)).toMatchObject({ status: 0 });
    expect(readFileSync(path.join(folder, 'src/deep/x.ts'), 'utf8')).toMatch(expected);
    expect(
      (await cli(['gen', 'skeleton', OBJECT, '--object', 'x.o', '--module', 'esm'], folder)).stdout,
    ).toMatch(/import\.meta\.url/);
  });
});

describe('the output', () => {
  test('replaces a file, and keeps its mode', async () => {
    await withFolder(async (folder) => {
      const file = path.join(folder, 'x.ts');
      writeFileSync(file, 'old', { mode: 0o600 });
      expect(await cli(['gen', 'subskeleton', OBJECT, '-o', 'x.ts'], folder)).toMatchObject({ status: 0 });
      expect(readFileSync(file, 'utf8')).toContain('export interface MapsTyped');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readdirSync(folder)).toEqual(['x.ts']);
    });
  });

  test('goes through a link, which stays one', async () => {
    await withFolder(async (folder) => {
      writeFileSync(path.join(folder, 'real.ts'), 'old');
      symlinkSync('real.ts', path.join(folder, 'link.ts'));
      expect(await cli(['gen', 'subskeleton', OBJECT, '-o', 'link.ts'], folder)).toMatchObject({ status: 0 });
      expect(readlinkSync(path.join(folder, 'link.ts'))).toBe('real.ts');
      expect(readFileSync(path.join(folder, 'real.ts'), 'utf8')).toContain('export interface MapsTyped');
    });
  });

  test('never replaces a device', async () => {
    expect(await cli(['gen', 'subskeleton', OBJECT, '-o', '/dev/null'])).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test('is not touched by a failure', async () => {
    await withFolder(async (folder) => {
      writeFileSync(path.join(folder, 'x.ts'), 'old');
      expect(await cli(['gen', 'subskeleton', RECORDS, '-t', 'nope', '-o', 'x.ts'], folder)).toMatchObject({
        status: 1,
      });
      expect(readFileSync(path.join(folder, 'x.ts'), 'utf8')).toBe('old');
    });
  });

  test("'-' is standard output", async () => {
    await withFolder(async (folder) => {
      const result = await cli(['gen', 'subskeleton', OBJECT, '-o', '-'], folder);
      expect(result.stdout).toContain('export interface MapsTyped');
      expect(existsSync(path.join(folder, '-'))).toBe(false);
    });
  });
});
