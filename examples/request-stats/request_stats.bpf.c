/* The library. It knows nothing of the objects that it is linked into. */
#include "request_stats.h"

/* Set before load. */
const volatile __u32 target_pid;
const volatile __u32 sample_rate = 1;

/* Whoever links the library may define it to something else: a weak default. */
__weak __u32 request_weight SEC(".data") = 1;

__u64 requests;
__u64 histogram[REQUEST_STATS_SLOTS];
struct request last;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 512);
	__type(key, __s32);
	__type(value, __u64);
} per_syscall SEC(".maps");

int request_stats_note(__s32 syscall)
{
	__u64 number = __sync_fetch_and_add(&requests, request_weight) + request_weight;
	__u64 one = 1, *count;

	if (sample_rate > 1 && number % sample_rate)
		return 0;
	last.timestamp_ns = bpf_ktime_get_ns();
	last.number = number;
	last.tid = (__u32)bpf_get_current_pid_tgid();
	last.syscall = syscall;
	bpf_get_current_comm(last.comm, sizeof(last.comm));
	__sync_fetch_and_add(&histogram[(__u32)syscall % REQUEST_STATS_SLOTS], 1);
	count = bpf_map_lookup_elem(&per_syscall, &syscall);
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		(void)bpf_map_update_elem(&per_syscall, &syscall, &one, BPF_NOEXIST);
	return 1;
}

SEC("raw_tp/sys_enter")
int on_request(struct bpf_raw_tracepoint_args *ctx)
{
	if (bpf_get_current_pid_tgid() >> 32 != target_pid)
		return 0;
	request_stats_note((__s32)ctx->args[1]);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
