/* A small object with a bit of everything, for the tests of objects, maps, programs and links. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

struct point {
	__s32 x;
	__s32 y;
	__u64 weight;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, struct point);
	__uint(max_entries, 64);
} points SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 4);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 2);
} per_cpu SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(key_size, 3);
	__uint(value_size, 5);
	__uint(max_entries, 8);
} untyped SEC(".maps");

const volatile __u32 step = 1;
__u64 total;
__u32 calls = 10;
__u64 resizable[2] SEC(".bss.resizable");

/* Returns step + calls + arg, and counts. */
struct argument {
	__u32 in;
	__u32 out;
};

SEC("syscall")
int add(struct argument *argument)
{
	__u32 key = 0;
	__u32 *count = bpf_map_lookup_elem(&per_cpu, &key);

	if (count)
		(*count)++;
	calls++;
	total += step;
	resizable[0]++;
	argument->out = argument->in + step;
	return (int)(step + calls);
}

SEC("raw_tp/sys_enter")
int on_enter(void *ctx)
{
	__sync_fetch_and_add(&total, step);
	return 0;
}

SEC("xdp")
int on_packet(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
