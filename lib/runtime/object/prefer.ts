/** `object.prefer()`: of several ways to do one thing, the first that this kernel can run. */
import { AlreadyLoadedError, UnsupportedError } from '../../errors';
import { runnableObstacle } from '../probe/runnable';
import { attachTargetOf, type BpfProgram } from '../program/bpf-program';
import { checkString, refuse } from '../../util/check';
import type { Phase } from './object-state';

type Alternatives = readonly (readonly string[])[];

interface Owner {
  readonly name: string;
  program(name: string): BpfProgram;
}

function checked(alternatives: Alternatives, owner: Owner): BpfProgram[][] {
  const given: unknown = alternatives;
  if (!Array.isArray(given) || given.length === 0)
    refuse('alternatives', 'an array of arrays of programs', given);
  return given.map((names: unknown, index) => {
    const where = `alternatives[${String(index)}]`;
    if (!Array.isArray(names) || names.length === 0) refuse(where, 'an array of names of programs', names);
    return names.map((name: unknown, at) => {
      checkString(name, `${where}[${String(at)}]`);
      return owner.program(name);
    });
  });
}

/** Why each of the programs cannot run, a line for each; none where all of them can. */
function obstacles(programs: readonly BpfProgram[]): string[] {
  return programs.flatMap((program) => {
    const { name, type, expectedAttachType, section } = program;
    const obstacle = runnableObstacle({ type, expectedAttachType, section, target: attachTargetOf(program) });
    return obstacle === undefined ? [] : [`program '${name}' (SEC("${section}")): ${obstacle.why}`];
  });
}

export function prefer(owner: Owner, phase: Phase, alternatives: Alternatives): string[] {
  const groups = checked(alternatives, owner);
  if (phase !== 'opened') {
    throw new AlreadyLoadedError(
      `prefer: object '${owner.name}' is ${phase} already, with the programs that it has`,
    );
  }
  const problems: string[] = [];
  const chosen = groups.find((programs) => {
    const found = obstacles(programs);
    problems.push(...found);
    return found.length === 0;
  });
  if (chosen === undefined) {
    throw new UnsupportedError(
      `object '${owner.name}': this kernel can run none of the alternatives:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
  }
  for (const program of groups.flat()) program.autoload = chosen.includes(program);
  return chosen.map(({ name }) => name);
}
