/** An object that has been parsed → its descriptor. */
import type { RawBtf } from '../../btf/records/record-table';
import type { Elf } from '../../elf/elf';
import { ElfError } from '../../errors';
import { ObjectContext } from './object-context';
import { readFunctions, readKsyms, readPrograms } from './read-functions';
import { readMaps } from './read-maps';
import { readStructOps, readVariables } from './read-variables';
import { DESCRIPTOR_VERSION } from '../types';
import type { Descriptor } from '../types';

export function describeElf(elf: Elf, btf: RawBtf, name: string): Descriptor {
  if (elf.section('maps') !== undefined) {
    throw new ElfError(
      `${elf.source}: section 'maps'`,
      'has map definitions of the old kind (struct bpf_map_def), which libbpf 1.0 dropped; define maps in SEC(".maps")',
    );
  }
  const context = new ObjectContext(elf, btf);
  const license = licenseOf(elf);
  return {
    version: DESCRIPTOR_VERSION,
    name,
    byteOrder: elf.littleEndian ? 'little' : 'big',
    ...(license === undefined ? {} : { license }),
    maps: readMaps(context),
    programs: readPrograms(context),
    variables: readVariables(context),
    functions: readFunctions(context),
    ksyms: readKsyms(context),
    structOps: readStructOps(context),
    types: context.types.types,
  };
}

function licenseOf(elf: Elf): string | undefined {
  const data = elf.section('license')?.data;
  if (data === undefined) return undefined;
  const end = data.indexOf(0);
  return Buffer.from(data.subarray(0, end < 0 ? data.length : end)).toString('utf8');
}
