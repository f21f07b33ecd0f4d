/** Compiles the sources of a build, several at once; all problems are told, not only the first. */
import { compile, CompileFailure, type Compiled } from '../../compile/compile';
import { Failure, type Io } from '../command/command';
import { unresolvedProblems, type FoundLibraries } from './find-libraries';
import type { Plan } from './plan';

/** More clangs at once than this only fight for memory. */
const JOBS = 4;

/** @throws Failure */
export async function compileAll(plan: Plan, found: FoundLibraries, io: Io): Promise<Compiled[]> {
  const results: Compiled[] = [];
  const problems: string[] = [];
  const queue = [...plan.sources.entries()];
  const color = io.color === true ? ['-fcolor-diagnostics'] : [];
  const job = {
    clang: plan.clang,
    identity: plan.identity,
    flags: [...color, ...found.flags, ...plan.flags],
    context: found.context,
    cache: plan.cache,
    cwd: io.cwd,
    diagnostics: io.err,
  };
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, source] = next;
      try {
        results[index] = await compile({ ...job, source });
      } catch (error) {
        if (!(error instanceof CompileFailure)) throw error;
        problems.push(error.message);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(JOBS, queue.length) }, work));
  if (problems.length > 0) {
    throw new Failure([...new Set([...problems, ...unresolvedProblems(found.unresolved, io.cwd)])]);
  }
  return results;
}
