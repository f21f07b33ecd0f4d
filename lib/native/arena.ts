/** Why an object with an arena was not loaded: kernels without arenas answer EINVAL, as to anything they do not know. */
import { release } from 'node:os';
import { BpfError } from '../errors';
import { withRemedy } from './failure';

/** `kernel` is a parameter so that tests can have another. */
export function explainArena(error: unknown, kernel = release()): unknown {
  if (!(error instanceof BpfError) || error.code !== 'EINVAL') return error;
  const [, major = NaN, minor = NaN] = (/^(\d+)\.(\d+)/.exec(kernel) ?? []).map(Number);
  if (!(major < 6 || (major === 6 && minor < 9))) return error;
  return withRemedy(error, `arena maps need kernel 6.9; this is ${kernel}`);
}
