/** The kernel's names of map types (`enum bpf_map_type`), lower case and without BPF_MAP_TYPE_: those of libbpf_bpf_map_type_str. */
import { kindNames } from './kind-names';

const NAMES = [
  'unspec',
  'hash',
  'array',
  'prog_array',
  'perf_event_array',
  'percpu_hash',
  'percpu_array',
  'stack_trace',
  'cgroup_array',
  'lru_hash',
  'lru_percpu_hash',
  'lpm_trie',
  'array_of_maps',
  'hash_of_maps',
  'devmap',
  'sockmap',
  'cpumap',
  'xskmap',
  'sockhash',
  'cgroup_storage',
  'reuseport_sockarray',
  'percpu_cgroup_storage',
  'queue',
  'stack',
  'sk_storage',
  'devmap_hash',
  'struct_ops',
  'ringbuf',
  'inode_storage',
  'task_storage',
  'bloom_filter',
  'user_ringbuf',
  'cgrp_storage',
  'arena',
  'insn_array',
] as const;

export type MapType = (typeof NAMES)[number];

export const mapTypes = kindNames(NAMES);

/** The name of a map type; 'type_99' for one that is newer than this list. */
export const mapTypeName = mapTypes.nameOf;

/** The number of a map type; undefined for a name that mapTypeName() never gives. */
export const mapTypeNumber = mapTypes.numberOf;

/** All names, for messages. */
export const mapTypeNames = (): readonly string[] => NAMES;

/** What a map type makes of its keys and values, whatever its definition says. */
export interface MapTraits {
  /** A value is one a possible CPU. */
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
}

const TRAITS: Readonly<Record<string, MapTraits>> = {
  array: { indexed: true },
  prog_array: { indexed: true, holds: 'programs' },
  perf_event_array: { indexed: true, numbers: true },
  percpu_hash: { perCpu: true },
  percpu_array: { indexed: true, perCpu: true },
  stack_trace: { indexed: true },
  cgroup_array: { indexed: true, numbers: true },
  lru_percpu_hash: { perCpu: true },
  array_of_maps: { indexed: true, holds: 'maps' },
  hash_of_maps: { holds: 'maps' },
  devmap: { indexed: true, numbers: true },
  sockmap: { indexed: true, numbers: true },
  cpumap: { indexed: true, numbers: true },
  xskmap: { indexed: true, numbers: true },
  sockhash: { numbers: true },
  reuseport_sockarray: { indexed: true, numbers: true },
  percpu_cgroup_storage: { perCpu: true },
  queue: { keyless: true },
  stack: { keyless: true },
  devmap_hash: { indexed: true, numbers: true },
  bloom_filter: { keyless: true },
  sk_storage: { storage: true },
  inode_storage: { storage: true },
  task_storage: { storage: true },
  cgrp_storage: { storage: true },
  insn_array: { indexed: true },
};

const NO_TRAITS: MapTraits = {};

export function mapTraits(type: string): MapTraits {
  return Object.hasOwn(TRAITS, type) ? (TRAITS[type] ?? NO_TRAITS) : NO_TRAITS;
}
