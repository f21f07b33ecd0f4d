import type { NativeFd } from './fd';

/** Attachments by bpf_prog_attach, which knows no links; and what is attached somewhere in either way. */
export interface NativeProgramAttach {
  /**
   * bpf_prog_attach_opts: to the file behind a descriptor. The answer is a duplicate of that. `subject` is what errors call
   * the target; `replace` the descriptor of the program whose place it takes.
   */
  attachProgram(
    target: number,
    program: number,
    attachType: number,
    flags: number,
    replace: number | undefined,
    subject: string,
  ): NativeFd;
  /** bpf_prog_detach_opts */
  detachProgram(target: number, program: number, attachType: number, subject: string): void;
  /** bpf_prog_query_opts; `withLinks`: kernel 6.6. Ids in the order in which they run. */
  queryPrograms(
    target: number,
    attachType: number,
    flags: number,
    withLinks: boolean,
    subject: string,
  ): NativeAttached;
}

export interface NativeAttached {
  readonly programIds: Uint32Array;
  readonly linkIds: Uint32Array;
  readonly attachFlags: number;
  readonly revision: bigint;
}
