/** Globals as clang lays them out: their types, from BTF, and the bytes that it stored for their initialisers. */
import { readFileSync } from 'node:fs';
import { describe as describeObject } from '../../lib/descriptor/read/from-object';
import { typesOf } from '../../lib/descriptor/types-table';
import { parseElf } from '../../lib/elf/elf';
import { Region } from '../../lib/memory/region/region';
import { createVariable } from '../../lib/memory/variable/variable';
import type { VariableSpec } from '../../lib/memory/variable/variable-base';
import { compileBpfSource } from './compile';

export interface Global extends VariableSpec {
  /** What clang stored. */
  readonly bytes: Uint8Array;
}

/** Compiles a source and reads its globals. All should be initialised and in one section, '.data'. */
export function globals(
  source: string,
  name: string,
  clang = 'clang',
): { section: Uint8Array; all: ReadonlyMap<string, Global> } {
  const object = readFileSync(compileBpfSource(source, name, [], clang));
  const descriptor = describeObject(object, { name });
  const types = typesOf(descriptor);
  const elf = parseElf(object, name);
  // A copy, and no Buffer, whose slice() is no copy.
  const section = Uint8Array.from(elf.section('.data')?.data ?? []);
  const all = new Map<string, Global>();
  for (const variable of descriptor.variables) {
    if (variable.section !== '.data') continue;
    const symbol = elf.symbols.find((candidate) => candidate.name === variable.name);
    const offset = symbol?.value ?? 0;
    all.set(variable.name, {
      name: variable.name,
      section: '.data',
      offset,
      size: variable.size,
      type: types.resolve(variable.type),
      declaration: variable.c,
      bytes: section.slice(offset, offset + variable.size),
    });
  }
  return { section, all };
}

/** In which state a region is tried: before load, after load, after load without mmap. */
export const MEMORIES = ['image', 'mapped', 'syscall'] as const;
export type Memory = (typeof MEMORIES)[number];

/** A region in a state, with a way to look at its bytes behind its back. */
export function regionOf(memory: Memory, bytes: Uint8Array): { region: Region; bytes: () => Uint8Array } {
  const region = new Region('.data');
  const size = bytes.length;
  if (memory === 'image') {
    region.setImage(bytes);
    return { region, bytes: () => region.image() };
  }
  const pages = new ArrayBuffer(Math.ceil(size / 4096) * 4096);
  const contents = new Uint8Array(pages, 0, size);
  contents.set(bytes);
  if (memory === 'mapped') region.adopt(pages, size, false);
  else {
    region.useSyscalls({
      read: () => contents.slice(),
      write: (offset, changed) => {
        contents.set(changed, offset);
      },
    });
  }
  return { region, bytes: () => contents.slice() };
}

export { createVariable };
