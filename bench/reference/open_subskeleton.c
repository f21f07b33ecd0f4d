/*
 * What bpftool's generated code does to open a subskeleton, timed: allocate the tables, fill them in,
 * bpf_object__open_subskeleton, bpf_object__destroy_subskeleton.
 *
 * usage: open_subskeleton OBJECT SECTION VARIABLES ROUNDS
 * VARIABLES: the variables are named v0 … v(N-1) and lie in SECTION. Prints nanoseconds a round, the median.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* What a generated header holds: the object, its one section's map, a pointer a variable. */
struct library {
	struct bpf_object_subskeleton *subskeleton;
	struct bpf_map *section;
	void **variables;
};

static int open_library(struct bpf_object *object, const char *section, char **names, int count,
			struct library *library)
{
	struct bpf_object_subskeleton *s = calloc(1, sizeof(*s));

	if (!s)
		return -1;
	library->subskeleton = s;
	library->variables = calloc(count, sizeof(void *));
	s->sz = sizeof(*s);
	s->obj = object;
	s->var_skel_sz = sizeof(struct bpf_var_skeleton);
	s->var_cnt = count;
	s->vars = calloc(count, sizeof(*s->vars));
	s->map_skel_sz = sizeof(struct bpf_map_skeleton);
	s->map_cnt = 1;
	s->maps = calloc(1, sizeof(*s->maps));
	s->maps[0].name = section;
	s->maps[0].map = &library->section;
	for (int i = 0; i < count; i++) {
		s->vars[i].name = names[i];
		s->vars[i].map = &library->section;
		s->vars[i].addr = &library->variables[i];
	}
	return bpf_object__open_subskeleton(s);
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		fprintf(stderr, "usage: %s OBJECT SECTION VARIABLES ROUNDS\n", argv[0]);
		return 2;
	}
	int count = atoi(argv[3]), rounds = atoi(argv[4]);
	char **names = calloc(count, sizeof(char *));
	double *times = calloc(rounds, sizeof(double));
	struct bpf_object *object = bpf_object__open_file(argv[1], NULL);

	if (!object || !names || !times)
		return 1;
	for (int i = 0; i < count; i++)
		if (asprintf(&names[i], "v%d", i) < 0)
			return 1;
	for (int round = 0; round < rounds; round++) {
		struct library library = {};
		double start = now_ns();

		if (open_library(object, argv[2], names, count, &library))
			return 1;
		for (int i = 0; i < count; i++)
			if (!library.variables[i])
				return 1;
		bpf_object__destroy_subskeleton(library.subskeleton);
		times[round] = now_ns() - start;
		free(library.variables);
	}
	qsort(times, rounds, sizeof(double), by_value);
	printf("%.1f\n", times[rounds / 2]);
	bpf_object__close(object);
	return 0;
}
