/** `build` with library packages: found as Node.js finds packages, linked once, and refused by name. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inspectObject } from '../../../lib/descriptor/read/inspect-object';
import { parseElf } from '../../../lib/elf/elf';
import { builtPackage } from '../../support/built-package';
import { ROOT } from '../../support/compile';

process.env['LIBBPF_SUBSKEL_ADDON'] ??= path.join(ROOT, 'build/Release/libbpf_subskel.node');

let api: typeof import('../../../lib/index');
/** The built one: linking starts a process, which needs JavaScript. */
let runCli: typeof import('../../../lib/cli/run').runCli;

const HASH_C = `#include "hash.h"
int hash_calls;
__attribute__((noinline)) int hash_it(int x) { hash_calls++; return x * 31; }
`;
const LAT_C = `#include <@x/lat/lat.h>
__attribute__((btf_decl_tag("internal"))) int lat_state;
int lat_count, lat_limit = 3;
__attribute__((noinline)) int lat_begin(int key) { lat_count++; return hash_it(key); }
`;
const AGENT_C = `#include "mine.h"
__attribute__((section("raw_tp/sys_enter"))) int on_enter(void *ctx) { return lat_begin(1); }
char LICENSE[] __attribute__((section("license"))) = "GPL";
`;

let made: string;
let folder: string;

const write = (file: string, content: string | object): void => {
  const target = path.join(folder, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, typeof content === 'string' ? content : JSON.stringify(content));
};
const read = (file: string): string => readFileSync(path.join(folder, file), 'utf8');

async function build(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  let stdout = '';
  let stderr = '';
  const status = await runCli(['build', ...args], {
    out: (text) => {
      stdout += text.toString();
      return Promise.resolve();
    },
    err: (text) => {
      stderr += text.toString();
    },
    cwd: folder,
    env: process.env,
  });
  return { status, stdout, stderr };
}

const symbols = (file: string): string[] =>
  parseElf(readFileSync(path.join(folder, file)), file).symbols.map(({ name }) => name);

const AGENT = ['src/agent.bpf.c', '--out', 'out'];

/** The two libraries as they are published; compiled once. */
const PACKAGES = {
  '@x/hash': { version: '2.0.0', exports: './x.js', bpf: { object: 'bpf/hash.bpf.o', include: 'bpf' } },
  '@x/lat': {
    version: '1.2.0',
    dependencies: { '@x/hash': '^2.0.0', 'not-installed': '1' },
    bpf: { object: { [process.arch]: 'bpf/lat.bpf.o' }, include: 'bpf' },
  },
};

function agent(): void {
  write('src/agent.bpf.c', AGENT_C);
  write('src/mine.h', '#include <@x/lat/lat.h>\n');
}

/** Puts a package somewhere as npm does. */
function install(name: string, target: string): void {
  cpSync(path.join(made, name), path.join(folder, target), { recursive: true });
}

function npmLayout(): void {
  install('@x/lat', 'node_modules/@x/lat');
  install('@x/hash', 'node_modules/@x/hash');
}

beforeAll(async () => {
  api = await import(path.join(builtPackage(), 'dist/index.js'));
  ({ runCli } = await import(path.join(builtPackage(), 'dist/cli/run.js')));
  made = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'subskel-made-')));
  folder = made;
  for (const [name, manifest] of Object.entries(PACKAGES))
    write(`${name}/package.json`, { name, ...manifest });
  write('@x/hash/src/hash.h', 'int hash_it(int x);\n');
  write('@x/hash/src/hash.bpf.c', HASH_C);
  write('@x/lat/bpf/lat.h', '#include <@x/hash/hash.h>\nint lat_begin(int key);\n');
  write('@x/lat/src/lat.bpf.c', LAT_C);
  mkdirSync(path.join(made, 'node_modules'), { recursive: true });
  symlinkSync('../@x', path.join(made, 'node_modules/@x'));
  const library = ['--kind', 'subskeleton', '--out'];
  expect(await build('@x/hash/src/hash.bpf.c', ...library, '@x/hash/gen')).toEqual({
    status: 0,
    stdout: '',
    stderr:
      'libbpf-subskel build: hash: wrote @x/hash/bpf/hash.bpf.o, @x/hash/gen/hash.subskel.ts, @x/hash/bpf/hash.h\n',
  });
  // Its own header by its own name, and another library's; the object where the field says, without debug information.
  expect(await build('@x/lat/src/lat.bpf.c', ...library, '@x/lat/gen')).toMatchObject({ status: 0 });
  const elf = parseElf(readFileSync(path.join(made, '@x/lat/bpf/lat.bpf.o')), 'lat');
  expect(elf.sections.filter(({ name, size }) => name.includes('debug') && size > 0)).toEqual([]);
  // The library that it needs is linked into the final object, and not into this one.
  expect(symbols('@x/lat/bpf/lat.bpf.o')).not.toContain('hash_calls');
}, 60_000);

afterAll(() => rmSync(made, { recursive: true, force: true }));

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'subskel-libraries-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('as npm installs: an include is enough, and everything is followed', async () => {
  agent();
  npmLayout();
  expect(await build(...AGENT, '--compile-commands', 'compile_commands.json')).toEqual({
    status: 0,
    stdout: '',
    stderr: 'libbpf-subskel build: agent: wrote out/agent.bpf.o, out/agent.skel.ts\n',
  });
  for (const name of ['lat_begin', 'hash_it', 'lat_count', 'hash_calls'])
    expect(symbols('out/agent.bpf.o').filter((symbol) => symbol === name)).toHaveLength(1);
  for (const file of ['lat/bpf/lat.h', 'lat/bpf/lat.bpf.o', 'lat/package.json', 'hash/bpf/hash.h'])
    expect(read('out/agent.d')).toContain(`${folder}/node_modules/@x/${file} \\\n`);
  // Editors: the same flags, which find the header.
  const flags = (await build(...AGENT, '--print-cflags')).stdout.trim().split(' ');
  const [entry] = JSON.parse(read('compile_commands.json')) as { arguments: string[]; file: string }[];
  expect(entry?.file).toBe(path.join(folder, 'src/agent.bpf.c'));
  expect(entry?.arguments.slice(1, -2)).toEqual(flags);
  expect(existsSync(path.join(flags[flags.indexOf('-isystem') + 1] ?? '', '@x/lat/lat.h'))).toBe(true);
  expect((await build(...AGENT)).stderr).toBe('libbpf-subskel build: agent: up to date\n');
  // An update that npm installs in the same place.
  const before = readFileSync(path.join(folder, 'out/agent.bpf.o'));
  install('@x/hash', 'node_modules/@x/hash');
  cpSync(
    path.join(folder, 'node_modules/@x/hash/bpf/hash.bpf.o'),
    path.join(folder, 'node_modules/@x/lat/bpf/lat.bpf.o'),
  );
  expect((await build(...AGENT)).stderr).toMatch(/symbol 'hash_it' is defined twice/);
  expect(readFileSync(path.join(folder, 'out/agent.bpf.o')).equals(before)).toBe(true);
}, 60_000);

test('as pnpm installs, and in a workspace: links are followed, and each package finds its own', async () => {
  agent();
  install('@x/lat', 'node_modules/.pnpm/@x+lat@1.2.0/node_modules/@x/lat');
  install('@x/hash', 'packages/hash');
  mkdirSync(path.join(folder, 'node_modules/@x'));
  symlinkSync('../.pnpm/@x+lat@1.2.0/node_modules/@x/lat', path.join(folder, 'node_modules/@x/lat'));
  const sibling = path.join(folder, 'node_modules/.pnpm/@x+lat@1.2.0/node_modules/@x/hash');
  symlinkSync('../../../../../packages/hash', sibling);
  // Without a source's own dependency on it, hash is lat's alone.
  expect(await build(...AGENT)).toMatchObject({ status: 0 });
  expect(symbols('out/agent.bpf.o')).toContain('hash_it');
  expect(read('out/agent.d')).toContain(`${folder}/packages/hash/bpf/hash.bpf.o`);
}, 60_000);

test('what is missing is named at build time, with the installed package that has it', async () => {
  npmLayout();
  write('src/agent.bpf.c', `int lat_begin(int key); int nobody(int key);\n${AGENT_C.replace(/.*\n/, '')}`);
  write('src/other.bpf.c', 'int nobody(int key); int use(void) { return nobody(1); }\n');
  // Neither is included, so that only the declarations are there.
  const { status, stderr } = await build(...AGENT, 'src/other.bpf.c', '--name', 'both');
  expect(stderr).toBe(
    [
      "src/agent.bpf.c: function 'lat_begin' is declared, and defined nowhere; @x/lat has it: include its header (#include <@x/lat/…>), or give --link @x/lat",
      "src/other.bpf.c: function 'nobody' is declared, and defined nowhere; link the object or the library that has it, or define it",
      '',
    ]
      .map((line) => (line === '' ? '' : `libbpf-subskel: ${line}`))
      .join('\n'),
  );
  expect(status).toBe(1);
  expect(existsSync(path.join(folder, 'out/both.bpf.o'))).toBe(false);
  write('src/agent.bpf.c', AGENT_C.replace(/.*\n/, 'int lat_begin(int key);\n'));
  // The same file by its path as well: it is linked once.
  const twice = ['node_modules/@x/lat/bpf/lat.bpf.o', '--link', '@x/lat'];
  expect(await build(...AGENT, ...twice)).toMatchObject({ status: 0 });
  expect(symbols('out/agent.bpf.o')).toEqual(expect.arrayContaining(['lat_begin', 'hash_it']));
  // A copy is the same library twice: one line for all of its symbols.
  install('@x/lat', 'copy');
  const doubled = await build(...AGENT, 'copy/bpf/lat.bpf.o', '--link', '@x/lat');
  expect(doubled.stderr).toBe(
    `libbpf-subskel: copy/bpf/lat.bpf.o and ${folder}/node_modules/@x/lat/bpf/lat.bpf.o define the same symbols ` +
      "('lat_begin', 'lat_count', 'lat_limit' and 1 more): is it one library, linked twice? Link one of them; " +
      'what two libraries share by its source is weak in each, or a library of its own\n',
  );
}, 60_000);

test('two versions of one library in one object: an error that names both places', async () => {
  agent();
  npmLayout();
  install('@x/hash', 'node_modules/@x/lat/node_modules/@x/hash');
  // A second copy of the same version is no second version.
  expect(await build(...AGENT, '--link', '@x/hash')).toMatchObject({ status: 0 });
  write('node_modules/@x/hash/package.json', { name: '@x/hash', ...PACKAGES['@x/hash'], version: '3.0.0' });
  const { status, stderr } = await build(...AGENT, '--link', '@x/hash');
  expect(status).toBe(1);
  expect(stderr).toBe(
    `libbpf-subskel: package '@x/hash': is there twice, 2.0.0 in ${folder}/node_modules/@x/lat/node_modules/@x/hash ` +
      `(for node_modules/@x/lat/bpf/lat.h) and 3.0.0 in ${folder}/node_modules/@x/hash (for --link): ` +
      'one object can have one of them; npm dedupe may help, or a version range that fits both\n',
  );
}, 60_000);

test.each<[string, unknown, RegExp]>([
  ['no object', 5, /package '@x\/bad': bpf must be an object, not 5: "bpf": \{.*\(in .*package\.json\)/],
  ['nothing', {}, /bpf is empty/],
  ['a slip of the pen', { objct: 'a' }, /bpf\.objct is not known \(did you mean 'object'\?\)/],
  ['a number', { object: 7 }, /bpf\.object must be a path in the package, not 7/],
  ['out of the package', { include: '../..' }, /bpf\.include must be a path .* leads out of it/],
  ['an absolute path', { object: '/etc/x.o' }, /bpf\.object must be a path .* leads out of it/],
  ['no such architecture', { object: { x99: 'a.o' } }, /bpf\.object\.x99 is for no architecture/],
  ['no architecture', { object: {} }, /bpf\.object names no object/],
  ['another architecture', { object: { mips: 'a.o' } }, /has no object for \w+, only for mips/],
  ['not there', { object: 'a.bpf.o' }, /bpf\.object names .*a\.bpf\.o, and there is no such file: build it/],
  ['no field', undefined, /is no BPF library: its package\.json has no field "bpf" \(in /],
])('a field that is wrong: %s', async (_, bpf, message) => {
  write('node_modules/@x/bad/package.json', { name: '@x/bad', version: '1.0.0', bpf });
  // An object is enough to link with: nothing has to be compiled.
  cpSync(path.join(made, '@x/hash/bpf/hash.bpf.o'), path.join(folder, 'hash.bpf.o'));
  const { status, stderr } = await build('hash.bpf.o', '--out', 'out', '--link', '@x/bad');
  expect(stderr).toMatch(message);
  expect(status).toBe(1);
});

test('the object says which libraries it has, and an error about another version begins with both', async () => {
  agent();
  npmLayout();
  expect(await build(...AGENT)).toMatchObject({ status: 0 });
  const { linkObjects, BpfObject, openSubskeleton, describe: describeObject } = api;
  const object = path.join(folder, 'out/agent.bpf.o');
  // Linkers keep it.
  const again = path.join(folder, 'out/again.bpf.o');
  await linkObjects({ output: again, inputs: [object] });
  for (const file of [object, again]) {
    const elf = parseElf(readFileSync(file), file);
    expect(inspectObject(elf, 'agent').libraries).toEqual([
      { name: '@x/lat', version: '1.2.0' },
      { name: '@x/hash', version: '2.0.0' },
    ]);
  }
  // It costs no map and no section, and kernels take it.
  using opened = BpfObject.open(object);
  expect([...opened.maps.keys()].sort()).toEqual(['.bss', '.data']);
  opened.load();
  const lat = describeObject(path.join(folder, 'node_modules/@x/lat/bpf/lat.bpf.o'));
  const refusal = (changed: Partial<typeof lat>): string => {
    try {
      openSubskeleton(opened, { ...lat, ...changed });
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const newer = lat.variables.map((variable) => ({ ...variable, name: `${variable.name}_2` }));
  const versions = (name: string, version: string): string =>
    refusal({ variables: newer, package: { name, version } }).split('\n')[1] ?? '';
  expect(versions('@x/lat', '1.3.0')).toBe(
    '  the object has @x/lat 1.2.0, this module is of 1.3.0: build the object again',
  );
  expect(versions('@x/top', '1.0.0')).toBe(
    '  the object has @x/lat 1.2.0, @x/hash 2.0.0, and no @x/top; this module is of 1.0.0',
  );
  expect(versions('@x/lat', '1.2.0')).toMatch(/^ {2}variable 'lat_/);
  // Another version that fits is no error.
  expect(refusal({ package: { name: '@x/lat', version: '1.3.0' } })).toBe('');
}, 60_000);

test('a module leaves out what C tags as internal, and what it is told to', async () => {
  expect(readFileSync(path.join(made, '@x/lat/gen/lat.subskel.ts'), 'utf8')).toMatch(
    /package: \{ name: "@x\/lat", version: "1\.2\.0" \}/,
  );
  cpSync(path.join(made, '@x/lat/bpf/lat.bpf.o'), path.join(folder, 'lat.bpf.o'));
  const variables = async (...args: string[]): Promise<string[]> => {
    const result = await build('lat.bpf.o', '-k', 'subskeleton', '--out', 'out', ...args);
    expect(result).toMatchObject({ status: 0, stderr: expect.stringMatching(/wrote/) });
    return [...read('out/lat.subskel.ts').matchAll(/readonly (lat_\w+): \w+Variable/g)].map(
      ([, name]) => name!,
    );
  };
  expect(await variables()).toEqual(['lat_count', 'lat_limit']);
  expect(await variables('--omit', '*_l?mit')).toEqual(['lat_count']);
  const { status, stderr } = await build('lat.bpf.o', '-k', 'subskeleton', '-o', 'out', '--omit', 'lat_limt');
  expect(stderr).toBe('libbpf-subskel: --omit lat_limt: no map, variable or program has such a name\n');
  expect(status).toBe(1);
});

test('not installed, and where Yarn keeps packages in archives', async () => {
  write('src/agent.bpf.c', '#include <@x/gone/gone.h>\n');
  const gone = await build(...AGENT);
  expect(gone.status).toBe(1);
  expect(gone.stderr).toMatch(
    /^libbpf-subskel: src\/agent\.bpf\.c: #include <@x\/gone\/gone\.h>: package '@x\/gone' is not installed \(seen from .*src\): npm install @x\/gone$/m,
  );
  write('.pnp.cjs', '');
  expect((await build(...AGENT)).stderr).toMatch(/Yarn Plug'n'Play .* "nodeLinker: node-modules"/);
});
