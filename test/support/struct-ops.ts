/** Tests that register something with the kernel by a struct_ops map. */
import { readFileSync } from 'node:fs';

/** Documentation/admin-guide/tainted-kernels.rst: the kernel has had an oops or a BUG. */
const TAINT_DIE = 1 << 7;

/**
 * Whoever hit a BUG keeps the locks that he had: with those of struct_ops (kernel 6.18 has such a bug, see
 * `StructOps.update()`) the next one to register something waits for ever, where no signal reaches him.
 */
export const whyNotRegistered: string | undefined =
  (Number(readFileSync('/proc/sys/kernel/tainted', 'latin1')) & TAINT_DIE) === 0
    ? undefined
    : 'this kernel has had an oops (/proc/sys/kernel/tainted): it may hold the locks of struct_ops for ever';

/** A test that registers something; where that cannot be, it is skipped and says so in its name. */
export function testRegistered(name: string, run: () => void): void {
  if (whyNotRegistered === undefined) test(name, run);
  else test.skip(`${name} (skipped: ${whyNotRegistered})`, run);
}
