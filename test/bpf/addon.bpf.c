/* One of each thing that the native addon has a method for. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 4);
} table SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 2);
} slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 1);
} per_cpu SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__type(value, __u32);
	__uint(max_entries, 4);
} queue SEC(".maps");

extern int LINUX_KERNEL_VERSION __kconfig;

const volatile __u32 step = 3;
__u64 total;
__u32 calls = 10;
__u32 first SEC(".data.custom") = 1;
__u32 tail[2] SEC(".data.custom") = { 7, 8 };

struct context {
	__u32 in;
	__u32 out;
};

SEC("syscall")
int run(struct context *context)
{
	calls++;
	total += step;
	first += tail[0] + tail[1];
	context->out = context->in + step;
	return (int)calls + (LINUX_KERNEL_VERSION == 0);
}

SEC("raw_tp/sys_enter")
int on_enter(void *context)
{
	__u32 key = 0;
	__u32 *count = bpf_map_lookup_elem(&per_cpu, &key);

	if (count)
		(*count)++;
	__sync_fetch_and_add(&total, 1);
	return 0;
}

SEC("xdp")
int on_packet(struct xdp_md *context)
{
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
