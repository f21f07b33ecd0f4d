/*
 * libbpf's own way to consume a ring buffer: ring_buffer__consume with a callback that sums all members.
 *
 * usage: ring_consumer OBJECT RECORDS ROUNDS
 * Each round the object's program `produce` fills the ring, then consuming it is timed. Prints nanoseconds of
 * processor time a record, the median.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

struct request {
	__u64 sequence;
	__u64 time_ns;
	__u64 latency_ns;
	__u64 bytes;
	__u32 pid;
};

struct produce_arguments {
	__u64 count;
	__u64 flags;
};

static double now_ns(void)
{
	struct timespec ts;

	/* Of the processor, not of the clock on the wall: other processes must not count. */
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int sum(void *context, void *data, size_t size)
{
	const struct request *r = data;

	*(__u64 *)context += r->sequence + r->time_ns + r->latency_ns + r->bytes + r->pid;
	return 0;
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: %s OBJECT RECORDS ROUNDS\n", argv[0]);
		return 2;
	}
	int records = atoi(argv[2]), rounds = atoi(argv[3]);
	double *times = calloc(rounds, sizeof(double));
	struct bpf_object *object = bpf_object__open_file(argv[1], NULL);
	volatile __u64 total = 0;

	if (!object || !times || bpf_object__load(object))
		return 1;
	int program = bpf_program__fd(bpf_object__find_program_by_name(object, "produce"));
	int map = bpf_object__find_map_fd_by_name(object, "events");
	struct ring_buffer *ring = ring_buffer__new(map, sum, (void *)&total, NULL);

	if (program < 0 || !ring)
		return 1;
	for (int round = 0; round < rounds; round++) {
		struct produce_arguments arguments = { .count = records, .flags = BPF_RB_NO_WAKEUP };
		LIBBPF_OPTS(bpf_test_run_opts, run, .ctx_in = &arguments, .ctx_size_in = sizeof(arguments));

		if (bpf_prog_test_run_opts(program, &run))
			return 1;
		double start = now_ns();
		int consumed = ring_buffer__consume(ring);

		times[round] = (now_ns() - start) / records;
		if (consumed != records)
			return 1;
	}
	qsort(times, rounds, sizeof(double), by_value);
	printf("%.3f\n", times[rounds / 2]);
	ring_buffer__free(ring);
	bpf_object__close(object);
	return 0;
}
