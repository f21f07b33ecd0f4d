/* Kernel variables, typed and not. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
extern const int bpf_prog_active __ksym;
extern const void init_task __ksym;
extern const void not_there __ksym __weak;
__u64 addresses[3];
SEC("raw_tp/sys_enter") int prog(void* ctx) {
  addresses[0] = (__u64)&init_task;
  addresses[1] = (__u64)&not_there;
  int* p = bpf_per_cpu_ptr(&bpf_prog_active, 0);
  if (p) addresses[2] = *p;
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
