// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Programs that the verifier rejects, each for another of the usual reasons. Each is loaded alone. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

#ifndef WITHOUT_LICENSE
char LICENSE[] SEC("license") = "GPL";
#endif

struct counters {
	__u64 of[8];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, struct counters);
	__uint(max_entries, 1);
} values SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

SEC("raw_tp/sys_enter")
int maybe_null(void *ctx)
{
	__u32 key = 1;
	struct counters *value = bpf_map_lookup_elem(&values, &key);

	return (int)value->of[0];
}

SEC("raw_tp/sys_enter")
int unbounded(void *ctx)
{
	__u32 key = bpf_get_prandom_u32();
	struct counters *value = bpf_map_lookup_elem(&values, &key);

	if (!value)
		return 0;
	return (int)value->of[key];
}

SEC("raw_tp/sys_enter")
int beyond_value(void *ctx)
{
	__u32 key = 1;
	struct counters *value = bpf_map_lookup_elem(&values, &key);

	if (!value)
		return 0;
	return (int)value->of[9];
}

SEC("raw_tp/sys_enter")
int beyond_stack(void *ctx)
{
	volatile char name[16] = {};
	__u32 at = bpf_get_prandom_u32() & 31;

	name[at] = 1;
	return name[0];
}

SEC("raw_tp/sys_enter")
int unreleased(void *ctx)
{
	__u64 *record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);

	if (!record)
		return 0;
	*record = 1;
	return 0;
}

SEC("raw_tp/sys_enter")
int endless(void *ctx)
{
	for (;;)
		asm volatile("" ::: "memory");
	return 0;
}

SEC("raw_tp/sys_enter")
int too_long(void *ctx)
{
	__u32 random = bpf_get_prandom_u32();
	volatile __u32 sum = 0;

	for (__u32 i = 0; i < 10000000; i++)
		sum += i & random;
	return sum;
}

/* Only programs of sockets and networking have it. */
SEC("raw_tp/sys_enter")
int wrong_helper(void *ctx)
{
	return bpf_skb_load_bytes(ctx, 0, ctx, 1);
}

struct sock_common {
	int family;
};
extern int bpf_sock_destroy(struct sock_common *sock) __ksym __weak;

SEC("raw_tp/sys_enter")
int wrong_kfunc(void *ctx)
{
	return bpf_sock_destroy(ctx);
}

SEC("raw_tp/sys_enter")
__attribute__((naked)) int no_result(void)
{
	asm volatile("exit");
}

SEC("raw_tp/sys_enter")
int no_pointer(void *ctx)
{
	return (int)bpf_map_delete_elem(&values, (void *)1);
}

SEC("raw_tp/sys_enter")
int untyped_pointer(void *ctx)
{
	__u64 address = *(__u64 *)ctx;

	return *(int *)address;
}

/* May sleep; raw tracepoints may not. */
SEC("raw_tp/sys_enter")
int sleeping(void *ctx)
{
	char byte;

	return (int)bpf_copy_from_user(&byte, 1, (void *)1);
}

static __noinline int deep(__u64 n)
{
	volatile char room[400] = {};

	return room[n & 127];
}

/* Not a tracing program: those have a stack of their own on some machines. */
SEC("socket")
int large_stack(struct __sk_buff *skb)
{
	volatile char room[400] = {};

	return room[3] + deep(bpf_get_prandom_u32());
}

SEC("xdp")
int outside_packet(struct xdp_md *ctx)
{
	struct ethhdr *ethernet = (void *)(long)ctx->data;

	return ethernet->h_proto == 8 ? XDP_DROP : XDP_PASS;
}

SEC("raw_tp/sys_enter")
__attribute__((naked)) int newer_instruction(void)
{
	/* BPF_STX | BPF_ATOMIC with an operation that no kernel has. */
	asm volatile("r0 = 0; *(u64 *)(r10 - 8) = r0; .8byte 0x77fffff801db; exit");
}

/* Its result must be 0 or 1. */
SEC("cgroup_skb/egress")
int wrong_result(struct __sk_buff *skb)
{
	return 7;
}

SEC("raw_tp/sys_enter")
int needs_gpl(void *ctx)
{
	return (int)bpf_ktime_get_ns() + bpf_trace_printk("", 1);
}

SEC("socket")
int leave_context(struct __sk_buff *skb)
{
	return *(int *)((char *)skb + 4096);
}
