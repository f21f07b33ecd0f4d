/** What was being done when a libbpf function failed, and what would help. */
import { unmet } from './kernel';
import type { LogReading } from './log';
import { operationOf } from './operations';
import { missingPrivilege } from './privileges';

/** What a kernel answers to what it does not know, or what libbpf makes of it. */
const UNKNOWN: ReadonlySet<string> = new Set([
  'EINVAL',
  'E2BIG',
  'ENOSYS',
  'EOPNOTSUPP',
  'ENOTSUPP',
  'ENOENT',
  'ESRCH',
  'ENODEV',
]);

/** Whatever the operation. */
const ANYWHERE: Readonly<Record<string, string>> = {
  EMFILE: 'raise the limit (ulimit -n), or close objects, maps and links that are not needed any more',
  ENFILE: 'the system has no room for more open files (sysctl fs.file-max)',
};

/** Whether an errno is one that kernels answer to what they do not know. */
export const mayBeUnknown = (code: string): boolean => UNKNOWN.has(code);

/** "load object 'agent'" */
export function operationPhrase(syscall: string, subject: string): string {
  const phrase = operationOf(syscall)?.phrase ?? `${syscall} %`;
  return phrase.replace('%', () => subject).trim();
}

/** What would help, by the function and the errno that it answered. */
export function remedy(syscall: string, code: string, reading: LogReading): string | undefined {
  const operation = operationOf(syscall);
  if (operation === undefined) return ANYWHERE[code];
  const { purpose, needs, remedies, whenRefused } = operation;
  if (purpose !== undefined && (code === 'EPERM' || code === 'EACCES')) {
    const missing = missingPrivilege(purpose);
    if (missing !== undefined) return missing;
  }
  const old = needs !== undefined && mayBeUnknown(code) ? unmet(`${syscall} needs`, needs) : undefined;
  const refused = reading.refusedByKernel ? whenRefused?.[code] : undefined;
  return old ?? remedies?.[code] ?? refused ?? ANYWHERE[code];
}
