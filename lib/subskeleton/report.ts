/** The readable message of a SubskeletonError: one paragraph a problem. */
import { SubskeletonError, type SubskeletonProblem } from '../errors';

const WHAT: Record<SubskeletonProblem['kind'], string> = {
  missing: 'is not in the object',
  section: 'is in another section',
  linkage: 'is not global',
  size: 'has another size',
  layout: 'has another layout',
  type: 'is of another type',
  ambiguous: 'is seen elsewhere by libbpf',
};

export function subskeletonError(
  library: string,
  object: string,
  problems: readonly SubskeletonProblem[],
): SubskeletonError {
  const count = problems.length === 1 ? '1 problem' : `${String(problems.length)} problems`;
  const lines = problems.map(describeProblem);
  return new SubskeletonError(
    `open subskeleton '${library}' on object '${object}': ${count}\n${lines.join('\n')}`,
    problems,
  );
}

function describeProblem({
  kind,
  subject,
  name,
  section,
  expected,
  found,
  hint,
}: SubskeletonProblem): string {
  const where = section === undefined ? '' : ` (${section})`;
  const difference = expected === undefined ? '' : `: expected ${expected}, found ${found ?? 'nothing'}`;
  const advice = hint === undefined ? '' : hint.includes('\n') ? `\n${indent(hint)}` : `; ${hint}`;
  return `  ${subject} '${name}'${where} ${WHAT[kind]}${difference}${advice}`;
}

const indent = (text: string): string =>
  text
    .split('\n')
    .map((line) => `      ${line}`)
    .join('\n');
