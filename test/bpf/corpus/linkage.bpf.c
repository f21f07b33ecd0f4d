/* Static, hidden, weak and global variables. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
static int s_one = 1;
static volatile int s_two;
__attribute__((visibility("hidden"))) int hidden_one = 3;
__weak int weak_one = 4;
int __weak weak_zero;
int global_one = 5;
SEC("raw_tp/sys_enter") int prog(void* ctx) {
  static int calls;
  calls++;
  return s_one++ + s_two + hidden_one + weak_one + calls;
}
char LICENSE[] SEC("license") = "GPL";
