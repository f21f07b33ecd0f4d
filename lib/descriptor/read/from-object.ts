/**
 * describe(): a compiled BPF object, linked or not → its descriptor. Reads ELF and BTF itself, so it needs neither
 * libbpf nor Linux, takes objects whose externs nobody has defined yet, and cannot be crashed by a damaged file.
 */
import { readFileSync } from 'node:fs';
import { btfOfElf } from '../../btf/records/of-elf';
import type { RawBtf } from '../../btf/records/record-table';
import { checkBytes, checkOptions, refuse } from '../../util/check';
import { parseElf } from '../../elf/elf';
import type { Elf } from '../../elf/elf';
import { ElfError, BtfError } from '../../errors';
import { objectName } from '../identifiers';
import { describeElf } from './describe-elf';
import type { Descriptor } from '../types';

export interface DescribeOptions {
  /** The descriptor's name. Default: the file's, without `.bpf.o`; 'object' for bytes. */
  readonly name?: string | undefined;
}

/**
 * The maps, programs and variables of a BPF object, and the layouts of their types. Throws ElfError or BtfError for
 * what is not a BPF object with BTF (compile with `clang -g -O2 -target bpf`).
 */
export function describe(file: string | Uint8Array, options: DescribeOptions = {}): Descriptor {
  checkOptions<DescribeOptions>(options, 'options', { name: 'string' });
  const source = typeof file === 'string' ? file : (options.name ?? 'object');
  const bytes = typeof file === 'string' ? readFile(file) : file;
  if (typeof file !== 'string') checkFileOrBytes(file);
  const elf = parseElf(bytes, source);
  const name = options.name ?? (typeof file === 'string' ? objectName(file) : 'object');
  return describeElf(elf, readBtf(elf), name);
}

/** The object's own BTF. */
export function readBtf(elf: Elf): RawBtf {
  const btf = btfOfElf(elf);
  if (btf === undefined) {
    throw new BtfError(
      elf.source,
      'has no BTF (section .BTF): compile it with clang -g -target bpf, and do not strip it',
    );
  }
  if (btf.littleEndian !== elf.littleEndian) {
    throw new BtfError(`${elf.source}: BTF header`, 'has another byte order than the ELF file');
  }
  return btf;
}

function readFile(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    const problem = code === 'ENOENT' ? 'there is no such file' : 'it cannot be read';
    throw new ElfError(file, `${problem} (${code})`);
  }
}

function checkFileOrBytes(file: unknown): void {
  if (typeof file !== 'object' || file === null) refuse('file', 'a path or a Uint8Array', file);
  checkBytes(file, 'file');
}
