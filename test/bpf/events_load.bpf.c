/* Producers that run at the same time, each numbering its records, for test/process/events/load. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define PRODUCERS 4
#define LONGEST 4096

/* What is in a record that is long enough for it. */
struct item {
	__u64 sequence;
	__u32 producer;
	__u32 length;
	__u8 bytes[];
};

const struct item *unused_item __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 << 10);
} load SEC(".maps");

struct pattern {
	__u8 bytes[2 * LONGEST];
};

/* A record's bytes after its head are those from its sequence number on. Filled by user space. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct pattern);
	__uint(max_entries, 1);
} patterns SEC(".maps");

struct producer {
	__u64 attempts;
	/* As many as were submitted, and so the number of the next one. */
	__u64 submitted;
	/* Those that are too short for a head. */
	__u64 tiny;
	__u64 discarded;
	__u64 dropped;
};

struct producer producers[PRODUCERS];

struct load_arguments {
	__u64 count;
	__u64 producer;
	/* Lengths go from shortest to longest, and again. */
	__u64 shortest;
	__u64 longest;
	/* One in so many is discarded. */
	__u64 discard;
	__u64 flags;
};

static long produce_item(__u32 i, struct load_arguments *arguments)
{
	struct producer *producer = &producers[arguments->producer & (PRODUCERS - 1)];
	__u32 range = arguments->longest - arguments->shortest + 1, key = 0, length, body;
	struct item head = { .sequence = producer->submitted, .producer = arguments->producer };
	struct pattern *pattern = bpf_map_lookup_elem(&patterns, &key);
	__u64 attempt = producer->attempts++;
	struct bpf_dynptr memory;

	if (!pattern)
		return 1;
	/* Each of them once in a round, long ones beside short ones. */
	length = arguments->shortest + (range ? attempt * 1009 % range : 0);
	if (length > LONGEST)
		return 1;
	head.length = length;
	if (bpf_ringbuf_reserve_dynptr(&load, length, 0, &memory)) {
		bpf_ringbuf_discard_dynptr(&memory, BPF_RB_NO_WAKEUP);
		producer->dropped++;
		return 0;
	}
	if (arguments->discard && attempt % arguments->discard == 0) {
		bpf_ringbuf_discard_dynptr(&memory, arguments->flags);
		producer->discarded++;
		return 0;
	}
	body = length - sizeof(head);
	/* The compiler knows that the masks change nothing; the verifier doesn't. */
	barrier_var(length);
	barrier_var(body);
	if (length < sizeof(head)) {
		bpf_dynptr_write(&memory, 0, pattern->bytes, length & (sizeof(head) - 1), 0);
		producer->tiny++;
	} else {
		bpf_dynptr_write(&memory, 0, &head, sizeof(head), 0);
		bpf_dynptr_write(&memory, sizeof(head), pattern->bytes + (head.sequence & (LONGEST - 1)),
				 body & (LONGEST - 1), 0);
		producer->submitted++;
	}
	bpf_ringbuf_submit_dynptr(&memory, arguments->flags);
	return 0;
}

SEC("syscall")
int produce(struct load_arguments *arguments)
{
	struct load_arguments copy = *arguments;

	bpf_loop(copy.count, produce_item, &copy, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
