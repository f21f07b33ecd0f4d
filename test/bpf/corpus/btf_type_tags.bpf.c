/* BTF type tags, which clang 14 and 19 place differently. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
#define type_tag(x) __attribute__((btf_type_tag(x)))
struct tagged {
  int* p type_tag("user");
  struct tagged* next type_tag("rcu");
} tagged;
int type_tag("rcu") * pointer;
int type_tag("percpu") * type_tag("user") * both;
