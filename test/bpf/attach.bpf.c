/* A program for each way to attach, which counts in `hits` and keeps the cookie that it was attached with. */
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/usdt.bpf.h>

#define IPPROTO_UDP 17
#define NF_ACCEPT 1
#define AF_INET 2

/* 0: whoever. System-wide events are counted for this process only. */
const volatile __u32 target_pid = 0;
__u64 hits;
__u64 cookie;
__u64 order;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 64);
} walked SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 4);
} sockets SEC(".maps");

static __always_inline void count(void)
{
	if (!target_pid || bpf_get_current_pid_tgid() >> 32 == target_pid)
		__sync_fetch_and_add(&hits, 1);
}

#define COUNTED(section, name, answer)                                                                                 \
	SEC(section) int name(void *ctx)                                                                               \
	{                                                                                                              \
		count();                                                                                               \
		return answer;                                                                                         \
	}

/* Keeps the cookie, too: where the kernel has one for the type. */
#define WITH_COOKIE(section, name)                                                                                     \
	SEC(section) int name(void *ctx)                                                                               \
	{                                                                                                              \
		if (!target_pid || bpf_get_current_pid_tgid() >> 32 == target_pid)                                     \
			cookie = bpf_get_attach_cookie(ctx);                                                           \
		count();                                                                                               \
		return 0;                                                                                              \
	}

COUNTED("raw_tp", on_raw_tp, 0)
COUNTED("raw_tp/sys_enter", on_raw_tp_by_section, 0)
COUNTED("tp_btf/sys_enter", on_tp_btf, 0)
WITH_COOKIE("tp", on_tracepoint)
WITH_COOKIE("perf_event", on_perf_event)
WITH_COOKIE("uprobe", on_uprobe)
WITH_COOKIE("uretprobe", on_uretprobe)
WITH_COOKIE("uprobe.multi", on_uprobe_multi)
COUNTED("kprobe", on_kprobe, 0)
COUNTED("kprobe.multi", on_kprobe_multi, 0)
COUNTED("ksyscall", on_ksyscall, 0)
COUNTED("fentry/bpf_fentry_test1", on_fentry, 0)
COUNTED("fexit/bpf_fentry_test1", on_fexit, 0)
COUNTED("fmod_ret/bpf_modify_return_test", on_fmod_ret, 0)
COUNTED("lsm/file_open", on_lsm, 0)
COUNTED("xdp", on_xdp, XDP_PASS)
COUNTED("tc", on_tc, 0)
COUNTED("tcx/ingress", on_tcx_ingress, -1)
COUNTED("tcx/egress", on_tcx_egress, -1)
COUNTED("netkit/primary", on_netkit, -1)
COUNTED("cgroup_skb/egress", on_cgroup_skb, 1)
COUNTED("netfilter", on_netfilter, NF_ACCEPT)
COUNTED("sk_lookup", on_sk_lookup, SK_PASS)
COUNTED("sk_msg", on_sk_msg, SK_PASS)

SEC("usdt")
int BPF_USDT(on_usdt, long first)
{
	cookie = bpf_usdt_cookie(ctx) + first;
	count();
	return 0;
}

/* Which of two programs ran last. */
SEC("tcx/ingress")
int first_order(struct __sk_buff *ctx)
{
	order = order * 10 + 1;
	hits++;
	return -1;
}

SEC("tcx/ingress")
int second_order(struct __sk_buff *ctx)
{
	order = order * 10 + 2;
	hits++;
	return -1;
}

/* freplace: `replaced` answers 1 for the one that is there, 2 for the one that takes its place. */
__noinline int replaced(struct __sk_buff *ctx)
{
	volatile int answer = 1;

	return answer;
}

SEC("tc")
int replaceable(struct __sk_buff *ctx)
{
	return replaced(ctx);
}

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
} __attribute__((preserve_access_index));

struct bpf_map;

struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	void *key;
	void *value;
} __attribute__((preserve_access_index));

SEC("iter/bpf_map_elem")
int iter_map(struct bpf_iter__bpf_map_elem *ctx)
{
	__u32 *key = ctx->key;
	__u64 *value = ctx->value;

	if (!key || !value)
		return 0;
	hits++;
	BPF_SEQ_PRINTF(ctx->meta->seq, "%u=%llu\n", *key, *value);
	return 0;
}

struct task_struct {
	int pid;
	int tgid;
} __attribute__((preserve_access_index));

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} __attribute__((preserve_access_index));

SEC("iter/task")
int iter_task(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	if (!task)
		return 0;
	hits++;
	BPF_SEQ_PRINTF(ctx->meta->seq, "%d %d\n", task->tgid, task->pid);
	return 0;
}

struct cgroup;

struct bpf_iter__cgroup {
	struct bpf_iter_meta *meta;
	struct cgroup *cgroup;
} __attribute__((preserve_access_index));

SEC("iter/cgroup")
int iter_cgroup(struct bpf_iter__cgroup *ctx)
{
	if (!ctx->cgroup)
		return 0;
	hits++;
	BPF_SEQ_PRINTF(ctx->meta->seq, "cgroup\n");
	return 0;
}

struct args {
	__u32 in;
	__s64 out;
	char text[8];
};

SEC("syscall")
int with_context(struct args *args)
{
	args->out = -2 * (long)args->in;
	args->text[0]++;
	return args->in + 1;
}

SEC("syscall")
int with_no_type(void *ctx)
{
	return 3;
}

char LICENSE[] SEC("license") = "GPL";
