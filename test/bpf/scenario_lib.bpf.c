/* The library of the scenario: variables in every section, declared-only symbols, a routine, a program. */
#include "scenario_lib.h"

const volatile int var1;
volatile int var2 = 1;
struct {
	int var3_1;
	__s64 var3_2;
} var3;
int libout1;

/* The application declares it too: kconfig externs may overlap. */
extern volatile bool CONFIG_BPF_SYSCALL __kconfig;
extern int LINUX_KERNEL_VERSION __kconfig;

int var4[4];

/* Weak here, strong in the application. */
__weak int var5 SEC(".data");

/* Declared here, defined by the second library. */
extern int var6;
int var7 SEC(".data.custom");

int (*fn_ptr)(void);

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 16);
} map1 SEC(".maps");

/* Declared here, defined by the second library. */
extern struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 16);
} map2 SEC(".maps");

int lib_routine(void)
{
	__u32 key = 1, value = 2;

	(void)bpf_map_update_elem(&map2, &key, &value, BPF_ANY);
	libout1 = var1 + var2 + var3.var3_1 + (int)var3.var3_2 + var4[0] + var4[1] + var4[2] + var4[3] + var5 + var6 +
		  (CONFIG_BPF_SYSCALL ? 100 : 0) + (LINUX_KERNEL_VERSION > 0x50000 ? 1000 : 0);
	return libout1;
}

SEC("perf_event")
int lib_perf_handler(struct bpf_perf_event_data *ctx)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
