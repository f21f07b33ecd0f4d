/** Links BPF objects with libbpf's linker, in a child process, until what comes out is right. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkOptions, checkString, refuse } from '../util/check';
import { parseElf } from '../elf/elf';
import { LinkError } from '../errors';
import { findConflicts } from './conflicts';
import { undefineExternMaps } from './extern-maps';
import { staleOffsets } from './offsets';
import { runNative } from './run-native';
import { writeWhole } from '../util/write-whole';
import { linkSymbols } from './symbols';

export interface LinkOptions {
  /** The file to write; written whole or not at all. */
  readonly output: string;
  /** The objects, in the order that decides between weak definitions. One is fine: it is normalised. */
  readonly inputs: readonly string[];
}

/** One pass resolves the symbols, a second corrects BTF; a third would change nothing. */
const MAX_PASSES = 4;

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

/**
 * Links to a fixed point: the offsets in BTF and in the symbol table agree in what is written.
 *
 * @throws LinkError naming the symbol, files and sections of every conflict; ElfError for what is no BPF object;
 *   AddonError where the native addon cannot be loaded. bpf_linker__add_file, bpf_linker__finalize
 */
export async function linkObjects(options: LinkOptions): Promise<void> {
  checkOptions<LinkOptions>(options, 'options', { output: 'string', inputs: 'any' });
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
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'libbpf-subskel-link-'));
  try {
    writeWhole(output, await fixedPoint(work, inputs));
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

async function fixedPoint(work: string, inputs: readonly string[]): Promise<Uint8Array> {
  let sources = inputs.map((input) => path.resolve(input));
  let stale: string[] = [];
  for (let pass = 1; pass <= MAX_PASSES; pass++) {
    const result = path.join(work, `pass-${String(pass)}.o`);
    await runNative('link', [result, ...sources], `linking ${inputs.join(', ')}`);
    const bytes = fs.readFileSync(result);
    const elf = parseElf(bytes, inputs.join(' + '));
    undefineExternMaps(elf);
    stale = staleOffsets(elf);
    if (stale.length === 0) return bytes;
    fs.writeFileSync(result, bytes);
    sources = [result];
  }
  throw new LinkError(
    [
      `linking ${inputs.join(', ')}: BTF and the symbol table disagree after ${String(MAX_PASSES)} passes`,
      ...stale,
    ].join('\n'),
  );
}
