/** The readable message of a SubskeletonError: one paragraph a problem. */
import type { Descriptor } from '../descriptor/types';
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

/** @param installed the object's libraries with their versions, where it says */
export function subskeletonError(
  library: Descriptor,
  object: string,
  problems: readonly SubskeletonProblem[],
  installed: ReadonlyMap<string, string>,
): SubskeletonError {
  const count = problems.length === 1 ? '1 problem' : `${String(problems.length)} problems`;
  const lines = [...versionLines(library, installed), ...problems.map(describeProblem)];
  return new SubskeletonError(
    `open subskeleton '${library.name}' on ${object}: ${count}\n${lines.join('\n')}`,
    problems,
  );
}

/** The commonest reason of all others: the package was updated, and the object not built again. */
function versionLines({ package: mine }: Descriptor, installed: ReadonlyMap<string, string>): string[] {
  if (mine === undefined) return [];
  const { name, version } = mine;
  const found = installed.get(name);
  if (found === version) return [];
  if (found !== undefined)
    return [`  the object has ${name} ${found}, this module is of ${version}: build the object again`];
  if (installed.size === 0) return [];
  const others = [...installed].map((one) => one.join(' ')).join(', ');
  return [`  the object has ${others}, and no ${name}; this module is of ${version}`];
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
