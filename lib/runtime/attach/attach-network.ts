/** Attaching programs to the network and to cgroups: interfaces, namespaces, sockets. */
import {
  BPF_F_NETFILTER_IP_DEFRAG,
  BPF_F_PREORDER,
  XDP_FLAGS_DRV_MODE,
  XDP_FLAGS_HW_MODE,
  XDP_FLAGS_SKB_MODE,
} from '../../uapi/attach-flags';
import { attachTypes, type AttachType } from '../../uapi/attach-types';
import type { OrNewer } from '../../uapi/kind-table';
import { since } from '../../uapi/requirement';
import { checkInteger, refuse } from '../../util/check';
import { alternatives } from '../../util/suggest';
import type { BpfLink } from '../link/bpf-link';
import type { BpfMap } from '../map/bpf-map';
import { attachKind, checkKind } from './attach-kind';
import { interfaceIndex, mapDescriptor, withDescriptor } from './attach-options';
import { attachWith, type Attachable } from './attachable';
import { POSITION_OPTIONS, positionOf, type LinkPosition } from './link-position';

export interface AttachTypeOptions {
  /** Needed where neither the program's section nor its expectedAttachType says it, or where there is no object to ask. */
  readonly attachType?: OrNewer<AttachType> | undefined;
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

export const NETWORK = {
  attachCgroup: attachKind<CgroupOptions>({
    call: 'bpf_program__attach_cgroup',
    needs: since('5.7', 'CONFIG_CGROUP_BPF'),
    options: { ...POSITION_OPTIONS, attachType: 'string', preorder: 'boolean' },
  }),
  attachNetns: attachKind<AttachTypeOptions>({
    call: 'bpf_program__attach_netns',
    needs: since('5.8', 'CONFIG_NET'),
    options: { attachType: 'string' },
  }),
  attachXdp: attachKind<XdpOptions>({
    call: 'bpf_program__attach_xdp',
    needs: since('5.9', 'CONFIG_NET'),
    options: { mode: ['skb', 'drv', 'hw'] },
  }),
  attachTcx: attachKind<TcxOptions>({
    call: 'bpf_program__attach_tcx',
    needs: since('6.6', 'CONFIG_NET_XGRESS'),
    options: { ...POSITION_OPTIONS, attachType: ['tcx_ingress', 'tcx_egress'] },
  }),
  attachNetkit: attachKind<NetkitOptions>({
    call: 'bpf_program__attach_netkit',
    needs: since('6.7', 'CONFIG_NETKIT'),
    options: { ...POSITION_OPTIONS, attachType: ['netkit_primary', 'netkit_peer'] },
  }),
  attachNetfilter: attachKind<NetfilterOptions>({
    call: 'bpf_program__attach_netfilter',
    needs: since('6.4', 'CONFIG_NETFILTER_BPF_LINK'),
    options: { protocolFamily: ['ipv4', 'ipv6'], hook: HOOKS, priority: 'any', defragment: 'boolean' },
  }),
  attachSockmap: attachKind<AttachTypeOptions>({
    call: 'bpf_program__attach_sockmap',
    needs: since('6.10', 'CONFIG_NET'),
    options: { attachType: 'string' },
  }),
} as const;

export function attachCgroup(program: Attachable, cgroup: string | number, options: CgroupOptions): BpfLink {
  checkKind(NETWORK.attachCgroup, options);
  const position = positionOf(options);
  const flags = position.flags | (options.preorder === true ? BPF_F_PREORDER : 0);
  const attachType = attachTypeNumber(options.attachType);
  return withDescriptor(cgroup, 'cgroup', (target) =>
    attachWith(program, 'target', { ...position, target, attachType, flags }, NETWORK.attachCgroup),
  );
}

export function attachNetns(
  program: Attachable,
  netns: string | number,
  options: AttachTypeOptions,
): BpfLink {
  checkKind(NETWORK.attachNetns, options);
  const attachType = attachTypeNumber(options.attachType);
  return withDescriptor(netns, 'network namespace', (target) =>
    attachWith(program, 'target', { target, attachType }, NETWORK.attachNetns),
  );
}

export function attachXdp(program: Attachable, target: string | number, options: XdpOptions): BpfLink {
  checkKind(NETWORK.attachXdp, options);
  const flags = options.mode === undefined ? 0 : XDP_FLAGS[options.mode];
  const attachType = attachTypes.rows.xdp.number;
  const native = { target: interfaceIndex(target), attachType, flags };
  return attachWith(program, 'target', native, NETWORK.attachXdp);
}

export function attachTcx(program: Attachable, target: string | number, options: TcxOptions): BpfLink {
  checkKind(NETWORK.attachTcx, options);
  const attachType = attachTypeNumber(options.attachType);
  const native = { ...positionOf(options), target: interfaceIndex(target), attachType };
  return attachWith(program, 'target', native, NETWORK.attachTcx);
}

export function attachNetkit(program: Attachable, target: string | number, options: NetkitOptions): BpfLink {
  checkKind(NETWORK.attachNetkit, options);
  const attachType = attachTypeNumber(options.attachType);
  const native = { ...positionOf(options), target: interfaceIndex(target), attachType };
  return attachWith(program, 'target', native, NETWORK.attachNetkit);
}

export function attachNetfilter(program: Attachable, options: NetfilterOptions): BpfLink {
  checkKind(NETWORK.attachNetfilter, options);
  const { protocolFamily, hook, priority, defragment } = options as Partial<NetfilterOptions>;
  if (protocolFamily === undefined) refuse('options.protocolFamily', "'ipv4' or 'ipv6'", protocolFamily);
  if (hook === undefined) refuse('options.hook', 'a hook', hook);
  checkInteger(priority, 'options.priority', -0x8000_0000, 0x7fff_ffff);
  const native = {
    protocolFamily: PROTOCOL_FAMILIES[protocolFamily],
    hook: HOOKS.indexOf(hook),
    priority,
    flags: defragment === true ? BPF_F_NETFILTER_IP_DEFRAG : 0,
  };
  return attachWith(program, 'netfilter', native, NETWORK.attachNetfilter);
}

export function attachSockmap(
  program: Attachable,
  map: BpfMap | number,
  options: AttachTypeOptions,
): BpfLink {
  checkKind(NETWORK.attachSockmap, options);
  const target = mapDescriptor(map, 'map');
  const attachType = attachTypeNumber(options.attachType);
  return attachWith(program, 'target', { target, attachType }, NETWORK.attachSockmap);
}
