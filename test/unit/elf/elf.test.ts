/** ELF files: sections, symbols and relocations as llvm-readelf sees them, and what is refused. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseElf } from '../../../lib/elf/elf';
import type { Elf } from '../../../lib/elf/elf';
import { ElfError } from '../../../lib/errors';
import { compileBpf, compileBpfSource } from '../../support/compile';

const BIG_ENDIAN = ['-target', 'bpfeb'];
const SOURCE = 'int value = 7; int other; int get(void) { return value + other; }';

const read = (file: string): Elf => parseElf(readFileSync(file), file);

const TYPES = ['NOTYPE', 'OBJECT', 'FUNC', 'SECTION', 'FILE'];
const BINDINGS = ['LOCAL', 'GLOBAL', 'WEAK'];

describe.each([
  ['little endian', () => compileBpf('descriptor_library')],
  ['big endian', () => compileBpfSource(SOURCE, 'elf-big', BIG_ENDIAN)],
])('%s', (_name, compile) => {
  const file = compile();
  const elf = read(file);
  const readelf = (...flags: string[]): string =>
    execFileSync('llvm-readelf', [...flags, file], { encoding: 'utf8' });

  test('sections', () => {
    // [Nr] Name Type Address Off Size …
    const lines = [
      ...readelf('-S', '-W').matchAll(/^ +\[ *(\d+)\] (\S*) +(\w+) +[0-9a-f]{16} [0-9a-f]+ ([0-9a-f]+)/gm),
    ];
    expect(elf.sections.map(({ index, name, size }) => [index, name, size])).toEqual(
      lines.map(([, index, name, , size]) => [Number(index), name, parseInt(size ?? '', 16)]),
    );
    expect(lines.length).toBeGreaterThan(5);
  });

  test('symbols', () => {
    // Num: Value Size Type Bind Vis Ndx Name
    const lines = [
      ...readelf('-s', '-W').matchAll(/^ +\d+: ([0-9a-f]{16}) +(\d+) (\w+) +(\w+) +\w+ +(\w+) ?(\S*)$/gm),
    ];
    expect(
      elf.symbols.map(({ name, value, size, type, bind }) => [
        name,
        value,
        size,
        TYPES[type],
        BINDINGS[bind],
      ]),
    ).toEqual(
      lines.map(([, value, size, type, bind, , name]) => [
        type === 'SECTION' ? '' : name,
        parseInt(value ?? '', 16),
        Number(size),
        type,
        bind,
      ]),
    );
    expect(lines.length).toBeGreaterThan(5);
  });

  test('relocations', () => {
    const names = elf.sections
      .flatMap((section) =>
        elf.relocations(section).map(({ offset, symbol }) => [section.name, offset, symbol.name]),
      )
      .filter(
        ([section]) =>
          !String(section).startsWith('.debug') &&
          !String(section).startsWith('.BTF') &&
          section !== '.eh_frame',
      );
    const expected: unknown[] = [];
    let section = '';
    for (const line of readelf('-r', '-W').split('\n')) {
      section = /^Relocation section '\.rel(.*)'/.exec(line)?.[1] ?? section;
      const match = /^([0-9a-f]{16}) +[0-9a-f]+ R_BPF_\S+ +[0-9a-f]{16} (\S+)/.exec(line);
      if (
        match === null ||
        section.startsWith('.debug') ||
        section.startsWith('.BTF') ||
        section === '.eh_frame'
      )
        continue;
      expected.push([
        section,
        parseInt(match[1] ?? '', 16),
        elf.section(match[2] ?? '') === undefined ? match[2] : '',
      ]);
    }
    expect(names).toEqual(expected);
    expect(names.length).toBeGreaterThan(0);
  });
});

test('the byte order', () => {
  const elf = read(compileBpfSource(SOURCE, 'elf-big', BIG_ENDIAN));
  expect(elf.littleEndian).toBe(false);
  expect([...(elf.section('.data')?.data ?? [])]).toEqual([0, 0, 0, 7]);
  expect(elf.section('.bss')).toMatchObject({ size: 4, data: new Uint8Array(0) });
});

describe('what is refused', () => {
  const valid = (): Uint8Array => new Uint8Array(readFileSync(compileBpfSource(SOURCE, 'elf')));
  const patched = (patch: (view: DataView, bytes: Uint8Array) => void): Uint8Array => {
    const bytes = valid();
    patch(new DataView(bytes.buffer), bytes);
    return bytes;
  };
  const table = (view: DataView): number => Number(view.getBigUint64(40, true));
  const native = (): Uint8Array =>
    readFileSync(
      compileBpfSource('int value;', 'native', ['-target', process.arch === 'arm64' ? 'aarch64' : 'x86_64']),
    );
  const CASES: readonly (readonly [string, () => Uint8Array, RegExp])[] = [
    ['nothing', () => new Uint8Array(0), /^lib\.o: is empty, not a BPF object/],
    ['a text', () => Buffer.from('int main(void) { return 0; }\n'), /^lib\.o: is not an ELF file/],
    ['four bytes', () => valid().subarray(0, 4), /^lib\.o: is truncated: 4 bytes/],
    [
      'an object of this machine',
      native,
      /for machine (62|183), not for BPF \(247\): compile with clang -target bpf/,
    ],
    ['32 bits', () => patched((_, bytes) => (bytes[4] = 1)), /is a 32-bit ELF file/],
    ['no class', () => patched((_, bytes) => (bytes[4] = 0)), /no valid ELF class/],
    ['no byte order', () => patched((_, bytes) => (bytes[5] = 3)), /no valid ELF byte order/],
    ['half a file', () => valid().subarray(0, 300), /section header table/],
    [
      'no section headers',
      () =>
        patched((view) => {
          view.setBigUint64(40, 0n, true);
        }),
      /no section header table/,
    ],
    [
      'an impossible offset',
      () =>
        patched((view) => {
          view.setBigUint64(40, 1n << 60n, true);
        }),
      /impossible value/,
    ],
    [
      'headers of another size',
      () =>
        patched((view) => {
          view.setUint16(58, 40, true);
        }),
      /section headers of 40 bytes/,
    ],
    [
      'names in no section',
      () =>
        patched((view) => {
          view.setUint16(62, 999, true);
        }),
      /names section 999/,
    ],
    [
      'a section past the end',
      () =>
        patched((view) => {
          view.setBigUint64(table(view) + 2 * 64 + 32, 1n << 30n, true);
        }),
      /section 2 '[^']*': reaches from byte/,
    ],
    [
      'a billion sections',
      () =>
        patched((view) => {
          view.setUint16(60, 0, true);
          view.setBigUint64(table(view) + 32, 1n << 30n, true);
        }),
      /section header table of 1073741824 sections/,
    ],
  ];
  test.each(CASES)('%s', (_name, make, message) => {
    expect(() => parseElf(make(), 'lib.o')).toThrow(message);
    expect(() => parseElf(make(), 'lib.o')).toThrow(ElfError);
  });

  test('damage to symbols and relocations is found when they are read', () => {
    const bytes = valid();
    const elf = parseElf(bytes, 'lib.o');
    const symbols = elf.section('.symtab');
    const text = elf.section('.text');
    const relocations = elf.sections.find(({ name }) => name === '.rel.text');
    if (symbols === undefined || relocations === undefined || text === undefined)
      throw new Error('no such section');
    new DataView(bytes.buffer, relocations.data.byteOffset).setUint32(12, 5000, true);
    expect(() => parseElf(bytes, 'lib.o').relocations(text)).toThrow(/entry 0 refers to symbol 5000 of/);
    new DataView(bytes.buffer, symbols.data.byteOffset).setUint16(24 + 6, 5000, true);
    expect(() => parseElf(bytes, 'lib.o').symbols).toThrow(/symbol 1 '.*': is in section 5000 of/);
    new DataView(bytes.buffer, symbols.data.byteOffset).setUint32(24, 5000, true);
    expect(() => parseElf(bytes, 'lib.o').symbols).toThrow(/symbol names: name at offset 5000/);
  });

  test('no prefix of an object is anything but refused', () => {
    const bytes = valid();
    for (let length = 0; length < bytes.length; length += 7) {
      expect(() => parseElf(bytes.subarray(0, length), 'lib.o')).toThrow(ElfError);
    }
  });
});

test('more sections than a section index has room for', () => {
  const count = 66_000;
  const lines = Array.from(
    { length: count },
    (_, n) => `.section .data.s${String(n)},"aw"\n.long ${String(n)}\n`,
  );
  const source = `asm(${JSON.stringify(lines.join('') + '.globl last\n.type last,@object\nlast: .long 1\n.size last, 4\n')});`;
  const elf = read(compileBpfSource(source, 'many-sections', ['-g0']));
  expect(elf.sections.length).toBeGreaterThan(count);
  const last = elf.symbols.find(({ name }) => name === 'last');
  expect(elf.sections[last?.sectionIndex ?? 0]?.name).toBe(`.data.s${String(count - 1)}`);
});
