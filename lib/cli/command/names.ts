/** What options of `gen` and `build` may say. */
import { UsageError, type Invocation } from './command';

export function checkName(name: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new UsageError(`'${name}' is no name: letters, digits and '_', not beginning with a digit`);
  }
}

export function checkObjectOptions(invocation: Invocation): void {
  if (invocation.flag('embed') && invocation.flag('object')) {
    throw new UsageError('--embed and --object exclude each other');
  }
}
