/** Links BPF objects with libbpf's linker, in a child process, until what comes out is right. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { checkOptions, checkString, refuse } from '../check';
import { parseElf } from '../elf/elf';
import { AddonError, LinkError } from '../errors';
import type { ChildFailure } from './child';
import { findConflicts } from './conflicts';
import { staleOffsets } from './offsets';
import { linkSymbols } from './symbols';

export interface LinkOptions {
  /** The file to write; written whole or not at all. */
  readonly output: string;
  /** The objects, in the order that decides between weak definitions. One is fine: it is normalised. */
  readonly inputs: readonly string[];
}

/** One pass resolves the symbols, a second corrects BTF; a third would change nothing. */
const MAX_PASSES = 4;

const CHILD = path.join(__dirname, 'child.js');

function readObject(file: string) {
  try {
    return parseElf(fs.readFileSync(file), file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new LinkError(`${file}: there is no such file (ENOENT)`);
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
    throw new LinkError(`${file}: cannot be read (${code})`);
  }
}

/** What went wrong in the child, as an error of ours. */
function childError(signal: NodeJS.Signals | undefined, stdout: string, inputs: readonly string[]): Error {
  const files = inputs.join(', ');
  if (signal !== undefined) {
    return new LinkError(
      `libbpf's linker crashed (${signal}) on ${files}: please report this with the files`,
    );
  }
  try {
    const { kind, message, log } = JSON.parse(stdout) as ChildFailure;
    if (kind === 'addon') return new AddonError(message);
    const reasons = log.split('\n').filter((line) => line.trim() !== '');
    // libbpf names the reason in a warning, and the call only answers EINVAL.
    return new LinkError([`linking ${files}: ${message}`, ...reasons].join('\n'), log);
  } catch {
    return new LinkError(`linking ${files}: the linking process ended without saying why\n${stdout}`);
  }
}

function linkOnce(output: string, inputs: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    // Paths and not options: a file called --x would be one of node's.
    const args = [CHILD, output, ...inputs];
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' };
    execFile(process.execPath, args, { env, maxBuffer: 64 << 20 }, (error, stdout) => {
      if (error === null) resolve();
      else reject(childError(error.signal ?? undefined, stdout, inputs));
    });
  });
}

/**
 * Links to a fixed point: the offsets in BTF and in the symbol table agree in what is written.
 *
 * @throws LinkError naming the symbol, files and sections of every conflict; ElfError for what is no BPF object;
 *   AddonError where the native addon cannot be loaded. bpf_linker__add_file, bpf_linker__finalize
 */
export async function linkObjects(options: LinkOptions): Promise<void> {
  checkOptions(options, 'options', { output: 'string', inputs: 'any' });
  checkString(options.output, 'options.output');
  const inputs: unknown = options.inputs;
  if (!Array.isArray(inputs) || inputs.length === 0)
    refuse('options.inputs', 'an array of at least one path', inputs);
  for (const input of inputs as unknown[]) checkString(input, 'options.inputs[]');
  await link(options.output, inputs as string[]);
}

async function link(output: string, inputs: readonly string[]): Promise<void> {
  const conflicts = findConflicts(inputs.map((input) => linkSymbols(readObject(input))));
  if (conflicts.length > 0) throw new LinkError(conflicts.join('\n'));
  const folder = path.dirname(path.resolve(output));
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new LinkError(`${output}: there is no folder '${folder}'`);
  }
  // In a folder of its own: the linker's files appear there and nowhere else, whatever happens to it.
  const work = fs.mkdtempSync(path.join(folder, '.link-'));
  try {
    fs.renameSync(await fixedPoint(work, inputs), output);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

async function fixedPoint(work: string, inputs: readonly string[]): Promise<string> {
  let sources = inputs.map((input) => path.resolve(input));
  let stale: string[] = [];
  for (let pass = 1; pass <= MAX_PASSES; pass++) {
    const result = path.join(work, `pass-${String(pass)}.o`);
    await linkOnce(result, sources);
    stale = staleOffsets(parseElf(fs.readFileSync(result), inputs.join(' + ')));
    if (stale.length === 0) return result;
    sources = [result];
  }
  throw new LinkError(
    [
      `linking ${inputs.join(', ')}: BTF and the symbol table disagree after ${String(MAX_PASSES)} passes`,
      ...stale,
    ].join('\n'),
  );
}
