import type { NativeElements } from '../../native/surface/elements';
import type { OrNewer } from '../../uapi/kind-table';
import { mapTypeName, type MapType } from '../../uapi/map-types';

/** What the kernel says of a map (`struct bpf_map_info`). */
export interface MapInfo {
  /** 'hash', 'percpu_array', … */
  readonly type: OrNewer<MapType>;
  /** For BpfMap.fromId(); also what a lookup in a map of maps gives. */
  readonly id: number;
  /** At most 15 characters. */
  readonly name: string;
  /** Bytes. */
  readonly keySize: number;
  /** Bytes; of per-CPU maps one CPU's. */
  readonly valueSize: number;
  readonly maxEntries: number;
  /** The BPF_F_… flags it was made with. */
  readonly flags: number;
  /** The network interface that it is offloaded to, else 0. */
  readonly ifindex: number;
  readonly netnsDevice: bigint;
  readonly netnsInode: bigint;
  /** The BTF object with its types, 0 for none; the ids of types in it. */
  readonly btfId: number;
  readonly btfKeyTypeId: number;
  readonly btfValueTypeId: number;
  /** Of struct_ops maps: the struct in the kernel's own BTF. */
  readonly btfVmlinuxValueTypeId: number;
  /** Of bloom filters the number of hash functions; of arenas the address. */
  readonly extra: bigint;
}

export function mapInfo(native: NativeElements): MapInfo {
  const { type, ...info } = native.info();
  return { type: mapTypeName(type), ...info };
}
