/* CO-RE: flavours, and types that the kernel will relocate. */
#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
struct task_struct {
  int pid;
  int tgid;
  char comm[16];
} __attribute__((preserve_access_index));
struct task_struct___old {
  int state;
} __attribute__((preserve_access_index));
int pid;
int has_state;
SEC("tp_btf/sched_switch") int prog(__u64* ctx) {
  struct task_struct* t = (void*)ctx[1];
  pid = BPF_CORE_READ(t, pid);
  has_state =
      bpf_core_field_exists(((struct task_struct___old*)t)->state) + bpf_core_type_size(struct task_struct);
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
