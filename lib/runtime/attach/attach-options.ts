/** What the options of several kinds of attachment share: 64-bit numbers, descriptors that are opened for a moment. */
import { closeSync, constants, openSync } from 'node:fs';
import { checkInteger, checkString, checkUint64, refuse } from '../../util/check';
import { loadAddon } from '../../native/load/load';
import { failure } from '../../native/failure/failure';
import { ERRNO } from '../../uapi/errno';

export const checkCookie = (cookie: unknown): bigint | undefined =>
  cookie === undefined ? undefined : checkUint64(cookie, 'options.cookie');

export function checkBigInts(values: unknown, name: string): BigUint64Array | undefined {
  if (values === undefined) return undefined;
  if (!Array.isArray(values)) refuse(name, 'an array', values);
  return BigUint64Array.from(values, (value, i) => checkUint64(value, `${name}[${String(i)}]`));
}

/** The descriptor of a map, or one that was given as it is. */
export function mapDescriptor(map: unknown, name: string): number {
  const fd = typeof map === 'object' && map !== null && 'fd' in map ? map.fd : map;
  checkInteger(fd, `${name} (a BpfMap of a loaded object, or a file descriptor)`, 0, 0x7fff_ffff);
  return fd;
}

/** A network interface, by its name in this process's network namespace or by its index. */
export function interfaceIndex(target: string | number): number {
  if (typeof target === 'string') {
    checkString(target, 'interface');
    return loadAddon().interfaceIndex(target);
  }
  checkInteger(target, 'interface (a name or an index)', 1, 0x7fff_ffff);
  return target;
}

/** Calls `use` with the descriptor of a file that is opened for it, or with the one that is given. */
export function withDescriptor<T>(target: string | number, name: string, use: (fd: number) => T): T {
  if (typeof target === 'number') {
    checkInteger(target, `${name} (a path or a file descriptor)`, 0, 0x7fff_ffff);
    return use(target);
  }
  checkString(target, `${name} (a path or a file descriptor)`);
  const fd = open(target, name);
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}

function open(path: string, name: string): number {
  try {
    return openSync(path, constants.O_RDONLY);
  } catch (error) {
    const { errno = -ERRNO.EINVAL } = error as NodeJS.ErrnoException;
    throw failure({ kind: 'bpf', syscall: 'open', errno: -errno, subject: `${name} '${path}'`, log: '' });
  }
}
