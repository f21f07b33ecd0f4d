/* A library that only declares a map, variables and functions. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
extern int shared_level;
extern const volatile __u64 shared_limits[4];
extern int __weak maybe;
extern int compute(int x);
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 8);
  __type(key, int);
  __type(value, long);
} shared_map SEC(".maps");
extern struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 8);
  __type(key, int);
  __type(value, long);
} declared_map SEC(".maps");
int own;
SEC("raw_tp/sys_enter") int lib_prog(void* ctx) {
  int k = 0;
  long* v = bpf_map_lookup_elem(&declared_map, &k);
  own = compute(shared_level + shared_limits[1]) + (v ? *v : 0) + (&maybe ? maybe : 0);
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
