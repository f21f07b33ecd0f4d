/* Nanoseconds to open the kernel's BTF and find one type: the median of ROUNDS. usage: btf_find NAME ROUNDS */
#include <bpf/btf.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}

static int order(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  const int rounds = atoi(argv[2]);
  double *took = calloc(rounds, sizeof *took);
  for (int i = 0; i < rounds; i++) {
    const double start = now();
    struct btf *btf = btf__load_vmlinux_btf();
    if (!btf || btf__find_by_name_kind(btf, argv[1], BTF_KIND_FUNC) < 0) return 1;
    took[i] = now() - start;
    btf__free(btf);
  }
  qsort(took, rounds, sizeof *took, order);
  printf("%.0f\n", took[rounds / 2]);
  return 0;
}
