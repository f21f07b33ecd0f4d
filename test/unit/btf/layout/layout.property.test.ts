/**
 * Random structs: our sizes, offsets and bit positions against what clang itself does with the same declaration. LAYOUT_RUNS=n
 * compiles n objects of many structs each instead of a few.
 */
import { readFileSync, rmSync } from 'node:fs';
import fc from 'fast-check';
import { resolveType } from '../../../../lib/btf/layout/resolve';
import type { StructType } from '../../../../lib/btf/layout/layout-model';
import { readBtf } from '../../../../lib/descriptor/read/from-object';
import { parseElf } from '../../../../lib/elf/elf';
import type { Elf } from '../../../../lib/elf/elf';
import { compileBpfSource, newClang } from '../../../support/compile';
import { PRELUDE, renderStruct, structSpec } from '../../../support/struct-arbitrary';
import type { NamedMember, StructSpec } from '../../../support/struct-arbitrary';

const RUNS = Number(process.env['LAYOUT_RUNS'] ?? 4);

/** Not .bss, which what is all zero goes to otherwise. */
const PROBE = '#define PROBE __attribute__((section(".data.probe")))\n';

interface Place {
  readonly bit: number;
  readonly bits: number;
}

/** Where we see each member, by its path. */
function ourPlaces(type: StructType): Map<string, Place> {
  const places = new Map<string, Place>();
  const visit = (struct: StructType, prefix: string, base: number): void => {
    for (const { name, bitOffset, bitSize, type: member } of struct.members) {
      const bit = base + bitOffset;
      if (name !== '') places.set(prefix + name, { bit, bits: bitSize === 0 ? member.size * 8 : bitSize });
      if (member.kind === 'struct' || member.kind === 'union')
        visit(member, name === '' ? prefix : `${prefix}${name}.`, bit);
    }
  };
  visit(type, '', 0);
  return places;
}

/** A source whose data says where clang puts things. */
function sourceOf(index: number, text: string, keyword: string, members: readonly NamedMember[]): string {
  const type = `${keyword} s${String(index)}`;
  const facts = [`sizeof(${type})`];
  const probes: string[] = [];
  for (const [at, { path, isBitfield, scalar }] of members.entries()) {
    if (isBitfield) {
      const ones = scalar?.c === '_Bool' ? '1' : `(${scalar?.c ?? 'int'})-1`;
      probes.push(`PROBE ${type} probe_${String(index)}_${String(at)} = { .${path} = ${ones} };`);
    } else {
      facts.push(`__builtin_offsetof(${type}, ${path})`, `sizeof(((${type} *)0)->${path})`);
    }
  }
  return [
    text,
    `${type} v${String(index)} = {};`,
    `PROBE u64 facts_${String(index)}[] = { ${facts.join(', ')} };`,
    ...probes,
  ].join('\n');
}

/** The bytes of a variable as they are in the file. */
function bytesOf(elf: Elf, name: string): Uint8Array | undefined {
  const symbol = elf.symbols.find((one) => one.name === name);
  const data = symbol === undefined ? undefined : elf.sections[symbol.sectionIndex]?.data;
  return symbol === undefined ? undefined : data?.subarray(symbol.value, symbol.value + symbol.size);
}

/** Where clang sees each member. */
function clangsPlaces(
  elf: Elf,
  index: number,
  members: readonly NamedMember[],
): { size: number; places: Map<string, Place> } {
  const facts = bytesOf(elf, `facts_${String(index)}`);
  if (facts === undefined) throw new Error('no facts');
  const view = new DataView(facts.buffer, facts.byteOffset, facts.length);
  let next = 0;
  const fact = (): number => Number(view.getBigUint64(8 * next++, elf.littleEndian));
  const size = fact();
  const places = new Map<string, Place>();
  for (const [at, { path, isBitfield }] of members.entries()) {
    if (!isBitfield) places.set(path, { bit: fact() * 8, bits: fact() * 8 });
    else
      places.set(
        path,
        onesIn(bytesOf(elf, `probe_${String(index)}_${String(at)}`) ?? new Uint8Array(0), elf.littleEndian),
      );
  }
  return { size, places };
}

/** The run of ones in otherwise empty memory. */
function onesIn(bytes: Uint8Array, littleEndian: boolean): Place {
  const ones: number[] = [];
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const byte = bytes[bit >> 3] ?? 0;
    if (byte & (littleEndian ? 1 << (bit & 7) : 0x80 >> (bit & 7))) ones.push(bit);
  }
  return { bit: ones[0] ?? -1, bits: ones.length };
}

function check(specs: readonly StructSpec[], littleEndian: boolean): void {
  const structs = specs.map((spec, index) => ({ spec, index, ...renderStruct(spec, `s${String(index)}`) }));
  const source = structs.map(({ spec, index, text, members }) =>
    sourceOf(index, text, spec.keyword, members),
  );
  const flags = ['-Wno-everything', ...(littleEndian ? [] : ['-target', 'bpfeb'])];
  const file = compileBpfSource(PRELUDE + PROBE + source.join('\n'), 'layout-property', flags, newClang());
  const elf = parseElf(readFileSync(file), file);
  rmSync(file);
  const btf = readBtf(elf);
  for (const { index, text, members } of structs) {
    const type = resolveType(btf, btf.findByName(`v${String(index)}`, 'var') ?? 0) as StructType;
    const theirs = clangsPlaces(elf, index, members);
    const ours = ourPlaces(type);
    expect({ text, size: type.size, places: [...ours].filter(([path]) => theirs.places.has(path)) }).toEqual({
      text,
      size: theirs.size,
      places: [...theirs.places],
    });
  }
}

test.each([
  ['little endian', true],
  ['big endian', false],
] as const)(
  '%s: layouts are those of the compiler',
  (_name, littleEndian) => {
    fc.assert(
      fc.property(fc.array(structSpec, { minLength: 1, maxLength: 60, size: 'max' }), (specs) => {
        check(specs, littleEndian);
      }),
      { numRuns: RUNS, interruptAfterTimeLimit: 500_000 },
    );
  },
  600_000,
);
