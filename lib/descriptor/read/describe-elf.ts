/** An object that has been parsed → its descriptor. */
import type { RawBtf } from '../../btf/records/record-table';
import type { Elf } from '../../elf/elf';
import { ElfError, UnsupportedError } from '../../errors';
import type { LeftOutVariable } from './left-out';
import { ObjectContext, type Omitted } from './object-context';
import { readFunctions, readKsyms, readPrograms } from './read-functions';
import { readMaps } from './read-maps';
import { readStructOps, readVariables } from './read-variables';
import { DESCRIPTOR_VERSION } from '../types';
import type { Descriptor } from '../types';

/** What is in an object, and which of its variables its descriptor leaves out. */
export interface ReadObject {
  readonly descriptor: Descriptor;
  readonly leftOut: readonly LeftOutVariable[];
}

/** @throws UnsupportedError for variables that this package cannot reach, naming them */
export function describeElf(elf: Elf, btf: RawBtf, name: string, omit?: Omitted): Descriptor {
  const { descriptor, leftOut } = readObject(elf, btf, name, omit);
  const refused = leftOut.filter((variable) => variable.refused === true).map(refusal);
  if (refused.length > 0) throw new UnsupportedError(`${elf.source}: ${refused.join('\n')}`);
  return descriptor;
}

/** "variable 'counter' in .percpu: …" */
export const refusal = ({ name, section, reason }: LeftOutVariable): string =>
  `variable '${name}'${section === undefined ? '' : ` in ${section}`}: ${reason}`;

export function readObject(elf: Elf, btf: RawBtf, name: string, omit?: Omitted): ReadObject {
  if (elf.section('maps') !== undefined) {
    throw new ElfError(
      `${elf.source}: section 'maps'`,
      'has map definitions of the old kind (struct bpf_map_def), which libbpf 1.0 dropped; define maps in SEC(".maps")',
    );
  }
  const context = new ObjectContext(elf, btf, omit);
  const license = licenseOf(elf);
  const descriptor: Descriptor = {
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
  return { descriptor, leftOut: context.leftOut };
}

function licenseOf(elf: Elf): string | undefined {
  const data = elf.section('license')?.data;
  if (data === undefined) return undefined;
  const end = data.indexOf(0);
  return Buffer.from(data.subarray(0, end < 0 ? data.length : end)).toString('utf8');
}
