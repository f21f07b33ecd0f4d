/** Names of numbers that BPF programs report: system calls, errors, signals. */
import { constants } from 'node:os';
import { ArgumentError } from '../errors';
import { errnoName as nameOfErrno } from '../native/failure/errno';
import { checkInteger, checkString } from '../util/check';
import { SYSTEM_CALLS, systemCallNames } from './system-calls';

/** The architectures whose system calls have names here, in Node.js's words. */
export type SystemCallArch = keyof typeof SYSTEM_CALLS;

interface Table {
  readonly names: ReadonlyMap<number, string>;
  readonly numbers: ReadonlyMap<string, number>;
}

const tables = new Map<SystemCallArch, Table>();

function tableOf(arch: string): Table {
  if (!Object.hasOwn(SYSTEM_CALLS, arch)) {
    const known = Object.keys(SYSTEM_CALLS).join(', ');
    throw new ArgumentError(`arch must be one of ${known}, not '${arch}'`);
  }
  const key = arch as SystemCallArch;
  let table = tables.get(key);
  if (table === undefined) {
    const names = systemCallNames(key);
    table = { names, numbers: new Map(Array.from(names, ([number, name]) => [name, number])) };
    tables.set(key, table);
  }
  return table;
}

/**
 * Names a system call: 257 → `'openat'` on x64. A number without a name, as newer kernels may have, becomes `'syscall_999'`.
 * `arch` is the traced machine's, by default that of this process.
 * @throws ArgumentError for an architecture without a table
 */
export function syscallName(number: number, arch: SystemCallArch = process.arch as SystemCallArch): string {
  checkInteger(number, 'number', Number.MIN_SAFE_INTEGER);
  return tableOf(arch).names.get(number) ?? `syscall_${String(number)}`;
}

/**
 * Finds a system call's number: `'openat'` → 257 on x64; undefined where the architecture has none of that name.
 * @throws ArgumentError for an architecture without a table
 */
export function syscallNumber(
  name: string,
  arch: SystemCallArch = process.arch as SystemCallArch,
): number | undefined {
  checkString(name, 'name');
  return tableOf(arch).numbers.get(name);
}

/** Names an error number: 2 and −2, as system calls return it, → `'ENOENT'`. One without a name becomes `'ERRNO_1234'`. */
export function errnoName(errno: number): string {
  checkInteger(errno, 'errno', Number.MIN_SAFE_INTEGER);
  return nameOfErrno(Math.abs(errno));
}

/** The first real-time signal of the kernel; the C library keeps two for itself, so that its SIGRTMIN is 34. */
const SIGRTMIN = 34;
const SIGRTMAX = 64;

/** Names a signal: 9 → `'SIGKILL'`, 36 → `'SIGRTMIN+2'`. One without a name becomes `'SIG_99'`. */
export function signalName(signal: number): string {
  checkInteger(signal, 'signal', Number.MIN_SAFE_INTEGER);
  if (signal >= SIGRTMIN && signal <= SIGRTMAX) {
    return signal === SIGRTMIN ? 'SIGRTMIN' : `SIGRTMIN+${String(signal - SIGRTMIN)}`;
  }
  // SIGIOT is SIGABRT's old name, SIGPOLL SIGIO's: the first of each stands.
  const found = Object.entries(constants.signals).find(([, number]) => number === signal);
  return found?.[0] ?? `SIG_${String(signal)}`;
}
