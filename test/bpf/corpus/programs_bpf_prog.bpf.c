/* Programs by the BPF_PROG macros. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
struct task_struct;
SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, _Bool preempt, struct task_struct* prev, struct task_struct* next) {
  return preempt;
}
SEC("fentry/do_unlinkat") int BPF_PROG(on_unlink, int dfd, void* name) {
  return 0;
}
SEC("raw_tp/sys_enter") int BPF_PROG(on_enter, void* regs, long id) {
  return id == 1;
}
char LICENSE[] SEC("license") = "GPL";
