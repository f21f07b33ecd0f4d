/*
 * The second agent: the same two libraries beside a ring buffer and variables of its own. It counts what system calls
 * return, as bytes, by thread, and how long each thread is outside of system calls.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <@libbpf-subskel/top-k/top_k.h>
#include <@libbpf-subskel/latency/latency.h>

const volatile __u32 target_pid;
const volatile char agent_version[] = "results 2";
__u64 largest;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} records SEC(".maps");

SEC("raw_tp/sys_exit")
int on_result(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__s64 result = ctx->args[1];

	if (thread >> 32 != target_pid)
		return 0;
	latency_start(thread);
	if (result <= 0 || result > 0xffffff)
		return 0;
	top_k_add(0, (__u32)thread, result);
	if (result > largest) {
		largest = result;
		bpf_ringbuf_output(&records, &result, sizeof(result), 0);
	}
	return 0;
}

SEC("raw_tp/sys_enter")
int on_next(void *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();

	if (thread >> 32 == target_pid)
		latency_end(thread, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
