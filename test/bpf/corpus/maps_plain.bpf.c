/* Every map type with simple keys and values that libbpf 1.1 knows. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
#define MAP(name, map_type, K, V, n) \
  struct {                           \
    __uint(type, map_type);          \
    __uint(max_entries, n);          \
    __type(key, K);                  \
    __type(value, V);                \
  } name SEC(".maps")
MAP(hash, BPF_MAP_TYPE_HASH, __u32, __u64, 16);
MAP(array, BPF_MAP_TYPE_ARRAY, __u32, __s16, 4);
MAP(prog_array, BPF_MAP_TYPE_PROG_ARRAY, __u32, __u32, 4);
MAP(perf_event_array, BPF_MAP_TYPE_PERF_EVENT_ARRAY, int, int, 0);
MAP(percpu_hash, BPF_MAP_TYPE_PERCPU_HASH, __u64, __u32, 8);
MAP(percpu_array, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, __u64, 1);
MAP(cgroup_array, BPF_MAP_TYPE_CGROUP_ARRAY, __u32, __u32, 1);
MAP(lru_hash, BPF_MAP_TYPE_LRU_HASH, __u32, __u64, 8);
MAP(lru_percpu_hash, BPF_MAP_TYPE_LRU_PERCPU_HASH, __u32, __u64, 8);
MAP(devmap, BPF_MAP_TYPE_DEVMAP, __u32, __u32, 8);
MAP(devmap_hash, BPF_MAP_TYPE_DEVMAP_HASH, __u32, __u32, 8);
MAP(sockmap, BPF_MAP_TYPE_SOCKMAP, __u32, __u64, 8);
MAP(sockhash, BPF_MAP_TYPE_SOCKHASH, __u32, __u64, 8);
MAP(cpumap, BPF_MAP_TYPE_CPUMAP, __u32, __u32, 8);
MAP(xskmap, BPF_MAP_TYPE_XSKMAP, __u32, __u32, 8);
MAP(reuseport_sockarray, BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, __u32, __u64, 8);
