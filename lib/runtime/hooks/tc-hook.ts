import { checkInteger, checkOptions, checkString, refuse } from '../../util/check';
import { hasCode } from '../../util/has-code';
import { ClosedError } from '../../errors';
import { DEEP, ensureStack, SHALLOW } from '../../native/load/ensure-stack';
import { loadAddon } from '../../native/load/load';
import type { NativeTcHook } from '../../native/surface/hooks';
import { interfaceIndex } from '../attach/attach-options';
import { BpfProgram } from '../program/bpf-program';

export type TcDirection = 'ingress' | 'egress';

export interface TcOptions {
  /** By default the kernel chooses. */
  readonly handle?: number | undefined;
  /** Lower ones run first; by default the kernel chooses. */
  readonly priority?: number | undefined;
}

export interface TcAttachOptions extends TcOptions {
  /** Replaces the one with that handle and priority. BPF_TC_F_REPLACE */
  readonly replace?: boolean | undefined;
}

/** enum bpf_tc_attach_point */
const ATTACH_POINTS = { ingress: 1, egress: 2 } as const;
const BOTH = 3;
const OPTIONS = { handle: 'integer', priority: 'integer' } as const;

/**
 * The clsact qdisc of an interface, to whose two sides classifiers (SEC("tc")) are attached over netlink: for kernels
 * before 6.6, where attachTcx() begins. The kernel keeps what is attached when the process ends: close() takes away what
 * was attached through the hook, and the qdisc if the hook made it.
 */
export class TcHook {
  readonly ifindex: number;
  /** Whether create() made the qdisc; otherwise it was there, and stays. */
  readonly created: boolean;
  readonly #filters = new Set<TcFilter>();
  #closed = false;

  private constructor(ifindex: number, created: boolean) {
    this.ifindex = ifindex;
    this.created = created;
  }

  /** The hook of an interface, by name or index. bpf_tc_hook_create; kernel 4.5, CONFIG_NET_SCH_INGRESS */
  static create(target: string | number): TcHook {
    const ifindex = interfaceIndex(target);
    ensureStack(SHALLOW);
    return new TcHook(ifindex, loadAddon().createTcHook({ ifindex, attachPoint: BOTH }));
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** bpf_tc_attach */
  attach(direction: TcDirection, program: BpfProgram, options: TcAttachOptions = {}): TcFilter {
    const hook = this.#point(direction);
    checkOptions<TcAttachOptions>(options, 'options', { ...OPTIONS, replace: 'boolean' });
    if (!(program instanceof BpfProgram)) refuse('program', 'a BpfProgram', program);
    const { fd } = program;
    checkInteger(fd, 'program (its object must be loaded) .fd', 0, 0x7fff_ffff);
    ensureStack(SHALLOW);
    const { handle, priority, programId } = loadAddon().attachTc(hook, { ...options, program: fd });
    const filter = new TcFilter(hook, handle, priority, programId, (closed) => this.#filters.delete(closed));
    this.#filters.add(filter);
    return filter;
  }

  /** The id of the program that is attached there; undefined for none. bpf_tc_query */
  query(direction: TcDirection, place: Required<TcOptions>): number | undefined {
    const hook = this.#point(direction);
    checkOptions<TcOptions>(place, 'place', OPTIONS);
    checkInteger(place.handle, 'place.handle', 1, 0xffff_ffff);
    checkInteger(place.priority, 'place.priority', 1, 0xffff);
    return programAt(hook, place);
  }

  /** Safe to call more than once. bpf_tc_detach, bpf_tc_hook_destroy */
  close(): void {
    if (this.#closed) return;
    ensureStack(DEEP);
    this.#closed = true;
    for (const filter of [...this.#filters]) filter.close();
    if (this.created) loadAddon().destroyTcHook({ ifindex: this.ifindex, attachPoint: BOTH });
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #point(direction: TcDirection): NativeTcHook {
    if (this.#closed) throw new ClosedError(`the TC hook of interface ${String(this.ifindex)} is closed`);
    checkString(direction, 'direction');
    if (!Object.hasOwn(ATTACH_POINTS, direction)) refuse('direction', "'ingress' or 'egress'", direction);
    return { ifindex: this.ifindex, attachPoint: ATTACH_POINTS[direction] };
  }
}

/** A classifier that is attached to a TcHook. */
export class TcFilter {
  readonly #hook: NativeTcHook;
  readonly #forget: (filter: TcFilter) => void;
  readonly handle: number;
  readonly priority: number;
  readonly programId: number;
  #closed = false;

  /** @internal */
  constructor(
    hook: NativeTcHook,
    handle: number,
    priority: number,
    programId: number,
    forget: (filter: TcFilter) => void,
  ) {
    this.#hook = hook;
    this.handle = handle;
    this.priority = priority;
    this.programId = programId;
    this.#forget = forget;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Detaches it; what is gone already, or another's by now, is left alone. Safe to call more than once. bpf_tc_detach */
  close(): void {
    if (this.#closed) return;
    ensureStack(SHALLOW);
    this.#closed = true;
    this.#forget(this);
    const { handle, priority } = this;
    if (programAt(this.#hook, { handle, priority }) !== this.programId) return;
    loadAddon().detachTc(this.#hook, { handle, priority });
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** undefined: there is no such filter, or no such chain, qdisc or interface at all. */
function programAt(hook: NativeTcHook, place: Required<TcOptions>): number | undefined {
  try {
    return loadAddon().queryTc(hook, place).programId;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EINVAL', 'ENODEV')) return undefined;
    throw error;
  }
}
