/** Batches of random declarations, until the time is over; what goes wrong is made small. */
import { newClang } from '../support/compile';
import { compareAll, type Mismatch, type Tally } from './compare';
import { declarationOf, randomSpecs, simpler, type Spec } from './declaration';
import { askCompiler } from './oracle';

/** Declarations that one call of each compiler takes. */
const BATCH = 40;
/** How often a declaration is made smaller. */
const MOST_STEPS = 40;

export interface Effort {
  readonly seed: number;
  readonly seconds: number;
  readonly batches: number;
}

export interface Outcome {
  readonly declarations: number;
  readonly comparisons: number;
  readonly refused: number;
  readonly reports: readonly string[];
}

export function fuzz({ seed, seconds, batches }: Effort): Outcome {
  const clang = newClang();
  const end = Date.now() + seconds * 1000;
  const outcome = { declarations: 0, comparisons: 0, refused: 0, reports: [] as string[] };
  for (let batch = 0; batch < batches && Date.now() < end && outcome.reports.length === 0; batch++) {
    const now = seed + batch;
    const specs = randomSpecs(now, BATCH);
    const { tally, declarations } = compare(specs, clang, now);
    outcome.declarations += declarations;
    outcome.comparisons += tally.comparisons;
    outcome.refused += tally.refused;
    const [mismatch] = tally.mismatches;
    if (mismatch !== undefined) {
      const small = shrink(specs[mismatch.index] as Spec, mismatch, clang, now);
      outcome.reports.push(
        `${String(tally.mismatches.length)} mismatches with seed ${String(now)}, the first of them:\n${mismatch.what}` +
          `\n\nmade smaller:\n${small.what}\n\nagain: FUZZ_SEED=${String(now)} FUZZ_BATCHES=1 npm run fuzz:c`,
      );
    }
  }
  return outcome;
}

function compare(
  specs: readonly Spec[],
  clang: string,
  seed: number,
): { tally: Tally; declarations: number } {
  const truths = askCompiler(specs.map(declarationOf), clang, seed);
  return { tally: compareAll(truths, clang), declarations: truths.length };
}

/** As long as something simpler goes wrong as well, that. */
function shrink(spec: Spec, mismatch: Mismatch, clang: string, seed: number): Mismatch {
  let smallest = mismatch;
  let current = spec;
  for (let step = 0; step < MOST_STEPS; step++) {
    const candidates = simpler(current).slice(0, 60);
    let found: Mismatch | undefined;
    try {
      [found] = compare(candidates, clang, seed).tally.mismatches;
    } catch {
      // One that the compiler refuses.
    }
    if (found === undefined) break;
    smallest = found;
    current = candidates[found.index] as Spec;
  }
  return smallest;
}
