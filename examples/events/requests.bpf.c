/* A program that reports each write(2) of one process, and counts the reports that found no room. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct request {
	__u64 time_ns;
	__u32 pid;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} requests SEC(".maps");

/* BTF has only types that something refers to. */
const struct request *unused __attribute__((unused));

const volatile __u32 target_pid;
__u64 dropped;

SEC("raw_tp/sys_enter")
int on_enter(struct bpf_raw_tracepoint_args *ctx)
{
	struct request *request;

	if (bpf_get_current_pid_tgid() >> 32 != target_pid || ctx->args[1] != 1)
		return 0;
	request = bpf_ringbuf_reserve(&requests, sizeof(*request), 0);
	if (!request) {
		/* The reader is slow, and the ring is full: nobody else can know how many that were. */
		__sync_fetch_and_add(&dropped, 1);
		return 0;
	}
	request->time_ns = bpf_ktime_get_ns();
	request->pid = target_pid;
	bpf_get_current_comm(request->comm, sizeof(request->comm));
	bpf_ringbuf_submit(request, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
