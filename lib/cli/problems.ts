/** Errors as the lines that the command line shows. */
import { getSystemErrorMap } from 'node:util';
import { SubskelError } from '../errors';

interface SystemError extends Error {
  readonly errno: number;
  readonly code: string;
  readonly path?: string;
  readonly syscall?: string;
}

const isSystemError = (error: unknown): error is SystemError =>
  error instanceof Error && typeof (error as Partial<SystemError>).errno === 'number' && 'syscall' in error;

/** 'no such file or directory (ENOENT)' */
export function systemProblem(error: SystemError): string {
  const [, text] = getSystemErrorMap().get(error.errno) ?? [];
  return `${text ?? error.message} (${error.code})`;
}

/** One line for each problem. What is not an error of ours is a bug, and says so. */
export function problemsOf(error: unknown, env: Readonly<Record<string, string | undefined>>): string[] {
  if (error instanceof SubskelError) return error.message.split('\n').filter((line) => line.trim() !== '');
  if (isSystemError(error)) {
    return [error.path === undefined ? systemProblem(error) : `${error.path}: ${systemProblem(error)}`];
  }
  const shown = error instanceof Error ? error : new Error(String(error));
  const detail = env['LIBBPF_SUBSKEL_DEBUG'] === undefined ? '' : `\n${shown.stack ?? ''}`;
  return [`internal error: ${shown.message}${detail}`];
}

/** The lines of `problemsOf`, each beginning with the file it is about. */
export function problemsWith(
  file: string,
  error: unknown,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  return problemsOf(error, env).map((line) => (line.startsWith(file) ? line : `${file}: ${line}`));
}
