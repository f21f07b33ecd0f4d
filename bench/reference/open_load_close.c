/*
 * Opens, loads and closes an object, timed: bpf_object__open_file, bpf_object__load, bpf_object__close.
 *
 * usage: open_load_close OBJECT ROUNDS
 * Prints nanoseconds a round, the median.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <bpf/libbpf.h>

static double now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e9 + ts.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: %s OBJECT ROUNDS\n", argv[0]);
		return 2;
	}
	int rounds = atoi(argv[2]);
	double *times = calloc(rounds, sizeof(double));

	if (!times)
		return 1;
	for (int round = 0; round < rounds; round++) {
		double start = now_ns();
		struct bpf_object *object = bpf_object__open_file(argv[1], NULL);

		if (!object || bpf_object__load(object))
			return 1;
		bpf_object__close(object);
		times[round] = now_ns() - start;
	}
	qsort(times, rounds, sizeof(double), by_value);
	printf("%.1f\n", times[rounds / 2]);
	return 0;
}
