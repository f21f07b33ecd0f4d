/** Raw BTF: every record as bpftool reads it, lookups by name, split BTF, and damage. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { RawBtf } from '../../../../lib/btf/records/record-table';
import type { RawType } from '../../../../lib/btf/records/records';
import { readBtf } from '../../../../lib/descriptor/read/from-object';
import { parseElf } from '../../../../lib/elf/elf';
import { BtfError } from '../../../../lib/errors';
import { BtfBuilder } from '../../../support/btf-builder';
import { compileBpf } from '../../../support/compile';
import { BPFTOOL } from '../../../support/bpftool';

/** A record in the words of `bpftool btf dump -j`. */
function inBpftoolsWords(type: RawType): Record<string, unknown> {
  const head = { id: type.id, kind: type.kind.toUpperCase(), name: type.name === '' ? '(anon)' : type.name };
  const named = (name: string): string => (name === '' ? '(anon)' : name);
  switch (type.kind) {
    case 'int':
      return {
        ...head,
        size: type.size,
        bits_offset: type.bitOffset,
        nr_bits: type.bits,
        encoding: type.isBool ? 'BOOL' : type.isChar ? 'CHAR' : type.signed ? 'SIGNED' : '(none)',
      };
    case 'array':
      return { ...head, type_id: type.type, index_type_id: type.indexType, nr_elems: type.length };
    case 'struct':
    case 'union': {
      const members = type.members.map((member) => ({
        name: named(member.name),
        type_id: member.type,
        bits_offset: member.bitOffset,
        ...(member.bitSize === 0 ? {} : { bitfield_size: member.bitSize }),
      }));
      return { ...head, size: type.size, vlen: members.length, members };
    }
    case 'enum':
    case 'enum64': {
      const values = type.constants.map(({ name, value }) => ({
        name: named(name),
        // bpftool 7.1 extends the sign of unsigned constants, too.
        val: type.signed ? value : Number(BigInt.asUintN(64, BigInt(Number(value) | 0))),
      }));
      return {
        ...head,
        encoding: type.signed ? 'SIGNED' : 'UNSIGNED',
        size: type.size,
        vlen: values.length,
        values,
      };
    }
    case 'fwd':
      return { ...head, fwd_kind: type.isUnion ? 'union' : 'struct' };
    case 'func':
    case 'var':
      return { ...head, type_id: type.type, linkage: type.linkage };
    case 'func_proto': {
      const params = type.parameters.map(({ name, type: id }) => ({ name: named(name), type_id: id }));
      return { ...head, ret_type_id: type.type, vlen: params.length, params };
    }
    case 'datasec': {
      const vars = type.entries.map(({ type: id, offset, size }) => ({ type_id: id, offset, size }));
      return { ...head, size: type.size, vlen: vars.length, vars };
    }
    case 'float':
      return { ...head, size: type.size };
    case 'decl_tag':
      return { ...head, type_id: type.type, component_idx: type.component };
    case 'void':
    case 'unknown':
      return head;
    default:
      return { ...head, type_id: type.type };
  }
}

test.each(['descriptor_library', 'descriptor_types'])('%s: every record as bpftool reads it', (name) => {
  const file = compileBpf(name);
  const output = execFileSync(BPFTOOL, ['btf', 'dump', '-j', 'file', file], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const { types } = JSON.parse(output) as { types: Record<string, unknown>[] };
  const btf = readBtf(parseElf(readFileSync(file), file));
  expect(btf.length).toBe(types.length + 1);
  for (const expected of types) {
    const found = inBpftoolsWords(btf.type(Number(expected['id'])));
    // bpftool 7.1 repeats names of referred types, and calls global variables by another name.
    const comparable = Object.fromEntries(
      Object.keys(found).map((key) => [key, withoutNames(expected[key])]),
    );
    expect({ ...found, linkage: undefined }).toEqual({ ...comparable, linkage: undefined });
  }
});

/** Entries of sections carry the variables' names in bpftool's output. */
function withoutNames(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((entry: Record<string, unknown>) => {
    if (!('offset' in entry)) return entry;
    return { ...entry, name: undefined };
  });
}

describe('lookups', () => {
  const build = new BtfBuilder();
  const int = build.int('int', 4, { signed: true });
  const struct = build.struct('thing', 4, [{ name: 'a', type: int, at: 0 }]);
  const typedef = build.reference('typedef', struct, 'thing');
  const second = build.struct('thing', 0, []);
  const tag = build.add('decl_tag', 'of the member', 0, false, struct, 0);
  build.add('decl_tag', 'of the struct', 0, false, struct, 0xffffffff);
  const btf = RawBtf.parse(build.build(), 'test');

  test.each([
    ['thing', 'struct', [struct, second]],
    ['thing', 'typedef', [typedef]],
    ['thing', 'union', []],
    ['thin', 'struct', []],
    ['things', 'struct', []],
    ['', 'struct', []],
    ['of the member', 'decl_tag', [tag]],
  ] as const)('%s (%s)', (name, kind, expected) => {
    expect([...btf.idsByName(name, kind)]).toEqual(expected);
    expect(btf.findByName(name, kind)).toBe(expected[0]);
  });
  test('kinds and tags', () => {
    expect([...btf.idsOfKind('struct')]).toEqual([struct, second]);
    expect(btf.kindOf(typedef)).toBe('typedef');
    expect(btf.nameOf(0)).toBe('void');
    expect(btf.tagsOf(struct)).toEqual(['of the struct']);
    expect(btf.tagsOf(struct, 0)).toEqual(['of the member']);
    expect(btf.type(struct)).toBe(btf.type(struct));
  });
});

describe('split BTF', () => {
  const base = new BtfBuilder();
  const int = base.int('int', 4);
  const baseBtf = RawBtf.parse(base.build(), 'vmlinux');
  const build = new BtfBuilder({ firstId: baseBtf.length, firstName: baseBtf.namesLength });
  const struct = build.struct('module_thing', 4, [{ name: 'a', type: int, at: 0 }]);
  const btf = RawBtf.parse(build.build(), 'module', baseBtf);

  test('goes on where its base ends', () => {
    expect(struct).toBe(2);
    expect(btf.length).toBe(3);
    expect(btf.type(struct)).toMatchObject({
      kind: 'struct',
      name: 'module_thing',
      members: [{ name: 'a', type: int }],
    });
    expect(btf.type(int)).toBe(baseBtf.type(int));
    expect(btf.findByName('int', 'int')).toBe(int);
    expect(btf.findByName('module_thing', 'struct')).toBe(struct);
    expect([...btf.idsOfKind('int'), ...btf.idsOfKind('struct')]).toEqual([int, struct]);
    expect(btf.error(int, 'x').message).toBe("vmlinux: BTF type 1 (int 'int'): x");
  });
  test('must have the byte order of its base', () => {
    expect(() => RawBtf.parse(new BtfBuilder({ littleEndian: false }).build(), 'module', baseBtf)).toThrow(
      /another byte order/,
    );
  });
});

test('big endian', () => {
  const build = new BtfBuilder({ littleEndian: false });
  build.int('int', 4, { signed: true });
  const btf = RawBtf.parse(build.build(), 'test');
  expect(btf.littleEndian).toBe(false);
  expect(btf.type(1)).toMatchObject({ kind: 'int', name: 'int', size: 4, bits: 32, signed: true });
});

describe('damage', () => {
  const valid = (): Uint8Array => {
    const build = new BtfBuilder();
    build.int('int', 4);
    return build.build();
  };
  const patched = (offset: number, word: number): Uint8Array => {
    const bytes = valid();
    new DataView(bytes.buffer).setUint32(offset, word, true);
    return bytes;
  };
  const CASES: readonly (readonly [string, () => Uint8Array, RegExp])[] = [
    ['nothing', () => new Uint8Array(0), /BTF header: is truncated/],
    ['a header that is cut off', () => valid().subarray(0, 20), /BTF header: is truncated/],
    ['another magic number', () => patched(0, 0x1234), /magic number/],
    ['another version', () => patched(0, 0x2eb9f), /version 2/],
    ['a header longer than the file', () => patched(4, 1000), /header length of 1000/],
    ['types past the end', () => patched(12, 1000), /puts the types at bytes 24 to 1024/],
    ['strings past the end', () => patched(20, 1000), /puts the strings/],
    ['strings without an end', () => patched(20, 4), /do not end with NUL/],
    ['half a record', () => patched(12, 8), /record starts 8 bytes before the end/],
    ['a record that is cut off', () => patched(12, 12), /reaches past the end/],
    ['a kind of the future', () => patched(28, 25 << 24), /has kind 25/],
    ['void as a record', () => patched(28, 0), /has kind 0/],
  ];
  test.each(CASES)('%s', (_name, make, message) => {
    expect(() => RawBtf.parse(make(), 'file.o')).toThrow(message);
    expect(() => RawBtf.parse(make(), 'file.o')).toThrow(BtfError);
    expect(() => RawBtf.parse(make(), 'file.o')).toThrow(/^file\.o: /);
  });
  test.each([
    ['a name past the end', patched(24, 1000), /name at offset 1000 of 5 bytes/],
    [
      'a reference past the end',
      (() => {
        const b = new BtfBuilder();
        b.reference('ptr', 7);
        return b.build();
      })(),
      /refers to type 7, but there are 2/,
    ],
    [
      'a linkage that is none',
      (() => {
        const b = new BtfBuilder();
        b.variable('v', 0, 9);
        return b.build();
      })(),
      /has linkage 9/,
    ],
  ])('%s is found when the record is read', (_name, bytes, message) => {
    expect(() => RawBtf.parse(bytes, 'file.o').type(1)).toThrow(message);
  });
});

test('a BTF as large as a kernel is parsed and searched without decoding its types', () => {
  const build = new BtfBuilder();
  const int = build.int('int', 4);
  for (let n = 0; n < 100_000; n++) build.struct(`struct_${String(n)}`, 4, [{ name: 'a', type: int, at: 0 }]);
  const bytes = build.build();
  const start = performance.now();
  const btf = RawBtf.parse(bytes, 'large');
  expect(btf.findByName('struct_99999', 'struct')).toBe(100_001);
  // 25 ms in plain node; jest's sandbox is slower, decoding all types far slower, a quadratic search takes minutes.
  expect(performance.now() - start).toBeLessThan(5000);
});
