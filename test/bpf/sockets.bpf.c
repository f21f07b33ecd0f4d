// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Programs of sockets: a filter, and two ways to choose among those that share a port. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_REUSEPORT_SOCKARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} members SEC(".maps");

__u64 hits;
/* Bytes of a datagram that the socket gets, with the 8 of its UDP header; 0 for none of it. */
__u32 keep = 0xffff;
__u32 chosen;

SEC("socket")
int filter(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&hits, 1);
	return keep;
}

/* As a program of the group: which of its sockets, by number. */
SEC("socket")
int choose_by_number(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&hits, 1);
	return chosen;
}

SEC("sk_reuseport")
int choose(struct sk_reuseport_md *context)
{
	__u32 key = chosen;

	__sync_fetch_and_add(&hits, 1);
	return bpf_sk_select_reuseport(context, &members, &key, 0) == 0 ? SK_PASS : SK_DROP;
}
