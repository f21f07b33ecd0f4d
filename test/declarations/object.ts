/** The same declarations compiled for BPF, as variables whose contents are given, and a ring that gives out what it is told to. */
import { readFileSync, rmSync } from 'node:fs';
import { readBtf } from '../../lib/descriptor/read/from-object';
import { parseElf } from '../../lib/elf/elf';
import { compileBpfSource } from '../support/compile';
import { PRELUDE } from '../support/struct-arbitrary';
import { SLOT, type Truth } from './oracle';

export const SECTION = '.data.v';

const SOURCE = `
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 1 << 16); } ring SEC(".maps");
unsigned char record[${String(2 * SLOT)}];
struct length { __u64 length; };
SEC("syscall") int emit(struct length *ctx) {
  return bpf_ringbuf_output(&ring, record, ctx->length & ${String(2 * SLOT - 1)}, 0);
}
`;

/** Each variable in a slot of its own: what lies behind it is nobody's. */
const declarationOf = ({ declaration: { text, type, index } }: Truth): string =>
  `${text}\n${type} v${String(index)} __attribute__((section("${SECTION}"), aligned(${String(SLOT)}))) = {};`;

/** The object file: in its section the memory `before` of each value. */
export function objectOf(truths: readonly Truth[], clang: string): Uint8Array {
  const end = `char v_end[${String(SLOT)}] __attribute__((section("${SECTION}"), aligned(${String(SLOT)}))) = {};`;
  const source = [SOURCE, PRELUDE, ...truths.map(declarationOf), end].join('\n');
  const file = compileBpfSource(source, 'declarations', ['-Wno-everything', '-mcpu=v3'], clang);
  const bytes = Uint8Array.from(readFileSync(file));
  rmSync(file);
  const elf = parseElf(bytes, 'declarations');
  const data = elf.section(SECTION)?.data;
  const symbols = elf.section('.symtab')?.data;
  const btfData = elf.section('.BTF')?.data;
  if (data === undefined || symbols === undefined || btfData === undefined)
    throw new Error('no such section');
  const btf = readBtf(elf);
  for (const { declaration, size, total, before } of truths) {
    const name = `v${String(declaration.index)}`;
    const at = elf.symbols.findIndex((symbol) => symbol.name === name);
    data.set(before, elf.symbols[at]?.value);
    if (total === size) continue;
    // As a compiler does it whose initialisers reach into flexible arrays.
    const entry = new DataView(symbols.buffer, symbols.byteOffset, symbols.byteLength);
    const where = elf.symbols.length * 24 === symbols.length ? at : at + 1;
    if (entry.getBigUint64(where * 24 + 16, true) !== BigInt(size)) throw new Error('another symbol');
    entry.setBigUint64(where * 24 + 16, BigInt(total), true);
    setSizeInSection(btfData, btf.findByName(name, 'var') ?? 0, size, total);
  }
  return bytes;
}

/** The entry of a DATASEC is the id of the variable, its offset (0 before libbpf puts it in), and its size. */
function setSizeInSection(btf: Uint8Array, id: number, size: number, total: number): void {
  const view = new DataView(btf.buffer, btf.byteOffset, btf.byteLength);
  const found: number[] = [];
  for (let at = 24; at + 12 <= btf.length; at += 4) {
    const [type, offset, bytes] = [0, 4, 8].map((each) => view.getUint32(at + each, true));
    if (type === id && offset === 0 && bytes === size) found.push(at);
  }
  const last = found.at(-1);
  if (last === undefined) throw new Error('no such variable in a DATASEC');
  // DATASECs are the last types; the strings behind them have no such words.
  view.setUint32(last + 8, total, true);
}
