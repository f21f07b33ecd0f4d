/**
 * The text that is compiled for a struct of each kind, against golden files: what changes it is reviewed as code. `npm run golden`
 * writes them anew.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compiledCodec } from '../../../../lib/btf/codec/codec';
import type { StructType, Type } from '../../../../lib/btf/layout/layout-model';
import { recordClass } from '../../../../lib/events/record/record-class';
import { Region } from '../../../../lib/memory/region/region';
import { liveOps } from '../../../../lib/memory/view/live';
import { createVariable } from '../../../../lib/memory/variable/variable';
import { prettify } from '../../../support/prettier';
import {
  array,
  bits,
  bool,
  char,
  double,
  enumeration,
  pointer,
  s16,
  s32,
  s64,
  struct,
  u128,
  u32,
  u64,
  u8,
} from '../../../support/types';

const FOLDER = path.join(__dirname, 'golden');
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';

const inner = struct('inner', { a: u32, b: u8 });
/** One of each kind of member, and of each way that it may lie. */
const STRUCTS: Readonly<Record<string, StructType>> = {
  scalars: struct('scalars', {
    a: u8,
    b: s16,
    c: u32,
    d: s64,
    e: double,
    f: bool,
    g: pointer,
    h: enumeration(4, true),
  }),
  bitfields: struct('bitfields', { a: bits(u32, 3), b: bits(s32, 7), c: bits(u64, 40), d: bits(bool, 1) }),
  packed: struct('packed', { a: u8, b: u32, c: bits(u64, 4), d: bits(s64, 63), e: u128 }, { packed: true }),
  nested: struct('nested', { one: inner, many: array(inner, 2), text: array(char, 8), words: array(u64, 3) }),
  either: struct('either', { number: u64, bytes: array(u8, 8) }, { union: true }),
};

/** Variables of 64 bits have another `number` where processors may reorder loads. */
const SCALARS: Readonly<Record<string, Type>> = {
  ...{ u32, bool, double, u128 },
  ...(process.arch === 'x64' ? { s64 } : {}),
};

/** What a function or class is in the source that was compiled. */
const source = (made: unknown): string => String(made);

const assigned = (name: string, made: unknown): string => `export const ${name} = ${source(made)};\n`;

function codecText(type: Type, int64: 'bigint' | 'number'): string {
  const { readInner, stage, store } = compiledCodec(type, { int64 });
  return Object.entries({ readInner, stage, store })
    .map(([name, step]) => assigned(name, step))
    .join('\n');
}

function liveText(type: StructType): string {
  const { read, store } = liveOps(type, true, { int64: 'bigint' });
  return assigned('read', read) + assigned('store', store);
}

function variable(type: Type, offset = 0): object {
  const region = new Region('.data');
  region.setImage(new Uint8Array(offset + type.size + 8));
  const spec = { name: 'v', section: '.data', offset, size: type.size, type, declaration: '' };
  return createVariable(region, spec);
}

function classText(instance: object): string {
  return source(instance.constructor).replace(/^class extends/, 'class Anonymous extends');
}

const EMITTED: Readonly<Record<string, () => string>> = {
  ...Object.fromEntries(
    Object.entries(STRUCTS).flatMap(([name, type]) => [
      [`codec-${name}`, () => codecText(type, 'bigint')],
      [`view-${name}`, () => classText((variable(type) as { value: object }).value)],
      [`live-${name}`, () => liveText(type)],
      [`record-${name}`, () => assigned('plain', recordClass(type, { int64: 'bigint' }).plain)],
    ]),
  ),
  'codec-scalars-as-numbers': () => codecText(STRUCTS['scalars'] as Type, 'number'),
  'record-scalars-as-numbers': () =>
    assigned('plain', recordClass(STRUCTS['scalars'] as StructType, { int64: 'number' }).plain),
  'codec-array': () => codecText(array(u64, 3), 'bigint'),
  'codec-text': () => codecText(array(char, 8), 'bigint'),
  'array-view': () => classText((variable(array(bool, 3)) as { value: object }).value),
  ...Object.fromEntries(
    Object.entries(SCALARS).map(([name, type]) => [`variable-${name}`, () => classText(variable(type))]),
  ),
  'variable-unaligned': () => classText(variable(u32, 1)),
};

test.each(Object.entries(EMITTED))('%s', async (name, emit) => {
  const file = path.join(FOLDER, `${name}.txt`);
  const text = await prettify(emit());
  if (UPDATE) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(readFileSync(file, 'utf8'));
});
