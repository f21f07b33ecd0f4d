/* Values from the kernel's configuration. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
extern int LINUX_KERNEL_VERSION __kconfig;
extern enum libbpf_tristate CONFIG_BPF_SYSCALL __kconfig;
extern _Bool CONFIG_NOT_THERE __kconfig __weak;
extern char CONFIG_DEFAULT_HOSTNAME[16] __kconfig __weak;
extern unsigned long CONFIG_HZ __kconfig __weak;
long seen;
SEC("raw_tp/sys_enter") int prog(void* ctx) {
  seen =
      LINUX_KERNEL_VERSION + CONFIG_BPF_SYSCALL + CONFIG_NOT_THERE + CONFIG_DEFAULT_HOSTNAME[0] + CONFIG_HZ;
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
