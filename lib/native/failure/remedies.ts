/** What was being done when a libbpf function failed, and what would help. */
import { unmet } from './kernel';
import { OPERATIONS } from './operations';
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

/** Whether an errno is one that kernels answer to what they do not know. */
export const mayBeUnknown = (code: string): boolean => UNKNOWN.has(code);

/** "load object 'agent'" */
export function operationPhrase(syscall: string, subject: string): string {
  const phrase = OPERATIONS[syscall]?.phrase ?? `${syscall} %`;
  return phrase.replace('%', () => subject).trim();
}

/** `rejected`: the verifier has said why, so that privileges are not what is missing. */
export function remedy(syscall: string, code: string, rejected: boolean): string | undefined {
  const operation = OPERATIONS[syscall];
  if (operation === undefined || rejected) return undefined;
  const { purpose, needs, remedies } = operation;
  if (purpose !== undefined && (code === 'EPERM' || code === 'EACCES')) {
    const missing = missingPrivilege(purpose);
    if (missing !== undefined) return missing;
  }
  const old = needs !== undefined && mayBeUnknown(code) ? unmet(`${syscall} needs`, needs) : undefined;
  return old ?? remedies?.[code];
}
