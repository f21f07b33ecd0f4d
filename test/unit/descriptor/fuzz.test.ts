/**
 * Damaged objects. FUZZ_CASES=20000 is `npm run fuzz:descriptor`; FUZZ_SEED=n starts at the seed that a failure named.
 */
import { readFileSync } from 'node:fs';
import { compileBpf } from '../../support/compile';
import { fuzzDescriptor } from '../../support/fuzz-descriptor';

const cases = Number(process.env['FUZZ_CASES'] ?? 600);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);

test(`${String(cases)} damaged objects are described or refused, in bounded time`, () => {
  const objects = ['descriptor_library', 'descriptor_types'].map((name) => readFileSync(compileBpf(name)));
  const result = fuzzDescriptor(objects, cases, seed);
  expect(result.described + result.refused).toBe(cases);
  // Damage that is never noticed, or always at the first byte, would test nothing.
  expect(result.described).toBeGreaterThan(cases / 50);
  expect(result.messages.size).toBeGreaterThan(20);
  process.stdout.write(
    `${String(result.described)} described, ${String(result.refused)} refused with ${String(result.messages.size)} messages, slowest ${result.slowest.toFixed(0)} ms\n`,
  );
}, 600_000);
