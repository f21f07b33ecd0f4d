/* Kernel functions, weak and not. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
struct task_struct;
extern struct task_struct* bpf_task_acquire(struct task_struct* p) __ksym;
extern void bpf_task_release(struct task_struct* p) __ksym __weak;
SEC("tp_btf/task_newtask") int prog(__u64* ctx) {
  struct task_struct* t = bpf_task_acquire((void*)ctx[0]);
  if (t && bpf_task_release) bpf_task_release(t);
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
