/** Projects of every usual kind, on every Node.js that we support: the package is installed, and a BPF program runs. */
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cleanUp, example, NODES, project, readText, run, tool } from './support';

let out = '';
beforeAll(() => {
  out = example();
}, 60_000);
afterAll(cleanUp);

/** Opens an object that somebody linked a library into, sets a variable, loads, attaches, and reads what was counted. */
const program = (file: string): string => `
const object = BpfObject.open(${JSON.stringify(path.join(out, 'agent.linked.bpf.o'))});
const stats = openSubskeleton(object, describe(${JSON.stringify(path.join(out, 'request_stats.bpf.o'))}));
stats.rodata.target_pid.value = process.pid;
object.load();
stats.progs.on_request.attach();
for (let i = 0; i < 100; i++) readFileSync(${file});
console.log(stats.bss.requests.value >= 300n ? 'counted' : 'not counted', typeof stats.bss.last.value.tid);
object.close();
`;
const commonjs = (): string => `
const { readFileSync } = require('node:fs');
const { BpfObject, describe, openSubskeleton } = require('libbpf-subskel');
const { syscallNumber } = require('libbpf-subskel/tools');
if (syscallNumber('read', 'x64') !== 0) throw new Error('no tools');
${program('__filename')}`;
const esm = (): string => `
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { BpfObject, describe, openSubskeleton } from 'libbpf-subskel';
import { syscallNumber } from 'libbpf-subskel/tools';
if (syscallNumber('read', 'x64') !== 0) throw new Error('no tools');
if (createRequire(import.meta.url)('libbpf-subskel').BpfObject !== BpfObject) throw new Error('two packages');
${program('new URL(import.meta.url)')}`;

/** Its user-space half is what the generator wrote, and everything is checked as strictly as tsc can. */
const typescript = (extension: string): Record<string, string> => ({
  'src/request_stats.subskel.ts': readText(path.join(out, 'request_stats.subskel.ts')),
  'src/main.ts': `
import { readFileSync } from 'node:fs';
import { BpfObject } from 'libbpf-subskel';
import { histogram, type Histogram } from 'libbpf-subskel/tools';
import { RequestStats } from './request_stats.subskel${extension}';

const object: BpfObject = BpfObject.open(process.argv[2] ?? '');
const stats = RequestStats.open(object);
stats.rodata.target_pid.value = process.pid;
object.load();
stats.progs.on_request.attach();
for (let i = 0; i < 100; i++) readFileSync(process.argv[1] ?? '');
const requests: bigint = stats.bss.requests.value;
const sizes: Histogram = histogram([1n, 2n]);
if (sizes.total !== 3) throw new Error('no tools');
const tid: number = stats.bss.last.value.tid;
console.log(requests >= 300n ? 'counted' : 'not counted', typeof tid);
object.close();
`,
});

const tsconfig = (module: string, moduleResolution: string): string =>
  JSON.stringify({
    compilerOptions: {
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable'],
      module,
      moduleResolution,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      // Our declarations are looked at, too.
      skipLibCheck: false,
      types: ['node'],
      typeRoots: [path.join(__dirname, '../../node_modules/@types')],
      rootDir: 'src',
      outDir: 'js',
    },
    include: ['src'],
  });

function compile(folder: string): void {
  const [node = '', ...args] = tool('typescript/bin/tsc');
  const { status, stdout } = run(node, [...args, '-p', '.'], folder);
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
}

function bundle(folder: string, entry: string, ...args: string[]): void {
  const [node = '', ...esbuild] = tool('esbuild/bin/esbuild');
  const options = ['--bundle', '--platform=node', '--log-level=warning', ...args];
  const { status, stderr } = run(node, [...esbuild, entry, ...options], folder);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
}

interface Kind {
  readonly name: string;
  /** Makes the project; answers its folder, and what node is to run there. */
  readonly make: (name: string) => readonly [folder: string, ...args: string[]];
  readonly stdout?: RegExp;
}

const KINDS: readonly Kind[] = [
  { name: 'a CommonJS script', make: (name) => [project(name, { 'main.js': commonjs() }), 'main.js'] },
  { name: 'an ESM script', make: (name) => [project(name, { 'main.mjs': esm() }), 'main.mjs'] },
  ...(
    [
      ['node16', 'commonjs', ''],
      ['node16', 'module', '.js'],
      ['nodenext', 'commonjs', ''],
      ['nodenext', 'module', '.js'],
    ] as const
  ).map(([resolution, type, extension]) => ({
    name: `TypeScript, ${resolution}, ${type}`,
    make: (name: string): [string, ...string[]] => {
      const files = { ...typescript(extension), 'tsconfig.json': tsconfig(resolution, resolution) };
      const folder = project(name, files, { type });
      compile(folder);
      return [folder, 'js/main.js', path.join(out, 'agent.linked.bpf.o')];
    },
  })),
  {
    name: 'TypeScript, bundler, by esbuild with the package external',
    make: (name) => {
      const folder = project(name, { ...typescript(''), 'tsconfig.json': tsconfig('esnext', 'bundler') });
      compile(folder);
      bundle(folder, 'src/main.ts', '--format=esm', '--external:libbpf-subskel', '--outfile=out/main.mjs');
      return [folder, 'out/main.mjs', path.join(out, 'agent.linked.bpf.o')];
    },
  },
  {
    name: 'esbuild with everything but the addon inside, in the project',
    make: (name) => {
      const folder = project(name, { 'main.js': commonjs() });
      bundle(folder, 'main.js', '--external:*.node', '--outfile=out/bundle.js');
      return [folder, 'out/bundle.js'];
    },
  },
  {
    name: 'esbuild with everything but the addon inside, carried elsewhere with prebuilds/',
    make: (name) => {
      const folder = project(name, { 'main.js': commonjs() });
      const elsewhere = path.join(folder, '..', `${name}-elsewhere`);
      bundle(folder, 'main.js', '--external:*.node', `--outfile=${path.join(elsewhere, 'bundle.js')}`);
      cpSync(path.join(folder, 'node_modules/libbpf-subskel/prebuilds'), path.join(elsewhere, 'prebuilds'), {
        recursive: true,
      });
      return [elsewhere, 'bundle.js'];
    },
  },
  {
    name: 'a worker thread',
    make: (name) => {
      const main = `
        const { Worker } = require('node:worker_threads');
        for (let i = 0; i < 2; i++) new Worker('./worker.js').on('exit', (code) => console.log('worker', code));`;
      return [project(name, { 'main.js': main, 'worker.js': commonjs() }), 'main.js'];
    },
    stdout: /^(?=(?:.*\n)*worker 0\n)(?:counted number\n|worker 0\n){4}$/,
  },
  {
    name: 'jest',
    make: (name) => {
      const test = commonjs()
        .replace('console.log(', "test('counts', () => expect([")
        .replace(
          'typeof stats.bss.last.value.tid);',
          "typeof stats.bss.last.value.tid]).toEqual(['counted', 'number']));",
        );
      const folder = project(name, {
        'it.test.js': test.replace('object.close();', 'afterAll(() => object.close());'),
      });
      writeFileSync(path.join(folder, 'jest.config.js'), 'module.exports = { rootDir: __dirname };');
      return [
        folder,
        path.join(__dirname, '../../node_modules/jest/bin/jest.js'),
        '--ci',
        '--json',
        '--silent',
      ];
    },
    stdout: /"numPassedTests":1,/,
  },
];

describe.each(KINDS.map((kind, i) => ({ ...kind, folder: `project-${String(i)}` })))(
  '$name',
  ({ make, folder, stdout }) => {
    let made: readonly [string, ...string[]] = [''];
    beforeAll(() => {
      made = make(folder);
    }, 60_000);

    test.each(NODES)(
      'Node.js %s',
      (_, node) => {
        const [cwd, ...args] = made;
        const result = run(node, args, cwd);
        if (stdout === undefined)
          expect(result).toEqual({ status: 0, stderr: '', stdout: 'counted number\n' });
        else expect(result).toMatchObject({ status: 0, stdout: expect.stringMatching(stdout) as string });
      },
      60_000,
    );
  },
);
