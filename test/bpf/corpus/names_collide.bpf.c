/* Types, variables, maps and sections that want one name. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
struct shared {
  int a;
};
typedef struct {
  long b;
} shared;
typedef int shared_t;
struct shared_t {
  short c;
};
struct shared as_struct;
shared as_typedef;
shared_t as_int;
struct shared_t as_struct_t;
struct {
  int x;
} inner;
struct outer {
  struct {
    int y;
  } inner;
} outer;
struct outer_inner {
  int z;
} outer_inner;
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, int);
  __type(value, int);
} bss SEC(".maps"), rodata SEC(".maps"), zero SEC(".maps");
struct {
  int q;
} zero_key;
const volatile int c;
int in_data = 1;
