/* Producers and consumers of records, for the tests of ring buffers, perf buffers and user ring buffers. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

enum kind {
	KIND_OPEN = 1,
	KIND_CLOSE = 7,
};

struct record {
	__u64 sequence;
	__s64 delta;
	__u32 pid;
	char comm[8];
	struct {
		__u16 low;
		bool flag;
	} inner;
	__u32 bits : 3, more : 29;
};

struct opened {
	enum kind kind;
	__u32 fd;
};

struct closed {
	enum kind kind;
	__s64 result;
};

struct text {
	__u32 length;
	char bytes[];
};

struct command {
	__u32 id;
	__s64 amount;
};

const struct record *unused_record __attribute__((unused));
const struct opened *unused_opened __attribute__((unused));
const struct closed *unused_closed __attribute__((unused));
const struct text *unused_text __attribute__((unused));
const struct command *unused_command __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 << 10);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 << 10);
} small SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} perf SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 4 << 10);
} commands SEC(".maps");

struct bytes {
	__u8 bytes[4096];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct bytes);
	__uint(max_entries, 1);
} scratch SEC(".maps");

__u64 sequence;
__u64 dropped;
__u64 drained;
__s64 amounts;
__u32 ids[16];

struct arguments {
	__u64 count;
	__u64 flags;
	/* Discard each one whose number is a multiple of it. */
	__u64 discard;
	__s64 delta;
};

static long produce_one(__u32 i, struct arguments *arguments)
{
	struct record *record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);

	if (!record) {
		__sync_fetch_and_add(&dropped, 1);
		return 0;
	}
	record->sequence = __sync_fetch_and_add(&sequence, 1);
	record->delta = arguments->delta;
	record->pid = i;
	__builtin_memcpy(record->comm, "tester\0", 8);
	record->inner.low = i;
	record->inner.flag = i & 1;
	record->bits = i;
	record->more = i;
	if (arguments->discard && record->sequence % arguments->discard == 0)
		bpf_ringbuf_discard(record, arguments->flags);
	else
		bpf_ringbuf_submit(record, arguments->flags);
	return 0;
}

SEC("syscall")
int produce(struct arguments *arguments)
{
	struct arguments copy = *arguments;

	bpf_loop(copy.count, produce_one, &copy, 0);
	return 0;
}

/* On whichever CPU the test run asks for. */
SEC("raw_tp")
int produce_on_cpu(struct bpf_raw_tracepoint_args *ctx)
{
	struct arguments copy = { .count = ctx->args[0] };

	bpf_loop(copy.count, produce_one, &copy, 0);
	return 0;
}

struct output_arguments {
	__u32 length;
	__u32 first;
};

/* A record of so many bytes, each the number of the one before plus one. */
SEC("syscall")
int output(struct output_arguments *arguments)
{
	__u32 key = 0, length = arguments->length;
	struct bytes *bytes = bpf_map_lookup_elem(&scratch, &key);

	if (!bytes || length > sizeof(bytes->bytes))
		return 1;
	return bpf_ringbuf_output(&ring, bytes->bytes, length, 0) ? 2 : 0;
}

SEC("syscall")
int tagged(void *ctx)
{
	struct opened opened = { .kind = KIND_OPEN, .fd = 5 };
	struct closed closed = { .kind = KIND_CLOSE, .result = -2 };
	struct opened unknown = { .kind = 3 };

	bpf_ringbuf_output(&small, &opened, sizeof(opened), 0);
	bpf_ringbuf_output(&small, &closed, sizeof(closed), 0);
	if (ctx)
		bpf_ringbuf_output(&small, &unknown, sizeof(unknown), 0);
	return 0;
}

SEC("syscall")
int say(void *ctx)
{
	char hello[] = { 5, 0, 0, 0, 'h', 'e', 'l', 'l', 'o' };

	bpf_ringbuf_output(&small, hello, sizeof(hello), 0);
	bpf_ringbuf_output(&small, hello, 4, 0);
	return 0;
}

SEC("raw_tp")
int perf_output(struct bpf_raw_tracepoint_args *ctx)
{
	struct opened opened = { .kind = KIND_OPEN, .fd = ctx->args[0] };

	return bpf_perf_event_output(ctx, &perf, BPF_F_CURRENT_CPU, &opened, sizeof(opened)) ? 1 : 0;
}

static long take(struct bpf_dynptr *sample, void *ctx)
{
	struct command command = {};

	drained++;
	if (bpf_dynptr_read(&command, sizeof(command), sample, 0, 0))
		return 0;
	amounts += command.amount;
	ids[command.id & 15]++;
	return 0;
}

SEC("syscall")
int drain(struct arguments *arguments)
{
	return bpf_user_ringbuf_drain(&commands, take, NULL, 0);
}

char LICENSE[] SEC("license") = "GPL";
