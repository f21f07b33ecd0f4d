/** Block devices by the kernel's numbers. */
import { readlinkSync } from 'node:fs';
import path from 'node:path';
import { checkInteger } from '../util/check';
import { hasCode } from '../util/has-code';

const MINOR_BITS = 20;

/**
 * Names a block device by the kernel's `dev_t`, as tracepoints of block devices report it: 0x800000 → `'sda'`. One that is not
 * there (any more) becomes its numbers: `'8:0'`.
 */
export function diskName(dev: number): string {
  checkInteger(dev, 'dev', 0, 0xffff_ffff);
  const numbers = `${String(dev >>> MINOR_BITS)}:${String(dev & ((1 << MINOR_BITS) - 1))}`;
  try {
    return path.basename(readlinkSync(`/sys/dev/block/${numbers}`));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return numbers;
    throw error;
  }
}
