/** What the kernel says of a link (`struct bpf_link_info`, kernel 5.8): by the link's type. */
import { attachTypes, type AttachType } from '../../uapi/attach-types';
import type { OrNewer } from '../../uapi/kind-table';
import { linkTypes } from '../../uapi/link-types';
import type { NativeInfo } from '../../native/surface/handles';
import { viewOf } from '../../util/bytes';

interface Common<Type extends string> {
  readonly type: Type;
  readonly id: number;
  /** 0 for struct_ops. */
  readonly programId: number;
}

export interface RawTracepointLinkInfo extends Common<'raw_tracepoint'> {
  /** The tracepoint. */
  readonly name: string;
  readonly cookie: bigint;
}

export interface TracingLinkInfo extends Common<'tracing'> {
  readonly attachType: OrNewer<AttachType>;
  /** Of freplace the id of the program, otherwise that of the BTF object. */
  readonly targetObjectId: number;
  readonly targetBtfId: number;
  readonly cookie: bigint;
}

export interface CgroupLinkInfo extends Common<'cgroup'> {
  readonly attachType: OrNewer<AttachType>;
  /** 0 once the cgroup is gone. */
  readonly cgroupId: bigint;
}

export interface IterLinkInfo extends Common<'iter'> {
  /** What it walks: 'task', 'bpf_map_elem'. */
  readonly target: string;
  readonly mapId: number;
  readonly cgroupId: bigint;
  readonly tid: number;
  readonly pid: number;
}

export interface NetnsLinkInfo extends Common<'netns'> {
  readonly attachType: OrNewer<AttachType>;
  /** The namespace's inode; 0 once it is gone. */
  readonly netnsInode: bigint;
}

export interface XdpLinkInfo extends Common<'xdp'> {
  /** 0 once the interface is gone. */
  readonly ifindex: number;
}

export interface InterfaceLinkInfo<Type extends 'tcx' | 'netkit'> extends Common<Type> {
  /** 0 once the interface is gone. */
  readonly ifindex: number;
  readonly attachType: OrNewer<AttachType>;
}

export interface StructOpsLinkInfo extends Common<'struct_ops'> {
  readonly mapId: number;
}

export interface NetfilterLinkInfo extends Common<'netfilter'> {
  /** NFPROTO_IPV4 is 2, NFPROTO_IPV6 10. */
  readonly protocolFamily: number;
  readonly hook: number;
  readonly priority: number;
  readonly flags: number;
}

export interface KprobeMultiLinkInfo extends Common<'kprobe_multi'> {
  readonly retprobe: boolean;
  /** Zeros where the sysctl kernel.kptr_restrict hides them. */
  readonly addresses: BigUint64Array;
  readonly cookies: BigUint64Array;
  /** How often it did not run because it ran already. */
  readonly missed: bigint;
}

export interface UprobeMultiLinkInfo extends Common<'uprobe_multi'> {
  readonly path: string;
  readonly retprobe: boolean;
  readonly offsets: BigUint64Array;
  readonly refCtrOffsets: BigUint64Array;
  readonly cookies: BigUint64Array;
  /** 0 for all processes. */
  readonly pid: number;
}

/** The event behind a perf_event link (kernel 6.6; 'unspec' before). */
export interface PerfEventLinkInfo extends Common<'perf_event'> {
  readonly event: 'unspec' | 'uprobe' | 'uretprobe' | 'kprobe' | 'kretprobe' | 'tracepoint' | 'event';
  /** The file of a uprobe, the function of a kprobe, the name of a tracepoint. */
  readonly name: string;
  /** Bytes from the start of that file or function. */
  readonly offset: number;
  /** Of a kprobe, where kernel.kptr_restrict lets it out. */
  readonly address: bigint;
  readonly missed: bigint;
  readonly refCtrOffset: bigint;
  /** Of an event: its `config` of perf_event_open(2), and the type of the PMU that counts it: for software clocks another than was asked for. */
  readonly eventType: number;
  readonly config: bigint;
  readonly cookie: bigint;
}

export interface SockmapLinkInfo extends Common<'sockmap'> {
  readonly mapId: number;
  readonly attachType: OrNewer<AttachType>;
}

/** Told apart by `type`. A type that is newer than this list is 'type_99'. */
export type LinkInfo =
  | RawTracepointLinkInfo
  | TracingLinkInfo
  | CgroupLinkInfo
  | IterLinkInfo
  | NetnsLinkInfo
  | XdpLinkInfo
  | InterfaceLinkInfo<'tcx'>
  | InterfaceLinkInfo<'netkit'>
  | StructOpsLinkInfo
  | NetfilterLinkInfo
  | KprobeMultiLinkInfo
  | UprobeMultiLinkInfo
  | PerfEventLinkInfo
  | SockmapLinkInfo
  | Common<`type_${number}` | 'unspec'>;

const PERF_EVENTS = [
  'unspec',
  'uprobe',
  'uretprobe',
  'kprobe',
  'kretprobe',
  'tracepoint',
  'event',
] as const satisfies readonly PerfEventLinkInfo['event'][];
/** BPF_F_KPROBE_MULTI_RETURN, BPF_F_UPROBE_MULTI_RETURN */
const RETURN = 1;
const NONE = new BigUint64Array(0);

interface Reader {
  readonly u32: (offset: number) => number;
  readonly i32: (offset: number) => number;
  readonly u64: (offset: number) => bigint;
  readonly attachType: (offset: number) => string;
  readonly native: NativeInfo;
}

type Details = Readonly<Record<string, unknown>>;

/** By the layout of the union in linux/bpf.h, which begins at offset 16. */
const DETAILS: Readonly<Record<string, (read: Reader) => Details>> = {
  raw_tracepoint: ({ u64, native }) => ({ name: native.text, cookie: u64(32) }),
  tracing: ({ u32, u64, attachType }) => ({
    attachType: attachType(16),
    targetObjectId: u32(20),
    targetBtfId: u32(24),
    cookie: u64(32),
  }),
  cgroup: ({ u64, attachType }) => ({ attachType: attachType(24), cgroupId: u64(16) }),
  iter: ({ u32, u64, native: { text } }) => ({
    target: text,
    mapId: u32(28),
    cgroupId: text === 'cgroup' ? u64(32) : 0n,
    tid: text.startsWith('task') ? u32(32) : 0,
    pid: text.startsWith('task') ? u32(36) : 0,
  }),
  netns: ({ u32, attachType }) => ({ attachType: attachType(20), netnsInode: BigInt(u32(16)) }),
  xdp: ({ u32 }) => ({ ifindex: u32(16) }),
  tcx: ({ u32, attachType }) => ({ ifindex: u32(16), attachType: attachType(20) }),
  netkit: ({ u32, attachType }) => ({ ifindex: u32(16), attachType: attachType(20) }),
  struct_ops: ({ u32 }) => ({ mapId: u32(16) }),
  netfilter: ({ u32, i32 }) => ({
    protocolFamily: u32(16),
    hook: u32(20),
    priority: i32(24),
    flags: u32(28),
  }),
  kprobe_multi: ({ u32, u64, native: { arrays } }) => ({
    retprobe: (u32(28) & RETURN) !== 0,
    addresses: arrays[0] ?? NONE,
    cookies: arrays[1] ?? NONE,
    missed: u64(32),
  }),
  uprobe_multi: ({ u32, native: { text, arrays } }) => ({
    path: text,
    retprobe: (u32(56) & RETURN) !== 0,
    offsets: arrays[0] ?? NONE,
    refCtrOffsets: arrays[1] ?? NONE,
    cookies: arrays[2] ?? NONE,
    pid: u32(60),
  }),
  perf_event: perfEvent,
  sockmap: ({ u32, attachType }) => ({ mapId: u32(16), attachType: attachType(20) }),
};

function perfEvent({ u32, u64, native }: Reader): Details {
  const event = PERF_EVENTS[u32(16)] ?? 'unspec';
  const uprobe = event === 'uprobe' || event === 'uretprobe';
  const kprobe = event === 'kprobe' || event === 'kretprobe';
  return {
    event,
    name: native.text,
    offset: uprobe || kprobe ? u32(36) : 0,
    address: kprobe ? u64(40) : 0n,
    missed: kprobe ? u64(48) : 0n,
    refCtrOffset: uprobe ? u64(48) : 0n,
    eventType: event === 'event' ? u32(32) : 0,
    config: event === 'event' ? u64(24) : 0n,
    cookie: event === 'unspec' ? 0n : u64(kprobe ? 56 : 40),
  };
}

export function decodeLinkInfo(native: NativeInfo): LinkInfo {
  const { bytes } = native;
  const view = viewOf(bytes);
  const u32 = (offset: number): number => view.getUint32(offset, true);
  const type = linkTypes.nameOf(u32(0));
  const details = DETAILS[type]?.({
    u32,
    i32: (offset) => view.getInt32(offset, true),
    u64: (offset) => view.getBigUint64(offset, true),
    attachType: (offset) => attachTypes.nameOf(u32(offset)),
    native,
  });
  return { type, id: u32(4), programId: u32(8), ...details } as unknown as LinkInfo;
}
