/** Attaching programs to the network and to cgroups: interfaces, namespaces, sockets. */
import { checkInteger, checkOptions, refuse } from '../../util/check';
import { attachTypes, type AttachType } from '../../uapi/attach-types';
import { alternatives } from '../../util/suggest';
import { interfaceIndex, mapDescriptor, withDescriptor } from './attach-options';
import type { NativeProgram } from '../../native/surface/program';
import { keepParent } from '../../util/primordials';
import type { BpfLink } from '../link/bpf-link';
import type { BpfMap } from '../map/bpf-map';
import { checkPositioned, positionOf, type LinkPosition } from './link-position';
import { attachWith } from './attachable';
import { TracingAttachments } from './attach-tracing';
import {
  BPF_F_NETFILTER_IP_DEFRAG,
  BPF_F_PREORDER,
  XDP_FLAGS_DRV_MODE,
  XDP_FLAGS_HW_MODE,
  XDP_FLAGS_SKB_MODE,
} from '../../uapi/attach-flags';

export interface AttachTypeOptions {
  /** Needed where neither the program's section nor its expectedAttachType says it, or where there is no object to ask. */
  readonly attachType?: AttachType | undefined;
}

export interface CgroupOptions extends AttachTypeOptions, LinkPosition {
  /** Runs before those of descendants, not after (BPF_F_PREORDER); kernel 6.15. */
  readonly preorder?: boolean | undefined;
}

export interface XdpOptions {
  /** 'skb' (generic, any interface), 'drv' (in the driver) or 'hw' (on the card); default the best that it has. */
  readonly mode?: 'skb' | 'drv' | 'hw' | undefined;
}

export interface TcxOptions extends LinkPosition {
  /** By default what its section says: SEC("tcx/ingress"). */
  readonly attachType?: 'tcx_ingress' | 'tcx_egress' | undefined;
}

export interface NetkitOptions extends LinkPosition {
  /** By default what its section says: SEC("netkit/primary"). */
  readonly attachType?: 'netkit_primary' | 'netkit_peer' | undefined;
}

export interface NetfilterOptions {
  readonly protocolFamily: 'ipv4' | 'ipv6';
  readonly hook: 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';
  /** Lower ones come first; not -2147483648, 2147483647 or that of another program there. */
  readonly priority: number;
  /** Reassemble fragments first (BPF_F_NETFILTER_IP_DEFRAG); kernel 6.6. */
  readonly defragment?: boolean | undefined;
}

export const XDP_FLAGS = { skb: XDP_FLAGS_SKB_MODE, drv: XDP_FLAGS_DRV_MODE, hw: XDP_FLAGS_HW_MODE } as const;
/** linux/netfilter.h */
const PROTOCOL_FAMILIES = { ipv4: 2, ipv6: 10 } as const;
const HOOKS = ['prerouting', 'input', 'forward', 'output', 'postrouting'] as const;

function attachTypeNumber(name: string | undefined): number | undefined {
  if (name === undefined) return undefined;
  const number = attachTypes.numberOf(name);
  if (number !== undefined) return number;
  return refuse('options.attachType', `an attach type${alternatives(name, attachTypes.names)}`, name);
}

/** The ways to attach programs of the network and of cgroups. All are links, which the kernel drops with its target. */
export abstract class NetworkAttachments extends TracingAttachments {
  static {
    keepParent(this);
  }

  /** @internal Written out: V8 passes the arguments of an implicit one through an iterator, which could be another's. */
  protected constructor(native: NativeProgram, links: Set<BpfLink> | undefined) {
    super(native, links);
  }

  /**
   * To a cgroup (v2), by its folder or a descriptor of that. bpf_program__attach_cgroup_opts; kernel 5.7, `before` and
   * `after` 6.17
   */
  attachCgroup(cgroup: string | number, options: CgroupOptions = {}): BpfLink {
    checkPositioned(options, { attachType: 'string', preorder: 'boolean' });
    const position = positionOf(options);
    const flags = position.flags | (options.preorder === true ? BPF_F_PREORDER : 0);
    const attachType = attachTypeNumber(options.attachType);
    return withDescriptor(cgroup, 'cgroup', (target) =>
      attachWith(
        this,
        'target',
        { ...position, target, attachType, flags },
        { call: 'bpf_program__attach_cgroup' },
      ),
    );
  }

  /**
   * To a network namespace, by its file (/proc/PID/ns/net, /run/netns/NAME) or a descriptor; default this process's:
   * flow dissectors and sk_lookup. bpf_program__attach_netns; kernel 5.8
   */
  attachNetns(netns: string | number = '/proc/self/ns/net', options: AttachTypeOptions = {}): BpfLink {
    checkOptions(options, 'options', { attachType: 'string' });
    const attachType = attachTypeNumber(options.attachType);
    return withDescriptor(netns, 'network namespace', (target) =>
      attachWith(this, 'target', { target, attachType }, { call: 'bpf_program__attach_netns' }),
    );
  }

  /** To an interface, by name or index. bpf_program__attach_xdp; kernel 5.9 */
  attachXdp(target: string | number, options: XdpOptions = {}): BpfLink {
    checkOptions(options, 'options', { mode: ['skb', 'drv', 'hw'] });
    const flags = options.mode === undefined ? 0 : XDP_FLAGS[options.mode];
    const attachType = attachTypeNumber('xdp');
    return attachWith(
      this,
      'target',
      { target: interfaceIndex(target), attachType, flags },
      { call: 'bpf_program__attach_xdp' },
    );
  }

  /** To traffic control of an interface, without a qdisc. bpf_program__attach_tcx; kernel 6.6 */
  attachTcx(target: string | number, options: TcxOptions = {}): BpfLink {
    checkPositioned(options, { attachType: ['tcx_ingress', 'tcx_egress'] });
    const attachType = attachTypeNumber(options.attachType);
    return attachWith(
      this,
      'target',
      { ...positionOf(options), target: interfaceIndex(target), attachType },
      { call: 'bpf_program__attach_tcx' },
    );
  }

  /** To a netkit device. bpf_program__attach_netkit; kernel 6.7 */
  attachNetkit(target: string | number, options: NetkitOptions = {}): BpfLink {
    checkPositioned(options, { attachType: ['netkit_primary', 'netkit_peer'] });
    const attachType = attachTypeNumber(options.attachType);
    return attachWith(
      this,
      'target',
      { ...positionOf(options), target: interfaceIndex(target), attachType },
      { call: 'bpf_program__attach_netkit' },
    );
  }

  /** To a hook of netfilter in this process's network namespace. bpf_program__attach_netfilter; kernel 6.4 */
  attachNetfilter(options: NetfilterOptions): BpfLink {
    checkOptions(options, 'options', {
      protocolFamily: ['ipv4', 'ipv6'],
      hook: HOOKS,
      priority: 'any',
      defragment: 'boolean',
    });
    const { protocolFamily, hook, priority, defragment } = options as Partial<NetfilterOptions>;
    if (protocolFamily === undefined) refuse('options.protocolFamily', "'ipv4' or 'ipv6'", protocolFamily);
    if (hook === undefined) refuse('options.hook', 'a hook', hook);
    checkInteger(priority, 'options.priority', -0x8000_0000, 0x7fff_ffff);
    return attachWith(
      this,
      'netfilter',
      {
        protocolFamily: PROTOCOL_FAMILIES[protocolFamily],
        hook: HOOKS.indexOf(hook),
        priority,
        flags: defragment === true ? BPF_F_NETFILTER_IP_DEFRAG : 0,
      },
      { call: 'bpf_program__attach_netfilter' },
    );
  }

  /** To a sockmap or sockhash: sk_skb and sk_msg programs. bpf_program__attach_sockmap; kernel 6.10 */
  attachSockmap(map: BpfMap | number, options: AttachTypeOptions = {}): BpfLink {
    checkOptions(options, 'options', { attachType: 'string' });
    const target = mapDescriptor(map, 'map');
    const attachType = attachTypeNumber(options.attachType);
    return attachWith(this, 'target', { target, attachType }, { call: 'bpf_program__attach_sockmap' });
  }
}
