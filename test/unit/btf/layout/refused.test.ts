/** What compilers write that cannot be true: refused by name. */
import { Btf, BtfError, describe as describeObject } from '../../../../lib';
import { BtfBuilder, type MemberSpec } from '../../../support/btf-builder';
import { compileBpfSource } from '../../../support/compile';

const MIB = 1 << 20;

describe('structs with bitfields that are larger than BTF has places for', () => {
  test('describe() refuses what clang wrote', () => {
    const file = compileBpfSource(
      `struct big { int z : 1; char pad[3 << 20]; unsigned c; } w __attribute__((section(".data.w")));`,
      'bitfield-2mib',
    );
    expect(() => describeObject(file)).toThrow(BtfError);
    expect(() => describeObject(file)).toThrow(/struct 'big'.*has bitfields, and members more than 2 MiB in/);
  });

  test('one whose members all lie in front is read', () => {
    const file = compileBpfSource(
      `struct big { int z : 1; unsigned c; char pad[3 << 20]; } w __attribute__((section(".data.w")));`,
      'bitfield-front',
    );
    expect(describeObject(file).variables.map(({ name }) => name)).toEqual(['w']);
  });

  const struct = (size: number, members: (int: number) => MemberSpec[], kind?: 'union'): Btf => {
    const b = new BtfBuilder();
    b.struct('s', size, members(b.int('int', 4)), kind);
    return Btf.fromBytes(b.build());
  };

  test.each([
    ['a member that seems to lie 2 MiB further out', 2 * MIB + 8, [0, 32]],
    ['members that go backwards', 4 * MIB, [64, 0]],
  ])('%s', (_, size, places) => {
    const btf = struct(size, (type) => places.map((at, index) => ({ name: `m${index}`, type, at, bits: 1 })));
    const use = /struct 's'.*has bitfields, and members more than 2 MiB in/;
    expect(() => btf.type('struct s').layout).toThrow(use);
    expect(() => btf.type('struct s').members).toThrow(use);
    expect(() => btf.type('struct s').definition()).toThrow(use);
    expect(() => btf.decode('struct s', new Uint8Array(size))).toThrow(use);
  });

  test('without bitfields places have 32 bits', () => {
    const btf = struct(3 * MIB, (type) => [{ name: 'm', type, at: 0 }]);
    expect(btf.type('struct s').layout).toMatchObject({ size: 3 * MIB });
  });
});

describe('what has no type', () => {
  const b = new BtfBuilder();
  const int = b.int('int', 4);
  b.variable('lost', 0);
  b.struct('s', 8, [
    { name: 'x', type: int, at: 0 },
    { name: 'gone', type: 0, at: 32 },
  ]);
  b.array(0, 4);
  b.reference('typedef', 0, 'nothing');
  const btf = Btf.fromBytes(b.build(), { name: 'x.o' });

  test.each([
    ['lost', "x.o: BTF type 2 (var 'lost'): has no type: it is void there, as clang writes it"],
    ['struct s', "x.o: BTF type 3 (struct 's'): member 'gone' has no type"],
    [4, 'x.o: BTF type 4 (array): its element has no type'],
    ['nothing', "x.o: BTF type 5 (typedef 'nothing'): has no type"],
    [0, 'void has no values'],
  ])('%s', (name, message) => {
    expect(() => btf.type(name).layout).toThrow(message);
  });

  test('a variable of an enum of 70,000 constants, as clang before 24 compiles it', () => {
    const constants = Array.from({ length: 70_000 }, (_, index) => `C${index}`).join(',');
    const file = compileBpfSource(`enum many { ${constants} }; enum many state;`, 'enum-70000');
    const known = Btf.fromFile(file).find('enum many')?.constants;
    if (known === undefined) expect(() => describeObject(file)).toThrow(/'state'.*has no type.*65535/);
    else expect(known).toHaveLength(70_000);
  });
});
