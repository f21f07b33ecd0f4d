/** The error of a program that the verifier rejects. */
import { VerifierError, type BpfErrorDetails } from '../../errors';
import type { Verdict } from './verdict';
import { hintFor } from './verifier-hints';

/** A line with all registers can be some thousand characters long. */
const WIDTH = 160;

const cut = (line: string): string => (line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line);

/** "rejected.bpf.c:19: return (int)*value;" */
function place({ source, instruction }: Verdict): string | undefined {
  if (source === undefined)
    return instruction === undefined ? undefined : `instruction ${String(instruction)}`;
  const { file, line, text } = source;
  const where = file === undefined ? '' : `${file}${line === undefined ? '' : `:${String(line)}`}: `;
  return `${where}${text}`;
}

/**
 * "load object 'agent': the verifier rejected program 'on_open' (EACCES): R0 invalid mem access 'map_value_or_null'", and
 * in lines of their own the place, the last instructions and what helps.
 */
export function verifierError(
  details: BpfErrorDetails,
  program: string | undefined,
  verdict: Verdict,
): VerifierError {
  const { reason, instruction, source, steps, suggestion } = verdict;
  const hint = hintFor(reason) ?? suggestion;
  const which = program === undefined ? 'a program' : `program '${program}'`;
  const at = place(verdict);
  const message = [
    `${details.operation}: the verifier rejected ${which} (${details.code}): ${reason}`,
    ...(at === undefined ? [] : [`  at ${cut(at)}`]),
    ...steps.map((line) => `     ${cut(line)}`),
    ...(hint === undefined ? [] : [`  hint: ${hint}`]),
  ].join('\n');
  return new VerifierError(
    { ...details, code: 'ERR_VERIFIER', remedy: hint, program, instruction, source, reason, hint },
    message,
  );
}
