/** `build-addon`: compiles the native addon, for a machine that the package has no binary for. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeWhole } from '../../util/write-whole';
import { Failure, UsageError, type Io, type Run } from '../command/command';
import { systemProblem } from '../command/problems';

const ROOT = path.join(__dirname, '..', '..', '..');
/** What the compilation needs of the package; package.json's "files" has the same. */
const SOURCES = ['binding.gyp', 'src', 'deps', 'scripts'];
/** Packages that only compiling needs, in the versions that the package itself is built with. */
const TOOLS = ['node-addon-api', 'node-gyp'];
/** Where lib/native/load/load.ts looks before it looks into prebuilds/. */
const BUILT = path.join('build', 'Release', 'libbpf_subskel.node');

/**
 * Shows what a program says while it says it: what takes minutes must not look like what hangs.
 * @throws Failure unless it ends well
 */
async function runTool(io: Io, cwd: string, command: string, ...args: string[]): Promise<void> {
  const child = spawn(command, args, { cwd, env: { ...io.env }, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => io.err(chunk));
  const ended = await new Promise<number | string>((resolve, reject) => {
    child.on('error', (error) => reject(new Failure([`${command} cannot be run: ${systemProblem(error)}`])));
    child.on('close', (status, signal) => resolve(status ?? String(signal)));
  });
  if (ended === 0) return;
  const how = typeof ended === 'number' ? 'failed' : `was ended by ${ended}`;
  throw new Failure([`'${[command, ...args].join(' ')}' ${how} in ${cwd}, which is left as it is`]);
}

function checkTools(io: Io): void {
  if (process.platform !== 'linux')
    throw new Failure([`BPF is a part of the Linux kernel, this is ${process.platform}`]);
  const folders = (io.env['PATH'] ?? '').split(path.delimiter);
  // As make takes it: a program, perhaps a path, perhaps with options.
  const [compiler = 'g++'] = (io.env['CXX'] ?? '').split(/\s+/).filter((word) => word !== '');
  const missing = ['bash', compiler, 'make', 'python3', 'npm'].filter(
    (tool) => !folders.some((folder) => fs.existsSync(path.resolve(folder, tool))),
  );
  if (missing.length === 0) return;
  throw new Failure([
    `not found in PATH: ${missing.join(', ')}; on Debian: sudo apt-get install bash g++ make python3`,
  ]);
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
async function compile(io: Io, work: string): Promise<string> {
  for (const source of SOURCES) {
    fs.cpSync(path.join(ROOT, source), path.join(work, source), { recursive: true });
  }
  const { devDependencies } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    devDependencies: Readonly<Record<string, string>>;
  };
  const dependencies = Object.fromEntries(TOOLS.map((tool) => [tool, devDependencies[tool]]));
  fs.writeFileSync(path.join(work, 'package.json'), JSON.stringify({ private: true, dependencies }));
  io.err(`build-addon: fetching ${TOOLS.join(' and ')} ...\n`);
  // npm waits five minutes for a server that says nothing, three times.
  const options = [
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--fetch-timeout=60000',
  ];
  await runTool(io, work, 'npm', 'install', ...options);
  io.err('build-addon: fetching and compiling libbpf, libelf, zlib and the addon (a minute or two) ...\n');
  await runTool(io, work, 'bash', 'scripts/build-native');
  const built = path.join(work, BUILT);
  // What does not load here must not be found before a binary that might.
  await runTool(io, work, process.execPath, '-e', 'require(process.argv[1])', built);
  return built;
}

export const run: Run = async (invocation) => {
  const { io, positionals } = invocation;
  if (positionals.length > 0) throw new UsageError(`unexpected '${positionals[0] ?? ''}'`);
  const out = invocation.value('out');
  const output = out === undefined ? path.join(ROOT, BUILT) : path.resolve(io.cwd, out);
  checkTools(io);
  checkWritable(output);
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'libbpf-subskel-build-'));
  writeWhole(output, fs.readFileSync(await compile(io, work)));
  fs.rmSync(work, { recursive: true, force: true });
  await io.out(
    `The addon is in ${output}\n` +
      (out === undefined ? '' : `Set LIBBPF_SUBSKEL_ADDON=${output} where the program runs.\n`),
  );
  return 0;
};
