/** `build-addon`: compiles the native addon, for a machine that the package has no binary for. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeWhole } from '../../write-whole';
import { Failure, UsageError, type Io, type Run } from '../command';
import { systemProblem } from '../problems';

const ROOT = path.join(__dirname, '..', '..', '..');
/** What the compilation needs of the package; package.json's "files" has the same. */
const SOURCES = ['binding.gyp', 'src', 'deps', 'scripts'];
/** Packages that only compiling needs, in the versions that the package itself is built with. */
const TOOLS = ['node-addon-api', 'node-gyp'];
/** Where lib/native/load.ts looks before it looks into prebuilds/. */
const BUILT = path.join('build', 'Release', 'libbpf_subskel.node');

/** @throws Failure unless the program ends well; what it says goes to standard error */
function runTool(io: Io, cwd: string, command: string, ...args: string[]): void {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env: { ...io.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 << 20,
  });
  if (error !== undefined) throw new Failure([`${command} cannot be run: ${systemProblem(error)}`]);
  io.err(stdout);
  io.err(stderr);
  if (status !== 0) throw new Failure([`'${[command, ...args].join(' ')}' failed in ${cwd}, which is left as it is`]);
}

function checkTools(io: Io): void {
  if (process.platform !== 'linux') throw new Failure([`BPF is a part of the Linux kernel, this is ${process.platform}`]);
  const folders = (io.env['PATH'] ?? '').split(path.delimiter);
  const missing = ['bash', 'g++', 'make', 'python3', 'npm'].filter(
    (tool) => !folders.some((folder) => fs.existsSync(path.join(folder, tool))),
  );
  if (missing.length === 0) return;
  throw new Failure([`not found in PATH: ${missing.join(', ')}; on Debian: sudo apt-get install bash g++ make python3`]);
}

/** Whether the result can be put there: asked before minutes of compiling, not after them. */
function checkWritable(output: string): void {
  try {
    fs.mkdirSync(path.dirname(output), { recursive: true });
    fs.accessSync(path.dirname(output), fs.constants.W_OK);
  } catch (error) {
    throw new Failure([
      `cannot write ${output}: ${systemProblem(error)}`,
      'name another place with --out FILE, and set LIBBPF_SUBSKEL_ADDON to that file where the program runs',
    ]);
  }
}

/** Compiles in `work`, so that nothing half-made is ever in the package. */
function compile(io: Io, work: string): string {
  for (const source of SOURCES) {
    fs.cpSync(path.join(ROOT, source), path.join(work, source), { recursive: true });
  }
  const { devDependencies } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    devDependencies: Readonly<Record<string, string>>;
  };
  const dependencies = Object.fromEntries(TOOLS.map((tool) => [tool, devDependencies[tool]]));
  fs.writeFileSync(path.join(work, 'package.json'), JSON.stringify({ private: true, dependencies }));
  io.err(`build-addon: fetching ${TOOLS.join(' and ')} ...\n`);
  runTool(io, work, 'npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error');
  io.err('build-addon: fetching and compiling libbpf, libelf, zlib and the addon (a minute or two) ...\n');
  runTool(io, work, 'bash', 'scripts/build-native');
  return path.join(work, BUILT);
}

export const run: Run = async (invocation) => {
  const { io, positionals } = invocation;
  if (positionals.length > 0) throw new UsageError(`unexpected '${positionals[0] ?? ''}'`);
  const out = invocation.value('out');
  const output = out === undefined ? path.join(ROOT, BUILT) : path.resolve(io.cwd, out);
  checkTools(io);
  checkWritable(output);
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'libbpf-subskel-build-'));
  writeWhole(output, fs.readFileSync(compile(io, work)));
  fs.rmSync(work, { recursive: true, force: true });
  await io.out(
    `The addon is in ${output}\n` +
      (out === undefined ? '' : `Set LIBBPF_SUBSKEL_ADDON=${output} where the program runs.\n`),
  );
  return 0;
};
