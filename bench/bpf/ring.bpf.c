/* The producer of the ring trials: records of 40 bytes with five members, as many as asked for in one run. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct request {
	__u64 sequence;
	__u64 time_ns;
	__u64 latency_ns;
	__u64 bytes;
	__u32 pid;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 << 20);
} events SEC(".maps");

const struct request *unused __attribute__((unused));

__u64 sequence;
__u64 dropped;

struct produce_arguments {
	__u64 count;
	__u64 flags;
};

static long produce_one(__u32 i, struct produce_arguments *arguments)
{
	struct request *record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);

	if (!record) {
		dropped++;
		return 0;
	}
	record->sequence = sequence++;
	record->time_ns = 1700000000000000 + sequence;
	record->latency_ns = i;
	record->bytes = 4096;
	record->pid = i & 0x7fff;
	bpf_ringbuf_submit(record, arguments->flags);
	return 0;
}

SEC("syscall")
int produce(struct produce_arguments *arguments)
{
	struct produce_arguments copy = *arguments;

	bpf_loop(copy.count, produce_one, &copy, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
