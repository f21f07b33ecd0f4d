/** What is in the tarball, and whether its package.json says the truth about it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { cleanUp, pack, tool } from './support';
import { ROOT } from '../support/compile';

afterAll(cleanUp);

const lines = (file: string): string[] => readFileSync(path.join(ROOT, file), 'utf8').trim().split('\n');

/** Everything that may be in it. */
const EXPECTED: readonly RegExp[] = [
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|SECURITY\.md|THIRD_PARTY_NOTICES\.md)$/,
  /^docs\/[a-z-]+\.(md|txt)$/,
  // The library, and its types.
  /^dist\/(tools\/)?index\.(mjs|d\.mts)$/,
  /^dist\/([a-z-]+\/){0,3}[a-z0-9-]+\.(js|d\.ts)$/,
  // For BPF programs.
  /^include\/bpf\/(bpf_helpers|bpf_helper_defs|bpf_tracing|bpf_core_read|bpf_endian|usdt\.bpf)\.h$/,
  /^prebuilds\/linux-(x64|arm64)\/libbpf-subskel\.(glibc|musl)\.node$/,
  // For `libbpf-subskel build-addon`.
  /^binding\.gyp$/,
  /^src\/(sources\.txt|exports\.map)$/,
  /^src\/([a-z]+\/)?[a-z_]+\.(cc|h)$/,
  /^deps\/(flags\.gypi|(libbpf|elfutils|zlib)\/(VERSION|(libbpf|elfutils|zlib)\.gyp)|elfutils\/config\.h)$/,
  /^scripts\/(build-native|copy-headers|debian-archive|fetch-deps)$/,
];

const files = (): string[] => pack().files.map(({ path: file }) => file);

test('nothing else is in it', () => {
  expect(files().filter((file) => !EXPECTED.some((pattern) => pattern.test(file)))).toEqual([]);
});

test('every kind of file is in it', () => {
  expect(EXPECTED.filter((pattern) => !files().some((file) => pattern.test(file)))).toEqual([]);
});

test('all four binaries, all headers, and every source of the addon', () => {
  const all = new Set(files());
  expect([...all].filter((file) => file.endsWith('.node'))).toHaveLength(4);
  expect([...all].filter((file) => file.startsWith('include/'))).toHaveLength(6);
  expect(lines('src/sources.txt').filter((file) => !all.has(file))).toEqual([]);
});

test('nothing of dist/ is left over from a file that is gone', () => {
  const built = files().filter((file) => /^dist\/.*\.js$/.test(file));
  const gone = built.filter(
    (file) => !existsSync(path.join(ROOT, file.replace(/^dist/, 'lib').replace(/js$/, 'ts'))),
  );
  expect(gone).toEqual([]);
});

test('it is small', () => {
  const sizes = pack().files.map(({ size }) => size);
  expect(Math.max(...sizes)).toBeLessThan(1_000_000);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(6_500_000);
});

test('installing runs nothing: no script, and no binding.gyp that npm makes one of', () => {
  const { scripts, gypfile } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
    gypfile: boolean;
  };
  const hooks = [
    'preinstall',
    'install',
    'postinstall',
    'prepare',
    'preprepare',
    'postprepare',
    'prepack',
    'prepublish',
  ];
  expect(hooks.filter((hook) => hook in scripts)).toEqual([]);
  expect(gypfile).toBe(false);
});

const check = (file: string, ...args: string[]): { status: number | null; stdout: string } => {
  const [node = '', script = ''] = tool(file);
  const { status, stdout } = spawnSync(node, [script, ...args], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  return { status, stdout };
};

test('publint', () => {
  const { status, stdout } = check('publint/src/cli.js', 'run', pack().tarball, '--strict');
  expect(stdout).toMatch(/All good!/);
  expect(status).toBe(0);
}, 60_000);

test('are the types wrong?', () => {
  const { status, stdout } = check('@arethetypeswrong/cli/dist/index.js', pack().tarball, '--format', 'json');
  expect((JSON.parse(stdout) as { analysis: { problems?: unknown[] } }).analysis.problems).toEqual([]);
  expect(status).toBe(0);
}, 60_000);
