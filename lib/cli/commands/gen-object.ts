/** `gen object OUTPUT INPUT…` */
import path from 'node:path';
import { linkObjects } from '../../linker/link-objects';
import { Failure, UsageError, type Run } from '../command/command';
import { isSystemError, systemProblem } from '../command/problems';

export const run: Run = async ({ positionals, io }) => {
  const [output, ...inputs] = positionals;
  if (output === undefined)
    throw new UsageError('which OUTPUT? Give the file to write, then the objects to link');
  if (inputs.length === 0)
    throw new UsageError(`what is to be linked into '${output}'? Give at least one INPUT`);
  // The shell's names stay in messages where they are relative to this folder anyway.
  const resolve = (file: string): string => (io.cwd === process.cwd() ? file : path.resolve(io.cwd, file));
  try {
    await linkObjects({ output: resolve(output), inputs: inputs.map(resolve) });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Failure([`cannot write ${output}: ${systemProblem(error)}`]);
  }
  return 0;
};
