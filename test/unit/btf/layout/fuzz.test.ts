/**
 * Forged layouts. FUZZ_CASES=200000 is `npm run fuzz:layout`; FUZZ_SEED=n starts at the seed that a failure named.
 */
import { readFileSync } from 'node:fs';
import { resolveType } from '../../../../lib/btf/layout/resolve';
import type { Type } from '../../../../lib/btf/layout/layout-model';
import { readBtf } from '../../../../lib/descriptor/read/from-object';
import { parseElf } from '../../../../lib/elf/elf';
import { compileBpf } from '../../../support/compile';
import { fuzzLayout } from '../../../support/fuzz-layout';
import {
  array,
  bits,
  bool,
  char,
  enumeration,
  float,
  s64,
  struct,
  u128,
  u32,
  u64,
} from '../../../support/types';

const cases = Number(process.env['FUZZ_CASES'] ?? 600);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);

/** One of each kind, so that each way of compiling is met often. */
const inner = struct('inner', { a: u32, b: bits(u64, 40), c: bits(bool, 1), text: array(char, 7) });
const BY_HAND: readonly Type[] = [
  u128,
  array(u64, 3),
  inner,
  struct('outer', {
    s: s64,
    each: array(inner, 2),
    wide: u128,
    few: array(bool, 5),
    e: enumeration(4, true),
  }),
  struct('packed', { a: bits(u64, 4), b: bits(s64, 63), c: u128, d: float }, { packed: true }),
  struct('either', { number: u64, bytes: array(char, 8) }, { union: true }),
];

test(`${String(cases)} forged layouts are taken and work, or are refused, in bounded time`, () => {
  const btf = readBtf(parseElf(readFileSync(compileBpf('descriptor_types')), 'object'));
  const layouts = ['struct', 'union', 'enum', 'enum64', 'array', 'int'].flatMap((kind) =>
    [...btf.idsOfKind(kind as 'struct')].map((id) => resolveType(btf, id)),
  );
  const result = fuzzLayout([...layouts, ...BY_HAND, ...BY_HAND, ...BY_HAND], cases, seed);
  expect(result.taken + result.refused).toBe(cases);
  // Forgery that is never noticed, or always at the first field, would test nothing.
  expect(result.taken).toBeGreaterThan(cases / 50);
  expect(result.messages.size).toBeGreaterThan(40);
  process.stdout.write(
    `${String(result.taken)} taken, ${String(result.refused)} refused with ${String(result.messages.size)} messages, slowest ${result.slowest.toFixed(0)} ms\n`,
  );
}, 1_200_000);
