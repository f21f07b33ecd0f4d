import { hasCode } from '../../util/has-code';
import { checkOptions, refuse } from '../../util/check';
import { ensureStack, SHALLOW } from '../../native/load/ensure-stack';
import { loadAddon } from '../../native/load/load';
import { interfaceIndex } from '../attach/attach-options';
import { BpfProgram } from '../program/bpf-program';
import { XDP_FLAGS, type XdpOptions } from '../attach/attach-network';
import { XDP_FLAGS_UPDATE_IF_NOEXIST } from '../../uapi/attach-flags';

export interface XdpAttachmentOptions extends XdpOptions {
  /** Replaces this program, and fails with EEXIST unless it is attached now; kernel 5.7. */
  readonly replace?: BpfProgram | undefined;
}

/** What is attached to an interface; ids of programs, 0 for none. */
export interface XdpQuery {
  readonly mode: 'none' | 'drv' | 'skb' | 'hw' | 'several';
  readonly programId: number;
  readonly driverProgramId: number;
  readonly genericProgramId: number;
  readonly hardwareProgramId: number;
  /** What the interface's driver can do for XDP, as linux/netdev.h names it. Empty before kernel 6.3, which does not say. */
  readonly features: readonly XdpFeature[];
  /** How many buffers a packet may have in zero-copy mode; 0 without that mode, and before kernel 6.6. */
  readonly zeroCopyMaxSegments: number;
}

/** NETDEV_XDP_ACT_…, in the order of their bits. */
const FEATURES = [
  'basic',
  'redirect',
  'ndo_xmit',
  'xsk_zerocopy',
  'hw_offload',
  'rx_sg',
  'ndo_xmit_sg',
] as const;

export type XdpFeature = (typeof FEATURES)[number];

/** XDP_ATTACHED_… of linux/if_link.h */
const MODES = ['none', 'drv', 'skb', 'hw', 'several'] as const;

/**
 * An XDP program that is attached over netlink, without a link: for kernels before 5.9, where attachXdp() begins. The
 * kernel keeps it when the process ends; close() takes it away.
 */
export class XdpAttachment {
  readonly ifindex: number;
  readonly #program: BpfProgram;
  readonly #flags: number;
  #closed = false;

  private constructor(ifindex: number, program: BpfProgram, flags: number) {
    this.ifindex = ifindex;
    this.#program = program;
    this.#flags = flags;
  }

  /** @throws BpfError EBUSY where another program is attached. bpf_xdp_attach; kernel 4.8 */
  static attach(
    target: string | number,
    program: BpfProgram,
    options: XdpAttachmentOptions = {},
  ): XdpAttachment {
    checkOptions<XdpAttachmentOptions>(options, 'options', { mode: ['skb', 'drv', 'hw'], replace: 'any' });
    const { mode, replace } = options;
    const ifindex = interfaceIndex(target);
    if (!(program instanceof BpfProgram)) refuse('program', 'a BpfProgram', program);
    if (replace !== undefined && !(replace instanceof BpfProgram)) {
      refuse('options.replace', 'a BpfProgram', replace);
    }
    const flags = mode === undefined ? 0 : XDP_FLAGS[mode];
    ensureStack(SHALLOW);
    // Kept for close(), which must not take away another's.
    const kept = BpfProgram.fromFd(program.fd);
    try {
      const only = replace === undefined ? XDP_FLAGS_UPDATE_IF_NOEXIST : 0;
      loadAddon().attachXdp(ifindex, kept.fd, flags | only, replace?.fd);
      return new XdpAttachment(ifindex, kept, flags);
    } catch (error) {
      kept.close();
      throw error;
    }
  }

  /** What is attached to an interface, by whomever, with a link or without. bpf_xdp_query */
  static query(target: string | number): XdpQuery {
    const { attached, features, ...rest } = loadAddon().queryXdp(interfaceIndex(target));
    return {
      mode: MODES[attached] ?? 'several',
      ...rest,
      features: FEATURES.filter((_, bit) => (features & (1 << bit)) !== 0),
    };
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Detaches it; another program that has taken its place stays. Safe to call more than once. bpf_xdp_detach */
  close(): void {
    if (this.#closed) return;
    ensureStack(SHALLOW);
    this.#closed = true;
    try {
      loadAddon().detachXdp(this.ifindex, this.#flags, this.#program.fd);
    } catch (error) {
      // Another's by now; no such interface any more.
      if (!hasCode(error, 'EEXIST', 'ENODEV')) throw error;
    } finally {
      this.#program.close();
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
