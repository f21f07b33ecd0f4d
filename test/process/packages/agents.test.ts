/** examples/libraries: one program for two agents; and a library whose version changes below it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cliScript } from '../../support/built-package';
import { ROOT } from '../../support/compile';
import { withFolder } from '../../support/run-cli';

const EXAMPLE = path.join(ROOT, 'examples/libraries');
const MAIN = path.join(EXAMPLE, 'out/js/main.js');
const ADDON = process.env['LIBBPF_SUBSKEL_ADDON'] ?? path.join(ROOT, 'build/Release/libbpf_subskel.node');
const env = { ...process.env, LIBBPF_SUBSKEL_ADDON: ADDON };

const run = (...objects: string[]) =>
  spawnSync(process.execPath, [MAIN, ...objects], { encoding: 'utf8', env });
const build = (folder: string, ...args: string[]): string =>
  execFileSync(process.execPath, [cliScript(), 'build', ...args, '--quiet'], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });

beforeAll(() => {
  execFileSync(path.join(EXAMPLE, 'build'), { env });
}, 60_000);

test('both agents, with the same TypeScript', () => {
  const objects = ['syscalls', 'results'].map((name) => path.join(EXAMPLE, 'out', `${name}.bpf.o`));
  const { status, stdout, stderr } = run(...objects);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(
    /^syscalls.bpf.o: 1\d{3} times, p50 \d+ ns, p99 \d+ ns\n {2}\d+: 1\d{3} to 1\d{3} of 1\d{3}\n/,
  );
  expect(stdout).toMatch(
    /\nresults.bpf.o: 1\d{3} times, p50 \d+ ns, p99 \d+ ns\n {2}\d+: \d+ to \d+ of \d{6}\n/,
  );
});

/** A project of a user: the first agent, and its two libraries, of which latency is changed. */
function agentWith(folder: string, version: string, change: (source: string) => string): string {
  const modules = path.join(folder, 'node_modules');
  const latency = path.join(modules, '@libbpf-subskel/latency');
  mkdirSync(path.join(latency, 'bpf'), { recursive: true });
  symlinkSync(ROOT, path.join(modules, 'libbpf-subskel'));
  symlinkSync(path.join(ROOT, 'packages/top-k'), path.join(modules, '@libbpf-subskel/top-k'));
  for (const file of ['bpf/latency.h', 'bpf/latency.bpf.c', 'package.json'])
    cpSync(path.join(ROOT, 'packages/latency', file), path.join(latency, file));
  rewrite(path.join(latency, 'package.json'), (text) =>
    text.replace(/"version": ".*?"/, `"version": "${version}"`),
  );
  rewrite(path.join(latency, 'bpf/latency.bpf.c'), change);
  build(latency, 'bpf/latency.bpf.c', '--kind', 'subskeleton', '--out', 'generated', '--cflags', '-mcpu=v2');
  cpSync(path.join(EXAMPLE, 'syscalls.bpf.c'), path.join(folder, 'syscalls.bpf.c'));
  build(folder, 'syscalls.bpf.c', '--kind', 'none', '--out', '.');
  return path.join(folder, 'syscalls.bpf.o');
}

function rewrite(file: string, change: (text: string) => string): void {
  const text = readFileSync(file, 'utf8');
  const changed = change(text);
  expect(changed).not.toBe(text);
  writeFileSync(file, changed);
}

test('another version of a library: neither the agent nor its program changes', () => {
  withFolder((folder) => {
    const object = agentWith(folder, '0.1.7', (source) =>
      source.replace(
        'const volatile struct',
        '__u64 latency_new[3] = { 1 };\n__u64 latency_newer;\n\nconst volatile struct',
      ),
    );
    const { status, stdout, stderr } = run(object);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^syscalls.bpf.o: 1\d{3} times/);
  });
}, 60_000);

test('a version with another struct is refused, with both versions and the difference', () => {
  withFolder((folder) => {
    const object = agentWith(folder, '0.2.0', (source) =>
      source.replace('__u32 precision;', '__u16 precision;'),
    );
    const { status, stderr } = run(object);
    expect(status).not.toBe(0);
    expect(stderr).toContain('the object has @libbpf-subskel/latency 0.2.0, this module is of 0.1.0');
    expect(stderr).toMatch(
      /variable 'latency_scales' .* has another layout[^]*- +8 +4 +__u32 precision\n *\+ +8 +2 +__u16 precision/,
    );
  });
}, 60_000);
