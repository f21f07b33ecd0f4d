/** Where a program comes among others that are attached to the same thing (kernel: include/linux/bpf_mprog.h). */
import { checkUint64, refuse } from '../../util/check';
import { ArgumentError } from '../../errors';
import { BpfLink } from '../link/bpf-link';
import { isProgram, type AnyProgram } from './attachable';
import { BPF_F_AFTER, BPF_F_BEFORE, BPF_F_LINK } from '../../uapi/attach-flags';

/** A program or link that is attached there already; 'all': before or after all of them. */
export type Neighbour = BpfLink | AnyProgram | 'all';

export interface LinkPosition {
  /** Runs before that one; by default the new one runs last. */
  readonly before?: Neighbour | undefined;
  readonly after?: Neighbour | undefined;
  /** Fails with ESTALE unless this is the revision of what is attached there (queryAttached()). */
  readonly expectedRevision?: bigint | number | undefined;
}

export const POSITION_OPTIONS = { before: 'any', after: 'any', expectedRevision: 'any' } as const;

interface NativePosition {
  readonly flags: number;
  readonly relativeFd: number | undefined;
  readonly expectedRevision: bigint | undefined;
}

export function positionOf({ before, after, expectedRevision }: LinkPosition): NativePosition {
  if (before !== undefined && after !== undefined) {
    throw new ArgumentError('options.before and options.after exclude each other');
  }
  const revision =
    expectedRevision === undefined ? undefined : checkUint64(expectedRevision, 'options.expectedRevision');
  const neighbour = before ?? after;
  const none = { flags: 0, relativeFd: undefined, expectedRevision: revision };
  if (neighbour === undefined) return none;
  const flags = before === undefined ? BPF_F_AFTER : BPF_F_BEFORE;
  if (neighbour === 'all') return { ...none, flags };
  if (neighbour instanceof BpfLink) return { ...none, flags: flags | BPF_F_LINK, relativeFd: neighbour.fd };
  if (isProgram(neighbour)) return { ...none, flags, relativeFd: neighbour.fd };
  return refuse(
    `options.${before === undefined ? 'after' : 'before'}`,
    "a BpfLink, a BpfProgram or 'all'",
    neighbour,
  );
}
