/** The package as npm packs it, and empty projects that install it: no scripts, no compiler in PATH. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
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
import { ROOT } from '../support/compile';

/** All of a test file's folders; removed by cleanUp(). */
const home = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'subskel-package-')));
// Another user reads it, too.
chmodSync(home, 0o755);
export const cleanUp = (): void => rmSync(home, { recursive: true, force: true });

const NPM = path.join(realpathSync(path.join(process.execPath, '../npm')));
/** Settings of the npm that runs these tests are not those of the one that they run. */
const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_package|npm_lifecycle|npm_config_(?!registry|cache|cafile))|^(LIBBPF_SUBSKEL|NODE_OPTIONS|INIT_CWD|JEST)/i.test(
        name,
      ),
  );
  return { ...Object.fromEntries(kept), ...more };
};

/** A PATH with node and nothing else: no compiler, no python, no shell. */
function barePath(): string {
  const folder = path.join(home, 'bin');
  if (!existsSync(folder)) {
    mkdirSync(folder);
    symlinkSync(process.execPath, path.join(folder, 'node'));
  }
  return folder;
}

/** What npm printed. Stopped after `minutes`: the error then has what was said until there. */
export function npm(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}, minutes = 2): string {
  const { status, error, stdout, stderr } = spawnSync(process.execPath, [NPM, ...args], {
    cwd,
    env: environment({
      npm_config_audit: 'false',
      npm_config_fund: 'false',
      npm_config_update_notifier: 'false',
      ...env,
    }),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: minutes * 60_000,
  });
  if (status === 0) return stdout;
  throw new Error(`npm ${args.join(' ')}: ${error?.message ?? `status ${String(status)}`}\n${stderr}`);
}

export interface Packed {
  readonly tarball: string;
  readonly files: readonly { readonly path: string; readonly size: number; readonly mode: number }[];
}

let packed: Packed | undefined;

/** `npm pack`, once. */
export function pack(): Packed {
  if (packed === undefined) {
    const [result] = JSON.parse(
      npm(['pack', '--json', '--ignore-scripts', '--pack-destination', home], ROOT),
    ) as { filename: string; files: Packed['files'] }[];
    if (result === undefined) throw new Error('npm pack packed nothing');
    packed = { tarball: path.join(home, result.filename), files: result.files };
  }
  return packed;
}

/** An empty project with these files, and the package installed. */
export function project(
  name: string,
  files: Readonly<Record<string, string>>,
  packageJson: object = {},
): string {
  const folder = path.join(home, name);
  mkdirSync(folder);
  const all = { 'package.json': JSON.stringify({ name, private: true, ...packageJson }), ...files };
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  npm(['install', '--ignore-scripts', '--prefer-offline', pack().tarball], folder, { PATH: barePath() });
  return folder;
}

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in a project, with nothing in PATH. */
export function run(runtime: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Run {
  const { status, stdout, stderr } = spawnSync(runtime, args, {
    cwd,
    env: environment({ PATH: barePath(), NO_COLOR: '1', ...env }),
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

const runtime = (file: string): string => path.join(ROOT, '.cache/runtimes/node_modules', file);
/** Brought by scripts/fetch-runtimes. */
export const RUNTIMES = {
  bun: runtime('@oven/bun-linux-x64/bin/bun'),
  deno: runtime('@deno/linux-x64-glibc/deno'),
} as const;
/** Every Node.js that we support: the one that runs, and the others. */
export const NODES: readonly (readonly [string, string])[] = [
  [`${process.version} (this one)`, process.execPath],
  ...[22, 24, 26].map((major) => [`v${String(major)}`, runtime(`node${String(major)}/bin/node`)] as const),
];

/** A tool among our own development dependencies, as a command line. */
export const tool = (file: string): readonly string[] => [
  process.execPath,
  path.join(ROOT, 'node_modules', file),
];

/** Builds examples/request-stats, whose objects the projects use; answers its out/ folder. */
export function example(): string {
  const folder = path.join(ROOT, 'examples/request-stats');
  execFileSync('bash', [path.join(folder, 'build')], { stdio: ['ignore', 'pipe', 'pipe'] });
  return path.join(folder, 'out');
}

export const readText = (file: string): string => readFileSync(file, 'utf8');
