/** What every program has in the kernel, whether it was loaded here or opened by its pin or id: the base of BpfProgram. */
import { needing, type Kinds } from '../../native/failure/needing';
import type { NativeAttachments } from '../../native/surface/attach';
import type { NativeLink } from '../../native/surface/link';
import type { NativeProgram } from '../../native/surface/program';
import { OURS } from '../../util/ours';
import { BpfLink } from '../link/bpf-link';

/** Makes a link of the program: `make` calls the addon, `kinds` are what the kernel has to know for it. */
export let makeLink: (
  program: ProgramHandle,
  kinds: Kinds,
  make: (native: NativeProgram) => NativeLink,
) => BpfLink;

export abstract class ProgramHandle {
  readonly #native: NativeProgram;
  readonly #links: Set<BpfLink> | undefined;

  static {
    makeLink = (program, kinds, make) => {
      const native = needing(kinds, () => make(program.#native));
      return new BpfLink(OURS, native, program, program.#links);
    };
  }

  /** @internal `links`: the open links of its owner. */
  constructor(native: NativeProgram, links: Set<BpfLink> | undefined) {
    this.#native = native;
    this.#links = links;
  }

  /** The C function's name; of a program without its object the kernel's, which has 15 characters at most. */
  abstract readonly name: string;

  /** The program's file descriptor; -1 before load. bpf_program__fd */
  get fd(): number {
    return this.#native.fd;
  }
}

/** A link by one of the addon's kinds of attachment. */
export const attachWith = <Kind extends keyof NativeAttachments>(
  program: ProgramHandle,
  kind: Kind,
  options: NativeAttachments[Kind],
  kinds: Kinds = {},
): BpfLink => makeLink(program, kinds, (native) => native.attachWith(kind, options));
