/* BTF declaration tags. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
#define tag(x) __attribute__((btf_decl_tag(x)))
struct tagged {
  int a tag("first") tag("second");
  int* p;
} tag("on the struct") tagged;
int counter tag("metric:counter") tag("unit: bytes, \"quoted\" */ // and closed");
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, int);
  __type(value, int);
} tagged_map SEC(".maps") tag("export");
