/* Routines in .text are not programs; a global one can be weak. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
int hits;
__noinline int helper(int x) {
  hits += x;
  return x * 2;
}
__weak __noinline int weak_helper(int x, const char* why) {
  hits -= x;
  return why ? x : 0;
}
static __noinline int hidden_helper(int x) {
  hits ^= x;
  return hits;
}
SEC("raw_tp/sys_enter") int prog(void* ctx) {
  return helper(1) + weak_helper(2, 0) + hidden_helper(3);
}
char LICENSE[] SEC("license") = "GPL";
