/*
 * What a C program does with the elements of a map, timed: with the functions of libbpf, values of 24 bytes.
 *
 * usage: map_elements WHAT TYPE ENTRIES ROUNDS
 * WHAT: get, set: one key after the other. batches: bpf_map_lookup_batch, raw. sum: the same, and one member of each
 * value is added up; of per-CPU maps that of each CPU. walk: key by key (get_next_key, lookup). TYPE: hash, percpu_hash.
 * Prints nanoseconds of processor time an element, the median of the rounds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <errno.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#define BATCH 4096

struct value {
	__u64 packets;
	__u64 bytes;
	__u32 last;
	__u32 flags;
};

static volatile __u64 sink;

static double now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int fill(int map, __u32 entries, size_t value_size)
{
	struct value *value = calloc(1, value_size);

	for (__u32 key = 0; key < entries; key++) {
		for (size_t i = 0; i < value_size / sizeof(*value); i++)
			value[i] = (struct value){ key, key * 100ULL, key, 1 };
		if (bpf_map_update_elem(map, &key, value, BPF_ANY))
			return -1;
	}
	free(value);
	return 0;
}

static int get(int map, __u32 entries)
{
	struct value value;

	for (__u32 key = 0; key < entries; key++) {
		if (bpf_map_lookup_elem(map, &key, &value))
			return -1;
		sink += value.packets;
	}
	return 0;
}

static int set(int map, __u32 entries)
{
	for (__u32 key = 0; key < entries; key++) {
		struct value value = { key, key * 100ULL, key, 1 };

		if (bpf_map_update_elem(map, &key, &value, BPF_ANY))
			return -1;
	}
	return 0;
}

static int walk(int map, __u32 entries)
{
	__u32 key, seen = 0;
	struct value value;

	for (int err = bpf_map_get_next_key(map, NULL, &key); !err; err = bpf_map_get_next_key(map, &key, &key)) {
		if (bpf_map_lookup_elem(map, &key, &value))
			return -1;
		sink += value.packets;
		seen++;
	}
	return seen == entries ? 0 : -1;
}

static int batches(int map, __u32 entries, size_t value_size, int sum)
{
	static __u32 keys[BATCH];
	static char *values;
	__u32 token, seen = 0;
	int err, first = 1;

	if (!values)
		values = malloc(BATCH * value_size);
	do {
		__u32 count = BATCH;

		err = bpf_map_lookup_batch(map, first ? NULL : &token, &token, keys, values, &count, NULL);
		if (err && err != -ENOENT)
			return -1;
		first = 0;
		seen += count;
		if (!sum)
			continue;
		__u64 total = 0;
		const struct value *value = (const struct value *)values;
		for (size_t i = 0; i < count * (value_size / sizeof(*value)); i++)
			total += value[i].packets;
		sink += total;
	} while (!err);
	return seen == entries ? 0 : -1;
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		fprintf(stderr, "usage: %s WHAT TYPE ENTRIES ROUNDS\n", argv[0]);
		return 2;
	}
	const char *what = argv[1];
	int per_cpu = !strcmp(argv[2], "percpu_hash");
	__u32 entries = atoi(argv[3]);
	int rounds = atoi(argv[4]);
	double *times = calloc(rounds, sizeof(double));
	size_t value_size = sizeof(struct value) * (per_cpu ? libbpf_num_possible_cpus() : 1);
	int map = bpf_map_create(per_cpu ? BPF_MAP_TYPE_PERCPU_HASH : BPF_MAP_TYPE_HASH, "bench", 4,
				 sizeof(struct value), entries, NULL);

	if (map < 0 || fill(map, entries, value_size))
		return 1;
	for (int round = 0; round < rounds; round++) {
		double start = now_ns();
		int err = !strcmp(what, "get")	   ? get(map, entries) :
			  !strcmp(what, "set")	   ? set(map, entries) :
			  !strcmp(what, "walk")	   ? walk(map, entries) :
			  !strcmp(what, "sum")	   ? batches(map, entries, value_size, 1) :
						     batches(map, entries, value_size, 0);

		if (err)
			return 1;
		times[round] = (now_ns() - start) / entries;
	}
	qsort(times, rounds, sizeof(double), by_value);
	printf("%.3f\n", times[rounds / 2]);
	return 0;
}
