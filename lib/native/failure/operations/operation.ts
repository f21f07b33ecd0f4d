/**
 * What is being done when a libbpf function is called, and what would help when it fails: a row a function.
 *
 * To add one: the function's name as C++ gives it to CallInt and CallPointer; `phrase`, a verb phrase in which '%' is
 * the subject; `needs`, if the kernel has had it only since some release (uapi/requirement.ts says how to find out); `purpose`,
 * if a missing capability may be why; `remedies`, by errno name, for the answers of which something can be said;
 * `whenRefused`, the same where it is the kernel's answer and libbpf has logged no reason of its own.
 */
import type { Requirement } from '../../../uapi/requirement';

/** What a refused call is after: decides which capabilities would help (privileges.ts). */
export type Purpose = 'load' | 'attach' | 'map' | 'pin' | 'inspect' | 'measure';

export interface Operation {
  /** A verb phrase; '%' is what it was about. */
  readonly phrase: string;
  readonly needs?: Requirement;
  readonly purpose?: Purpose;
  readonly remedies?: Readonly<Record<string, string>>;
  readonly whenRefused?: Readonly<Record<string, string>>;
}

/** What a pin, and its removal, are refused for. */
export const PINNING = {
  EINVAL: 'is the path in a BPF file system (mount -t bpf), and not another than that of an earlier pin?',
  EEXIST: 'something is pinned there already',
  ENOENT: 'nothing is pinned there, or its directory does not exist',
};
