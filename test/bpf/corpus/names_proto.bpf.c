/* An enumerator, a member and a variable named __proto__. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
enum e { __proto__ = 3, constructor } e;
struct s {
  enum e __proto__;
  int constructor;
} s;
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, int);
  __type(value, struct s);
} hasOwnProperty SEC(".maps");
