/** Every generated module passes tsc, and can be imported. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { generate, type GenerateOptions } from '../../../lib/codegen/generate';
import { moduleModel } from '../../../lib/codegen/model/model';
import { builtPackage, transpile } from '../../support/built-package';
import { corpusBytes, corpusDescriptor, corpusNames } from '../../support/corpus';
import { typeErrors } from '../../support/type-check';

const names = corpusNames();

const text = (name: string, options: GenerateOptions, extension = 'ts'): string =>
  generate(corpusDescriptor(name), options).find((file) => file.extension === extension)?.text ?? '';

/** What users write with the types: each line compiles, or does not where it says so. */
const USES = `
import type { ArrayView, CharArray } from 'libbpf-subskel';
import { BpfObject } from 'libbpf-subskel';
import { BtfStructs, type nested } from './btf_structs.subskel';
import { BtfEnums, color } from './btf_enums.subskel';
import { MapsTyped, verdict } from './maps_typed.subskel';
import { MapsPlain } from './maps_plain.number.subskel';
import { StructOps_ } from './struct_ops.skel';
import { NamesTypescript, string_ } from './names_typescript.subskel';

const object = BpfObject.open('x.o');
const structs = BtfStructs.open(object, { check: 'size' });
const a: number = structs.bss.nested.value.a;
const wide: bigint = structs.bss.nested.read().wide;
const halves: Uint32Array = structs.bss.nested.value.halves;
structs.bss.nested.value.point.x = 3;
structs.bss.nested.write({ point: { y: 4 }, wide: 5n });
const flag: boolean = structs.bss.bits.value.e;
const pairs: ArrayView<{ n: nested }> | unknown = structs.bss.pairs.value;
// @ts-expect-error a string is no number
structs.bss.nested.value.a = 'x';
// @ts-expect-error no such member
structs.bss.nested.write({ nothing: 1 });
// @ts-expect-error variables are read-only properties
structs.bss.nested = structs.bss.nested;

const enums = BtfEnums.open(object);
enums.data.color.value = color.GREEN;
const five: 5 = color.GREEN;
// @ts-expect-error constants are constant
color.GREEN = 6;

const maps = MapsTyped.open(object);
const packets: bigint | undefined = maps.maps.flows.get({ saddr: 1, daddr: 2, sport: 3, dport: 4, proto: 5 })?.packets;
const text: CharArray | undefined = [...maps.maps.by_name.keys()][0];
const passed: boolean = maps.maps.by_name.get(text!) === verdict.PASS;
const perCpu: number | undefined = maps.maps.unnamed.get(0)?.[1]?.inner.b.length;
const untyped: Uint8Array | undefined = maps.maps.untyped.get(new Uint8Array(6));
// @ts-expect-error the key is a struct
maps.maps.flows.get(1);

const plain = MapsPlain.open(object);
const asNumber: number | undefined = plain.maps.hash.get(1);

const skeleton = StructOps_.open({ logLevel: 'debug' });
skeleton.structOps.my_ops.set({ name: 'mine', flags: 2, init: null, ssthresh: skeleton.progs.my_ssthresh });
// @ts-expect-error a plain member takes no program
skeleton.structOps.my_ops.set({ flags: 'my_init' });
const flags: number = skeleton.structOps.my_ops.get().flags;
skeleton.load();
skeleton.attach();
const cwnd: number = skeleton.bss.calls.value;
skeleton.links.my_ops?.close();
const other = BtfStructs.open(skeleton.object);
skeleton.close();
const length: string_ = NamesTypescript.open(object).bss.string.read();
const three: number = NamesTypescript.open(object).bss.class.value.new;
NamesTypescript.open(object).progs.with.autoload = false;
export { a, wide, halves, flag, pairs, five, packets, passed, perCpu, untyped, asNumber, cwnd, flags, other, length, three };
`;

test('all of them pass tsc --strict, and so does what users write with them', () => {
  const texts = new Map<string, string>([['uses.ts', USES]]);
  for (const name of names) {
    texts.set(`${name}.subskel.ts`, text(name, { kind: 'subskeleton', check: 'size' }));
    texts.set(`${name}.skel.ts`, text(name, { kind: 'skeleton', object: corpusBytes(name) }));
    texts.set(`${name}.types.d.ts`, text(name, { kind: 'skeleton', object: './x.o', lang: 'js' }, 'd.ts'));
  }
  texts.set('maps_plain.number.subskel.ts', text('maps_plain', { kind: 'subskeleton', int64: 'number' }));
  expect(typeErrors(texts)).toEqual([]);
}, 120_000);

/** Imports every module of a folder, and answers what each exports. */
const IMPORTER = `
const fs = require('node:fs'), path = require('node:path');
(async () => {
  const found = {};
  for (const file of fs.readdirSync(__dirname).filter((name) => /\\.(cjs|mjs)$/.test(name) && name !== 'importer.cjs')) {
    const exports = await import(path.join(__dirname, file));
    found[file] = Object.fromEntries(Object.entries(exports).filter(([key]) => key !== 'default' && key !== '__esModule' && key !== 'module.exports').map(([key, value]) =>
      [key, typeof value.open === 'function' ? value.name : Object.entries(value).map(([k, v]) => k + '=' + v)]));
  }
  console.log(JSON.stringify(found));
})();
`;

test('all of them can be imported, as TypeScript, CommonJS and ES modules', () => {
  const folder = path.join(builtPackage(), 'modules');
  mkdirSync(folder, { recursive: true });
  const expected: Record<string, unknown> = {};
  for (const name of names) {
    const { typeName, types, nameOf } = moduleModel(corpusDescriptor(name));
    const enums = types.flatMap(({ description }) =>
      description.kind === 'enum'
        ? [
            [
              nameOf(description),
              Object.entries(description.constants).map(([key, value]) => `${key}=${String(value)}`),
            ],
          ]
        : [],
    ) as [string, string[]][];
    const exports = { ...Object.fromEntries(enums), [typeName]: name };
    const write = (file: string, content: string): void => {
      writeFileSync(path.join(folder, file), content);
      expected[file] = exports;
    };
    write(`${name}.ts.cjs`, transpile(text(name, { kind: 'subskeleton' })));
    write(`${name}.cjs`, text(name, { kind: 'skeleton', lang: 'js', object: corpusBytes(name) }, 'js'));
    write(`${name}.mjs`, text(name, { kind: 'skeleton', lang: 'js', module: 'esm', object: 'x.o' }, 'js'));
  }
  writeFileSync(path.join(folder, 'importer.cjs'), IMPORTER);
  // The generator's side of the package and the import of a module need no addon.
  const env = { ...process.env, LIBBPF_SUBSKEL_ADDON: '/nonexistent' };
  const stdout = execFileSync(process.execPath, ['--no-addons', path.join(folder, 'importer.cjs')], {
    env,
    encoding: 'utf8',
  });
  expect(JSON.parse(stdout)).toEqual(expected);
});

test('an embedded object is the object', () => {
  const module = text('maps_plain', { kind: 'skeleton', object: corpusBytes('maps_plain') });
  const [, size = '', brotli = ''] =
    /object: \{\n\s+size: (\d+),\n\s+brotli:\s+"([^"]+)",/.exec(module) ?? [];
  const bytes = brotliDecompressSync(Buffer.from(brotli, 'base64'));
  expect(bytes.equals(corpusBytes('maps_plain'))).toBe(true);
  expect(bytes.length).toBe(Number(size));
  // base64 costs a third; compression has to gain more.
  expect(brotli.length).toBeLessThan(bytes.length / 2);
});
