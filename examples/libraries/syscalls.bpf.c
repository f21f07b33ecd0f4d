/* The first agent: all system calls of one process, how long they take and which are the most frequent. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <@libbpf-subskel/latency/latency.h>
#include <@libbpf-subskel/top-k/top_k.h>

const volatile __u32 target_pid;

SEC("raw_tp/sys_enter")
int on_enter(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();

	if (thread >> 32 != target_pid)
		return 0;
	latency_start(thread);
	top_k_add(0, ctx->args[1], 1);
	return 0;
}

SEC("raw_tp/sys_exit")
int on_exit(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 thread = bpf_get_current_pid_tgid();

	if (thread >> 32 == target_pid)
		latency_end(thread, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
