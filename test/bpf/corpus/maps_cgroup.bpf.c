/* Cgroup storage. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
struct {
  __uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
  __type(key, struct bpf_cgroup_storage_key);
  __type(value, __u64);
} cgroup_storage SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE);
  __type(key, __u64);
  __type(value, __u32);
} percpu_cgroup_storage SEC(".maps");
SEC("cgroup_skb/egress") int egress(struct __sk_buff* skb) {
  __u64* v = bpf_get_local_storage(&cgroup_storage, 0);
  if (v) *v += skb->len;
  return 1;
}
char LICENSE[] SEC("license") = "GPL";
