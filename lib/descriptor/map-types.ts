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
