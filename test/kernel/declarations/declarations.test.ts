/**
 * Random C declarations, compiled by clang for this machine and for BPF: what C reads and stores at each place is what this
 * package does, in variables, bytes, map values and records, and no other bit changes. The same ones each time, as many as
 * there is time for; `npm run fuzz:c` goes on with others, and prints how much it has compared.
 */
import { fuzz } from '../../declarations/fuzz';

const given = (name: string): number | undefined => {
  const text = process.env[name];
  return text === undefined || text === '' ? undefined : Number(text);
};

const long = given('FUZZ_SECONDS') !== undefined || given('FUZZ_BATCHES') !== undefined;
const effort = {
  seed: given('FUZZ_SEED') ?? (long ? Date.now() >>> 0 : 1),
  seconds: given('FUZZ_SECONDS') ?? (long ? Infinity : 45),
  batches: given('FUZZ_BATCHES') ?? Infinity,
};

test(
  `random declarations, from seed ${effort.seed} on`,
  () => {
    const { declarations, comparisons, refused, reports } = fuzz(effort);
    if (long)
      console.log(
        `${declarations} declarations, ${comparisons} comparisons, ${refused} values refused by name`,
      );
    expect(reports.join('\n\n')).toBe('');
    expect(comparisons).toBeGreaterThan(10_000);
    // Only flexible arrays with elements, by encode(): half of the declarations have one.
    expect(refused).toBeLessThan(declarations);
  },
  24 * 3_600_000,
);
