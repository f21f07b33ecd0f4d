/** Errors as the lines that the command line shows. */
import { getSystemErrorMap } from 'node:util';
import { BpfError, SubskelError, VerifierError } from '../../errors';
import { Failure } from './command';

interface SystemError extends Error {
  readonly errno: number;
  readonly code: string;
  readonly path?: string;
}

/** By its shape: Node's errors are of another realm in vm contexts. */
export const isSystemError = (error: unknown): error is SystemError =>
  typeof (error as Partial<SystemError> | null)?.errno === 'number' && 'syscall' in (error as object);

/** 'no such file or directory (ENOENT)' */
export function systemProblem(error: unknown): string {
  if (!isSystemError(error)) return error instanceof Error ? error.message : String(error);
  const [, text] = getSystemErrorMap().get(error.errno) ?? [];
  return `${text ?? error.message} (${error.code})`;
}

/** One line for each problem. What is not an error of ours is a bug, and says so. */
export function problemsOf(
  error: unknown,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  if (error instanceof Failure) return error.problems;
  // Its lines belong together.
  if (error instanceof VerifierError) return [error.message];
  if (error instanceof SubskelError) return error.message.split('\n').filter((line) => line.trim() !== '');
  if (isSystemError(error)) return [`${error.path ?? 'file'}: ${systemProblem(error)}`];
  const shown = error instanceof Error ? error : new Error(String(error));
  const detail = env['LIBBPF_SUBSKEL_DEBUG'] === undefined ? '' : `\n${shown.stack ?? ''}`;
  return [`internal error: ${shown.message}${detail}`];
}

/** All that libbpf and the verifier said; '' for other errors. */
export const logOf = (error: unknown): string => (error instanceof BpfError ? error.log.trimEnd() : '');

/** The same, each line beginning with the file that was being worked on. */
export function problemsWith(
  file: string,
  error: unknown,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const lines = isSystemError(error) ? [systemProblem(error)] : problemsOf(error, env);
  return lines.map((line) => (line.startsWith(file) ? line : `${file}: ${line}`));
}
