/** Why something cannot run on this kernel. undefined where this is used: nothing is in the way. */
import { errnoMeaning, errnoName } from '../../native/failure/errno';
import { failure } from '../../native/failure/failure';
import { missingPrivilege } from '../../native/failure/privileges';

export interface Obstacle {
  /** For people, without a capital and a full stop. */
  readonly why: string;
  /** The kernel would not be asked, and so may have it: what to throw where the question was whether it has. */
  readonly unasked?: Error | undefined;
}

/** What the kernel answered to a try; `meanings` are the errnos that say something about what was tried. */
export function obstacleOf(
  errno: number,
  syscall: string,
  subject: string,
  meanings: Readonly<Record<string, string>>,
): Obstacle | undefined {
  if (errno === 0) return undefined;
  const code = errnoName(errno);
  const meaning = meanings[code];
  if (meaning !== undefined) return { why: `${meaning} (${code})` };
  if (code !== 'EPERM' && code !== 'EACCES') {
    const text = errnoMeaning(errno);
    return { why: `the kernel refuses it: ${code}${text === '' ? '' : ` (${text})`} in ${syscall}` };
  }
  const privilege = missingPrivilege('load') ?? 'it may be built or restricted so that it does not allow it';
  return {
    why: `the kernel refuses it (${code}): ${privilege}`,
    unasked: failure({ kind: 'bpf', syscall, errno, subject, log: '' }),
  };
}

/** Whether the kernel has it. @throws where the kernel would not be asked */
export function has(obstacle: Obstacle | undefined): boolean {
  if (obstacle?.unasked !== undefined) throw obstacle.unasked;
  return obstacle === undefined;
}
