/**
 * The kernel's map types (`enum bpf_map_type`), a row per type: its name is lower case and without BPF_MAP_TYPE_, as that
 * of libbpf_bpf_map_type_str.
 */
import { kindTable, type KindRow } from './kind-table';
import { since } from './requirement';

/** What a map type makes of its keys and values, whatever its definition says. */
export interface MapTraits {
  /** A value is one per possible CPU. */
  readonly perCpu?: true;
  /** Keys are indexes: 32 bits, unsigned. */
  readonly indexed?: true;
  /** There are no keys: values are pushed, and looked for or popped. */
  readonly keyless?: true;
  /** Values are set by a program or map, and read as its id. */
  readonly holds?: 'maps' | 'programs';
  /** Values of 4 bytes are numbers: file descriptors, interfaces, sizes. */
  readonly numbers?: true;
  /** Values belong to something of the kernel's, and go with it; the key is its file descriptor. Made with BTF only. */
  readonly storage?: true;
  /** Keys and values have to be of this size, whatever they are declared as: what they are declared as is what its records are. */
  readonly recordsOf?: 0 | 4;
  /** The kernel takes BTF of its keys and values (map_check_btf). */
  readonly btf?: true;
  /** User space can map its memory: an arena's, and an array's with BPF_F_MMAPABLE. */
  readonly mmapable?: true;
}

interface MapTypeRow extends KindRow, MapTraits {}

const ROWS = {
  unspec: { number: 0 },
  hash: { number: 1, needs: since('3.19'), btf: true },
  array: { number: 2, needs: since('3.19'), indexed: true, btf: true, mmapable: true },
  prog_array: { number: 3, needs: since('4.2'), indexed: true, holds: 'programs' },
  perf_event_array: {
    number: 4,
    needs: since('4.3', 'CONFIG_PERF_EVENTS'),
    indexed: true,
    numbers: true,
    recordsOf: 4,
  },
  percpu_hash: { number: 5, needs: since('4.6'), perCpu: true, btf: true },
  percpu_array: { number: 6, needs: since('4.6'), indexed: true, perCpu: true, btf: true },
  stack_trace: { number: 7, needs: since('4.6', 'CONFIG_PERF_EVENTS'), indexed: true },
  cgroup_array: { number: 8, needs: since('4.8', 'CONFIG_CGROUPS'), indexed: true, numbers: true },
  lru_hash: { number: 9, needs: since('4.10'), btf: true },
  lru_percpu_hash: { number: 10, needs: since('4.10'), perCpu: true, btf: true },
  lpm_trie: { number: 11, needs: since('4.11'), btf: true },
  array_of_maps: { number: 12, needs: since('4.12'), indexed: true, holds: 'maps' },
  hash_of_maps: { number: 13, needs: since('4.12'), holds: 'maps' },
  devmap: { number: 14, needs: since('4.14', 'CONFIG_NET'), indexed: true, numbers: true },
  sockmap: { number: 15, needs: since('4.14', 'CONFIG_NET'), indexed: true, numbers: true },
  cpumap: { number: 16, needs: since('4.15', 'CONFIG_NET'), indexed: true, numbers: true },
  xskmap: { number: 17, needs: since('4.18', 'CONFIG_XDP_SOCKETS'), indexed: true, numbers: true },
  sockhash: { number: 18, needs: since('4.18', 'CONFIG_NET'), numbers: true },
  cgroup_storage: { number: 19, needs: since('4.19', 'CONFIG_CGROUP_BPF'), btf: true },
  reuseport_sockarray: { number: 20, needs: since('4.19', 'CONFIG_INET'), indexed: true, numbers: true },
  percpu_cgroup_storage: { number: 21, needs: since('4.20', 'CONFIG_CGROUP_BPF'), perCpu: true, btf: true },
  queue: { number: 22, needs: since('4.20'), keyless: true },
  stack: { number: 23, needs: since('4.20'), keyless: true },
  sk_storage: { number: 24, needs: since('5.2', 'CONFIG_NET'), storage: true, btf: true },
  devmap_hash: { number: 25, needs: since('5.4', 'CONFIG_NET'), indexed: true, numbers: true },
  struct_ops: { number: 26, needs: since('5.6', 'CONFIG_BPF_JIT', 'CONFIG_DEBUG_INFO_BTF') },
  ringbuf: { number: 27, needs: since('5.8'), recordsOf: 0 },
  inode_storage: { number: 28, needs: since('5.10', 'CONFIG_BPF_LSM'), storage: true, btf: true },
  task_storage: { number: 29, needs: since('5.11'), storage: true, btf: true },
  bloom_filter: { number: 30, needs: since('5.16'), keyless: true, btf: true },
  user_ringbuf: { number: 31, needs: since('6.1'), recordsOf: 0 },
  cgrp_storage: { number: 32, needs: since('6.2', 'CONFIG_CGROUPS'), storage: true, btf: true },
  arena: { number: 33, needs: since('6.9', 'CONFIG_MMU'), mmapable: true },
  insn_array: { number: 34, needs: since('6.19'), indexed: true },
} as const satisfies Readonly<Record<string, MapTypeRow>>;

export type MapType = keyof typeof ROWS;

/** The traits that the table gives a type. */
export type MapTraitsOf<T extends MapType> = (typeof ROWS)[T];

export const mapTypes = kindTable<MapType, MapTypeRow>(ROWS);

/** The name of a map type; 'type_99' for one that is newer than the table. */
export const mapTypeName = mapTypes.nameOf;

/** The number of a map type; undefined for a name that mapTypeName() never gives. */
export const mapTypeNumber = mapTypes.numberOf;

/** All names, for messages. */
export const mapTypeNames = (): readonly string[] => mapTypes.names;

const NO_TRAITS: MapTraits = {};

export const mapTraits = (type: string): MapTraits => mapTypes.row(type) ?? NO_TRAITS;
