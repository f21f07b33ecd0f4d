/* BTF declaration and type tags. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
#define tag(x) __attribute__((btf_decl_tag(x)))
#define type_tag(x) __attribute__((btf_type_tag(x)))
struct tagged {
  int a tag("first") tag("second");
  int* p type_tag("user");
} tag("on the struct") tagged;
int counter tag("metric:counter") tag("unit: bytes, \"quoted\" */ // and closed");
int type_tag("rcu") * pointer;
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, int);
  __type(value, int);
} tagged_map SEC(".maps") tag("export");
