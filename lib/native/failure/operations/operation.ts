/**
 * What is being done when a libbpf function is called, and what would help when it fails: a row a function.
 *
 * To add one: the function's name as C++ gives it to CallInt and CallPointer; `phrase`, a verb phrase in which '%' is
 * the subject; `needs`, if the kernel has had it only since some release (requirements.ts says how to find out); `purpose`,
 * if a missing capability may be why; `remedies`, by errno name, for the answers of which something can be said;
 * `whenRefused`, the same where it is the kernel's answer and libbpf has logged no reason of its own.
 */
import type { Purpose } from '../privileges';
import type { Requirement } from '../requirements';

export interface Operation {
  /** A verb phrase; '%' is what it was about. */
  readonly phrase: string;
  readonly needs?: Requirement;
  readonly purpose?: Purpose;
  readonly remedies?: Readonly<Record<string, string>>;
  readonly whenRefused?: Readonly<Record<string, string>>;
}
