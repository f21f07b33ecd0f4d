/** Names and meanings of error numbers, for messages: the system's, the kernel's own, and libbpf's. */
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import { LIBBPF_ERRNO, LINUX_ERRNO } from '../../uapi/errno';

const ROWS = new Map([...LINUX_ERRNO, ...LIBBPF_ERRNO].map((row) => [row.number, row] as const));

/** Where two names share a number, the one that man pages use for it first. */
const PREFERRED = new Set(['EAGAIN', 'EOPNOTSUPP', 'EDEADLK']);

let names: ReadonlyMap<number, string> | undefined;

function systemNames(): ReadonlyMap<number, string> {
  if (names !== undefined) return names;
  const collected = new Map<number, string>();
  for (const [name, value] of Object.entries(constants.errno)) {
    if (!collected.has(value) || PREFERRED.has(name)) collected.set(value, name);
  }
  return (names = collected);
}

/** 2 → 'ENOENT'; a number without a name → 'ERRNO_1234'. */
export function errnoName(errno: number): string {
  return ROWS.get(errno)?.name ?? systemNames().get(errno) ?? `ERRNO_${String(errno)}`;
}

/** 2 → 'no such file or directory'; '' where it is not known. */
export function errnoMeaning(errno: number): string {
  return ROWS.get(errno)?.meaning ?? getSystemErrorMap().get(-errno)?.[1] ?? '';
}
