/* Counters that the BPF side and JavaScript count up at the same time. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct counters {
	__u32 padding;
	__u32 small;
	__u64 large;
};

__u64 counter;
__u32 counter32;
struct counters in_struct;
__u64 in_array[3];
__u32 done;

SEC("xdp")
int count(struct xdp_md *ctx)
{
	__sync_fetch_and_add(&counter, 1);
	__sync_fetch_and_add(&counter32, 1);
	__sync_fetch_and_add(&in_struct.small, 1);
	__sync_fetch_and_add(&in_struct.large, 1);
	__sync_fetch_and_add(&in_array[1], 1);
	return XDP_PASS;
}

SEC("xdp")
int finish(struct xdp_md *ctx)
{
	done = 1;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
