/** Damaged BTF: every answer is a BtfError, and none takes long. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Btf, BtfError, ElfError, SubskelError } from '../../../../lib';
import { BtfBuilder } from '../../../support/btf-builder';
import { corpusNames, corpusObject } from '../../../support/corpus';
import { mutate } from '../../../support/mutate';
import { parseElf } from '../../../../lib/elf/elf';
import { withFolder } from '../../../support/run-cli';

/** All that can be asked of a BTF; what it says, and what it refuses. */
function askAll(bytes: Uint8Array): { said: number; refused: number } {
  let said = 0;
  let refused = 0;
  const ask = (question: () => unknown): void => {
    try {
      question();
      said++;
    } catch (error) {
      if (!(error instanceof SubskelError)) throw error;
      refused++;
    }
  };
  ask(() => {
    const btf = Btf.fromBytes(bytes);
    ask(() => btf.definition());
    ask(() => btf.find('struct request'));
    for (let id = 0; id < Math.min(btf.length, 30); id++) {
      ask(() => {
        const type = btf.type(id);
        ask(() => type.declaration());
        ask(() => type.definition());
        ask(() => type.size);
        ask(() => type.tags);
        ask(() => String(type.resolve()));
        if (type.kind === 'struct' || type.kind === 'union') {
          for (const member of type.members) ask(() => member.declaration);
          ask(() => type.member('no such member'));
        }
        ask(() => {
          const { size } = type.layout;
          if (size <= 4096) {
            const bytesOf = new Uint8Array(size).fill(id);
            ask(() => type.format(bytesOf, { emitZeroes: true, compact: true }));
            ask(() => type.decode(bytesOf));
          }
        });
      });
    }
  });
  return { said, refused };
}

test('400 damaged files', () => {
  const originals = corpusNames()
    .map((name) => readFileSync(corpusObject(name)))
    .flatMap((file) => {
      const section = parseElf(file, 'x').section('.BTF');
      return section === undefined || section.size > 20_000 ? [] : [section.data];
    });
  let slowest = 0;
  const total = { said: 0, refused: 0 };
  for (let seed = 0; seed < 400; seed++) {
    const original = originals[seed % originals.length]!;
    const bytes = mutate(original, [{ offset: 24, size: Math.min(original.length - 24, 2000) }], seed);
    const start = Date.now();
    const { said, refused } = askAll(bytes);
    slowest = Math.max(slowest, Date.now() - start);
    total.said += said;
    total.refused += refused;
  }
  expect(total.said).toBeGreaterThan(5000);
  expect(total.refused).toBeGreaterThan(300);
  expect(slowest).toBeLessThan(5000);
}, 120_000);

test.each([
  [
    'structs that double at each level',
    (b: BtfBuilder) => {
      for (let id = 1; id <= 60; id++)
        b.struct('', 0, [
          { name: 'a', type: id + 1, at: 0 },
          { name: 'b', type: id + 1, at: 0 },
        ]);
      b.struct('', 0, []);
    },
  ],
  [
    'function types that double at each level',
    (b: BtfBuilder) => {
      for (let id = 1; id <= 60; id++) b.prototype(id + 1, [id + 1, id + 1]);
      b.int('int', 4);
    },
  ],
  [
    'arrays of arrays of nothing',
    (b: BtfBuilder) => {
      for (let id = 1; id <= 30; id++) b.array(id + 1, 65_536);
      b.struct('nothing', 0, []);
    },
  ],
  [
    'a large array',
    (b: BtfBuilder) => {
      b.array(2, 0xffff_ffff);
      b.int('int', 4);
    },
  ],
  ['an int of no size', (b: BtfBuilder) => void b.int('int', 0)],
  [
    'one name for a hundred thousand types',
    (b: BtfBuilder) => {
      const name = b.name('request');
      for (let id = 1; id <= 100_000; id++) b.addNamed('var', name, id, 1);
    },
  ],
])('%s', (_, build) => {
  const b = new BtfBuilder();
  build(b);
  const start = Date.now();
  askAll(b.build());
  expect(Date.now() - start).toBeLessThan(10_000);
});

test('ELF files with damaged headers', () => {
  withFolder((folder) => {
    const file = path.join(folder, 'x.o');
    const original = readFileSync(corpusObject(corpusNames()[0]!));
    const table = Number(original.readBigUInt64LE(40));
    for (let seed = 0; seed < 300; seed++) {
      const regions = [
        { offset: 0, size: 64 },
        { offset: table, size: original.length - table },
      ];
      writeFileSync(file, mutate(original, regions, seed));
      try {
        Btf.fromFile(file).definition();
      } catch (error) {
        expect(error instanceof ElfError || error instanceof BtfError).toBe(true);
      }
    }
  });
});
