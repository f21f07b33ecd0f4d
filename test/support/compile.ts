/** Compiles the BPF sources of the tests with the real clang; an output newer than its source is kept. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';

/** The repository: two folders up here, four where the benchmarks are compiled to. */
function repository(folder: string): string {
  return existsSync(path.join(folder, 'binding.gyp')) ? folder : repository(path.dirname(folder));
}

export const ROOT = repository(__dirname);
const SOURCES = path.join(ROOT, 'test/bpf');
const OUT = path.join(SOURCES, 'out');

const TARGET_ARCH: Record<string, string> = { x64: 'x86', arm64: 'arm64' };
const MULTIARCH: Record<string, string> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };

/** libbpf's headers as <bpf/…>: the unpacked source has them in src/, without that folder name. */
function includeFolder(): string {
  const include = path.join(OUT, 'include');
  const link = path.join(include, 'bpf');
  if (!existsSync(link)) {
    mkdirSync(include, { recursive: true });
    try {
      symlinkSync(path.join(ROOT, 'deps/libbpf/src/src'), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return include;
}

export const clangFlags = (): string[] => [
  '-g',
  '-O2',
  '-Wall',
  '-target',
  'bpf',
  `-D__TARGET_ARCH_${TARGET_ARCH[process.arch] ?? process.arch}`,
  '-I',
  includeFolder(),
  '-I',
  SOURCES,
  // The second one: where Debian has the headers of another architecture than the machine's.
  ...['/usr/include/%', '/usr/%/include'].flatMap((folder) => [
    '-isystem',
    folder.replace('%', MULTIARCH[process.arch] ?? ''),
  ]),
];

function newest(files: string[]): number {
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}

/** Debian 12's own clang is 14; enum64 in BTF and arenas need 16 and 19. scripts/setup installs one that is new enough. */
export function newClang(): string {
  const names = ['clang-19', 'clang-20', 'clang-21', 'clang-18', 'clang-17', 'clang-16', 'clang'];
  const found = names.find((name) => {
    const { status, stdout } = spawnSync(name, ['-dumpversion'], { encoding: 'utf8' });
    return status === 0 && Number.parseInt(stdout, 10) >= 16;
  });
  if (found === undefined) throw new Error('no clang 16 or later: bash scripts/setup installs one');
  return found;
}

function compile(source: string, output: string, extraFlags: readonly string[], clang = 'clang'): string {
  // Several jest workers may compile the same file: each writes its own and the rename is atomic.
  const temporary = `${output}.${process.pid}`;
  execFileSync(clang, [...clangFlags(), ...extraFlags, '-c', source, '-o', temporary], { stdio: 'pipe' });
  renameSync(temporary, output);
  return output;
}

/** test/bpf/NAME.bpf.c, compiled: the path of the object. */
export function compileBpf(name: string, extraFlags: readonly string[] = []): string {
  const source = path.join(SOURCES, `${name}.bpf.c`);
  const headers = readdirSync(SOURCES)
    .filter((file) => file.endsWith('.h'))
    .map((file) => path.join(SOURCES, file));
  const suffix = extraFlags.length > 0 ? `.${digest(extraFlags.join(' '))}` : '';
  const output = path.join(OUT, `${name}${suffix}.bpf.o`);
  if (existsSync(output) && statSync(output).mtimeMs > newest([source, ...headers])) return output;
  return compile(source, output, extraFlags);
}

/** A source text, compiled: the path of the object. The same text is compiled once. */
export function compileBpfSource(
  text: string,
  name = 'generated',
  extraFlags: readonly string[] = [],
  clang = 'clang',
): string {
  const stem = path.join(OUT, `${name}.${digest(text + clang + extraFlags.join(' '))}`);
  if (existsSync(`${stem}.bpf.o`)) return `${stem}.bpf.o`;
  mkdirSync(OUT, { recursive: true });
  const source = `${stem}.${process.pid}.bpf.c`;
  writeFileSync(source, text);
  return compile(source, `${stem}.bpf.o`, extraFlags, clang);
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** test/support/NAME.c, compiled for this machine: the path of the program. */
function compileTool(name: string, extraFlags: readonly string[] = []): string {
  const source = path.join(ROOT, `test/support/${name}.c`);
  const output = path.join(OUT, name);
  if (existsSync(output) && statSync(output).mtimeMs > newest([source])) return output;
  mkdirSync(OUT, { recursive: true });
  const temporary = `${output}.${process.pid}`;
  execFileSync('gcc', ['-g', '-O1', '-Wall', ...extraFlags, source, '-o', temporary], { stdio: 'pipe' });
  renameSync(temporary, output);
  return output;
}

/** A process to probe. */
export const compileProbe = (): string => compileTool('probe');

/** A wrapper for scripts that use BPF by a token: `delegate FOLDER COMMAND…`. */
export const compileDelegate = (): string => compileTool('delegate');

/** A wrapper for scripts that need sockets which Node.js does not make: `sockets COMMAND…`. */
export const compileSockets = (): string => compileTool('sockets');

/** A wrapper for scripts that need two sockets of one port: `reuseport COMMAND…`. */
export const compileReuseport = (): string => compileTool('reuseport');

/** A library to preload: without it, what the test asks for ends kernels. */
export const compileStructOps = (): string => compileTool('struct-ops', ['-shared', '-fPIC', '-ldl']);
/** To be preloaded: a mapping that fails. */
export const compileNoMapping = (): string => compileTool('no-mapping', ['-shared', '-fPIC', '-ldl']);
