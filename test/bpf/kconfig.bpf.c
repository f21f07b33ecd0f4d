/* kconfig externs of every kind, and kernel symbols. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

extern bool CONFIG_SUBSKEL_BOOL __kconfig;
extern enum libbpf_tristate CONFIG_SUBSKEL_TRISTATE __kconfig;
extern int CONFIG_SUBSKEL_INT __kconfig;
extern unsigned long long CONFIG_SUBSKEL_BIG __kconfig;
extern char CONFIG_SUBSKEL_CHAR __kconfig;
extern char CONFIG_SUBSKEL_STRING[16] __kconfig;
extern int CONFIG_SUBSKEL_ABSENT __kconfig __weak;
extern bool CONFIG_BPF_SYSCALL __kconfig;
extern int LINUX_KERNEL_VERSION __kconfig;

extern const void init_nsproxy __ksym __weak;
extern const int no_such_kernel_symbol __ksym __weak;
extern void no_such_kfunc(void) __ksym __weak;

__u64 sum;
__u64 seen_string;

SEC("syscall")
int use(void *ctx)
{
	sum = CONFIG_SUBSKEL_BOOL + (__u64)CONFIG_SUBSKEL_TRISTATE + (__s64)CONFIG_SUBSKEL_INT + CONFIG_SUBSKEL_BIG +
	      CONFIG_SUBSKEL_CHAR + CONFIG_SUBSKEL_ABSENT + CONFIG_BPF_SYSCALL + (LINUX_KERNEL_VERSION > 0);
	seen_string = CONFIG_SUBSKEL_STRING[0];
	if (&no_such_kernel_symbol)
		sum = 0;
	if (no_such_kfunc)
		sum = 1;
	return &init_nsproxy ? 1 : 0;
}

char LICENSE[] SEC("license") = "GPL";
