import path from 'node:path';
import { checkString } from '../../util/check';
import { ArgumentError } from '../../errors';

/** A path to pin at. The kernel answers EPERM to names with a dot, which it keeps for itself (kernel/bpf/inode.c). */
export function checkPinPath(value: unknown): asserts value is string {
  checkString(value, 'path');
  const name = path.basename(value);
  if (name.includes('.')) throw new ArgumentError(`path: the name of a pin must have no dot: '${name}'`);
}
