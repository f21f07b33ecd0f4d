/** Describes damaged objects: a descriptor that holds together, or one of our errors that names the place; never anything else. */
import { formatDefinition } from '../../lib/btf/layout/definition';
import { elementOf } from '../../lib/btf/layout/same-layout';
import { describe } from '../../lib/descriptor/read/from-object';
import { typesOf } from '../../lib/descriptor/types-table';
import { validateDescriptor } from '../../lib/descriptor/validate/validate';
import { parseElf } from '../../lib/elf/elf';
import { BtfError, DescriptorError, ElfError } from '../../lib/errors';
import { eachSeed } from './each-seed';
import { mutate } from './mutate';
import type { Region } from './mutate';

export interface FuzzResult {
  described: number;
  refused: number;
  /** The different messages, without numbers. */
  readonly messages: Set<string>;
  slowest: number;
}

export function fuzzDescriptor(objects: readonly Uint8Array[], cases: number, firstSeed = 1): FuzzResult {
  const result: FuzzResult = { described: 0, refused: 0, messages: new Set(), slowest: 0 };
  const prepared = objects.map((bytes) => ({ bytes, regions: regionsOf(bytes) }));
  result.slowest = eachSeed(firstSeed, cases, (seed) => {
    const object = prepared[seed % prepared.length];
    if (object === undefined) throw new Error('no objects');
    run(mutate(object.bytes, object.regions, seed), result);
  });
  return result;
}

function run(bytes: Uint8Array, result: FuzzResult): void {
  let text: string;
  try {
    text = JSON.stringify(describe(bytes, { name: 'damaged' }));
  } catch (error) {
    if (!(error instanceof ElfError || error instanceof BtfError || error instanceof DescriptorError))
      throw error;
    const place = 'place' in error ? error.place : error.path;
    if (place === '' || error.message.length > 2000)
      throw new Error(`names no place: ${error.message}`, { cause: error });
    result.refused++;
    result.messages.add(error.message.replace(/'[^']*'/g, "'…'").replace(/\d+/g, '#'));
    return;
  }
  // What was described must be usable.
  const descriptor = validateDescriptor(JSON.parse(text));
  const types = typesOf(descriptor);
  for (const { type } of [...descriptor.variables, ...descriptor.structOps]) {
    const element = elementOf(types.resolve(type));
    if (element.kind === 'struct' || element.kind === 'union' || element.kind === 'enum')
      formatDefinition(element);
  }
  result.described++;
}

/** Headers, symbols, names and BTF: what decides. Code and DWARF are not read. */
function regionsOf(bytes: Uint8Array): Region[] {
  const elf = parseElf(bytes, 'object');
  const table = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(40, elf.littleEndian));
  const regions: Region[] = [
    { offset: 0, size: 64 },
    { offset: table, size: elf.sections.length * 64 },
  ];
  for (const name of ['.symtab', '.strtab']) {
    const data = elf.section(name)?.data;
    if (data !== undefined) regions.push({ offset: data.byteOffset - bytes.byteOffset, size: data.length });
  }
  const btf = elf.section('.BTF')?.data;
  if (btf !== undefined) {
    const offset = btf.byteOffset - bytes.byteOffset;
    const types = new DataView(btf.buffer, btf.byteOffset).getUint32(12, elf.littleEndian);
    regions.push({ offset, size: 24 });
    // Most of what can go wrong is here.
    for (let n = 0; n < 6; n++) regions.push({ offset: offset + 24, size: types });
  }
  return regions;
}
