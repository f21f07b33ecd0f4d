/* The second library of the scenario: defines what the first one only declares. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int var6 = 6;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 16);
} map2 SEC(".maps");

char LICENSE[] SEC("license") = "GPL";
