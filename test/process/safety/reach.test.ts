/**
 * No native handle and no memory that the kernel maps for reading only is within reach of scripts: by no property, getter or
 * prototype of what they are given, and by nothing that they put in the place of what everybody shares.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { compileBpf, ROOT } from '../../support/compile';

const bundle = path.join(ROOT, 'test/bpf/out/reach.cjs');
const addon = path.join(ROOT, 'build/Release/libbpf_subskel.node');

function run(what: string): { found: string[]; count: number } {
  const plan = {
    what,
    addon,
    package: path.join(ROOT, 'dist/index.js'),
    files: { objects: compileBpf('objects'), events: compileBpf('events') },
  };
  const { stdout, stderr, status, signal } = spawnSync(process.execPath, [bundle, JSON.stringify(plan)], {
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, LIBBPF_SUBSKEL_ADDON: addon },
  });
  expect({ stderr, status, signal }).toEqual({ stderr: '', status: 0, signal: null });
  return JSON.parse(stdout) as { found: string[]; count: number };
}

beforeAll(() => {
  const esbuild = path.join(ROOT, 'node_modules/esbuild/bin/esbuild');
  const flags = [
    '--bundle',
    '--platform=node',
    '--target=node20',
    '--log-level=warning',
    `--outfile=${bundle}`,
  ];
  execFileSync(process.execPath, [esbuild, path.join(__dirname, 'reach/main.ts'), ...flags]);
});

test('what users are given leads to nothing native, in any state', () => {
  const { found, count } = run('walk');
  expect(found).toEqual([]);
  expect(count).toBeGreaterThan(1000);
});

test.each(['opened before', 'opened after', 'properties'])(
  'nothing native passes through what scripts can replace: %s',
  (what) => {
    const { found, count } = run(what);
    expect(found).toEqual([]);
    expect(count).toBeGreaterThan(5000);
  },
);
