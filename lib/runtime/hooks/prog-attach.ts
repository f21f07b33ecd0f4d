/** What is attached to something, by whomever; and attachments by bpf_prog_attach, which knows no links. */
import { checkInteger, checkOptions, checkString, refuse } from '../../util/check';
import { hasCode } from '../../util/has-code';
import { attachTypes, type AttachType } from '../../uapi/attach-types';
import type { OrNewer } from '../../uapi/kind-table';
import { ClosedError } from '../../errors';
import { ensureStack, SHALLOW } from '../../native/load/ensure-stack';
import { loadAddon } from '../../native/load/load';
import { needing } from '../../native/failure/needing';
import type { NativeFd } from '../../native/surface/handles';
import { alternatives } from '../../util/suggest';
import { interfaceIndex, withDescriptor } from '../attach/attach-options';
import { BpfMap } from '../map/bpf-map';
import { BpfProgram } from '../program/bpf-program';
import {
  BPF_F_ALLOW_MULTI,
  BPF_F_ALLOW_OVERRIDE,
  BPF_F_QUERY_EFFECTIVE,
  BPF_F_REPLACE,
} from '../../uapi/attach-flags';

/**
 * A cgroup's folder, a network namespace's file or another path; a descriptor of one; a sockmap. For TCX and netkit, the name or
 * index of an interface.
 */
export type AttachTarget = string | number | BpfMap;

export interface AttachedPrograms {
  /** The ids of the programs, in the order in which they run; `BpfProgram.fromId` opens one. */
  readonly programIds: readonly number[];
  /** At the same places the ids of their links, 0 for those without; undefined where the kernel does not tell: it does of TCX and netkit. */
  readonly linkIds: readonly number[] | undefined;
  /** BPF_F_ALLOW_OVERRIDE (1), BPF_F_ALLOW_MULTI (2): of what is attached to a cgroup. */
  readonly attachFlags: number;
  /** What `expectedRevision` of an attachment must be; of TCX, netkit (6.6) and cgroups (6.17), 0n of others. */
  readonly revision: bigint;
}

export interface QueryOptions {
  /** Of a cgroup: what runs for it, also by those above it. BPF_F_QUERY_EFFECTIVE */
  readonly effective?: boolean | undefined;
}

function typeNumber(name: unknown): number {
  checkString(name, 'attachType');
  const number = attachTypes.numberOf(name);
  if (number !== undefined && number <= 0x7fff_ffff) return number;
  return refuse('attachType', `an attach type${alternatives(name, attachTypes.names)}`, name);
}

function withTarget<T>(target: AttachTarget, use: (fd: number, subject: string) => T): T {
  if (target instanceof BpfMap) {
    const { fd } = target;
    checkInteger(fd, 'target (a BpfMap of a loaded object) .fd', 0, 0x7fff_ffff);
    return use(fd, `map '${target.name}'`);
  }
  return withDescriptor(target, 'target', (fd) =>
    use(fd, typeof target === 'string' ? `'${target}'` : `descriptor ${String(target)}`),
  );
}

/**
 * What is attached to a cgroup, network namespace, interface (TCX, netkit), sockmap or LIRC device, with links and without.
 * `XdpAttachment.query` and `TcHook` ask about XDP and traffic control. bpf_prog_query_opts; kernel 4.15 (cgroups), TCX 6.6,
 * sockmaps 5.19
 */
export function queryAttached(
  target: AttachTarget,
  attachType: OrNewer<AttachType>,
  options: QueryOptions = {},
): AttachedPrograms {
  checkOptions<QueryOptions>(options, 'options', { effective: 'boolean' });
  const type = typeNumber(attachType);
  const flags = options.effective === true ? BPF_F_QUERY_EFFECTIVE : 0;
  const ofInterface = /^(?:tcx|netkit)_/.test(attachType);
  const ask = (place: number, subject: string): AttachedPrograms => {
    const { programIds, linkIds, attachFlags, revision } = needing({ attachType }, () =>
      loadAddon().queryPrograms(place, type, flags, ofInterface, subject),
    );
    return {
      programIds: [...programIds],
      linkIds: ofInterface ? [...linkIds] : undefined,
      attachFlags,
      revision,
    };
  };
  if (!ofInterface) return withTarget(target, ask);
  if (target instanceof BpfMap) return refuse('target', 'an interface', target);
  return ask(interfaceIndex(target), `interface ${String(target)}`);
}

export interface ProgramAttachmentOptions {
  /** By default the program's own, where its object is there to ask. */
  readonly attachType?: OrNewer<AttachType> | undefined;
  /** To a cgroup: whether programs of cgroups below run beside it ('multi') or in its place ('override'); default neither may be there. */
  readonly allow?: 'multi' | 'override' | undefined;
  /** Replaces this program, in a cgroup with 'multi'. BPF_F_REPLACE; kernel 5.5 */
  readonly replace?: BpfProgram | undefined;
}

const ALLOW = { override: BPF_F_ALLOW_OVERRIDE, multi: BPF_F_ALLOW_MULTI } as const;

/**
 * A program that is attached to a sockmap, cgroup, network namespace or LIRC device without a link: for sockmaps before kernel 6.10,
 * where attachSockmap() begins, and for LIRC, which has none. The kernel keeps it when the process ends; close() takes
 * it away.
 */
export class ProgramAttachment {
  readonly attachType: OrNewer<AttachType>;
  readonly #type: number;
  readonly #target: NativeFd;
  readonly #program: BpfProgram;
  readonly #subject: string;
  #closed = false;

  private constructor(type: number, target: NativeFd, program: BpfProgram, subject: string) {
    this.attachType = attachTypes.nameOf(type);
    this.#type = type;
    this.#target = target;
    this.#program = program;
    this.#subject = subject;
  }

  /** bpf_prog_attach_opts; kernel 4.10 */
  static attach(
    target: AttachTarget,
    program: BpfProgram,
    options: ProgramAttachmentOptions = {},
  ): ProgramAttachment {
    checkOptions<ProgramAttachmentOptions>(options, 'options', {
      attachType: 'string',
      allow: ['override', 'multi'],
      replace: 'any',
    });
    const { attachType, allow, replace } = options;
    if (!(program instanceof BpfProgram)) refuse('program', 'a BpfProgram', program);
    if (replace !== undefined && !(replace instanceof BpfProgram)) {
      refuse('options.replace', 'a BpfProgram', replace);
    }
    const kind = attachType ?? program.expectedAttachType;
    const type = typeNumber(kind);
    const flags = (allow === undefined ? 0 : ALLOW[allow]) | (replace === undefined ? 0 : BPF_F_REPLACE);
    ensureStack(SHALLOW);
    // Kept for close(), which must not take away another's.
    const kept = BpfProgram.fromFd(program.fd);
    try {
      return withTarget(target, (fd, subject) => {
        const owner = needing({ attachType: kind }, () =>
          loadAddon().attachProgram(fd, kept.fd, type, flags, replace?.fd, subject),
        );
        return new ProgramAttachment(type, owner, kept, subject);
      });
    } catch (error) {
      kept.close();
      throw error;
    }
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** What is attached there, in the same way, by whomever. */
  query(): AttachedPrograms {
    if (this.#closed) throw new ClosedError(`this attachment to ${this.#subject} is closed`);
    return queryAttached(this.#target.fd, this.attachType);
  }

  /** Detaches it; what is gone already is left alone. Safe to call more than once. bpf_prog_detach_opts */
  close(): void {
    if (this.#closed) return;
    ensureStack(SHALLOW);
    this.#closed = true;
    try {
      loadAddon().detachProgram(this.#target.fd, this.#program.fd, this.#type, this.#subject);
    } catch (error) {
      // Replaced, or taken away by another.
      if (!hasCode(error, 'ENOENT')) throw error;
    } finally {
      this.#program.close();
      this.#target.close();
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
