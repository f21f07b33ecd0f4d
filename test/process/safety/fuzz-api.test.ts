/**
 * Random calls over the whole API and the handles of the addon (test/fuzz/): no process ends by a signal, every error is one of
 * ours, nothing stays open. The same few rounds each time; `npm run fuzz:api` goes on with others.
 */
import { fuzz } from '../../fuzz/fuzz';

const given = (name: string): number | undefined => {
  const text = process.env[name];
  return text === undefined || text === '' ? undefined : Number(text);
};

const long = given('FUZZ_SECONDS') !== undefined;
const effort = {
  seed: given('FUZZ_SEED') ?? (long ? Date.now() >>> 0 : 1),
  rounds: given('FUZZ_ROUNDS') ?? (long ? Infinity : 50),
  seconds: given('FUZZ_SECONDS') ?? Infinity,
  steps: given('FUZZ_STEPS') ?? 300,
};

test(
  `random calls, from seed ${effort.seed} on`,
  async () => {
    const { rounds, calls, thrown, reports } = await fuzz(effort);
    if (long) console.log(`${rounds} rounds, ${calls} calls, of which ${thrown} threw`);
    expect(reports.join('\n\n')).toBe('');
    // Most arguments are meant well: it must not all end in errors.
    expect(thrown).toBeLessThan(0.6 * calls);
  },
  24 * 3_600_000,
);
