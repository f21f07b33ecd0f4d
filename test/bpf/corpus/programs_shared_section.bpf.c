/* Several programs in one section, weak and static ones. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
SEC("tp/syscalls/sys_enter_read") int one(void* ctx) {
  return 1;
}
SEC("tp/syscalls/sys_enter_read") int two(void* ctx) {
  return 2;
}
SEC("tp/syscalls/sys_enter_read") __weak int three(void* ctx) {
  return 3;
}
SEC("tp/syscalls/sys_enter_write") __attribute__((btf_decl_tag("entry"))) int four(void* ctx) {
  return 4;
}
char LICENSE[] SEC("license") = "GPL";
