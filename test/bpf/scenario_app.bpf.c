/* The application of the scenario: owns the object, overrides a weak variable, calls the library. */
#include "scenario_lib.h"

/* Strong: wins over the library's weak one. */
int var5 SEC(".data") = 5;

extern volatile bool CONFIG_BPF_SYSCALL __kconfig;

/* Variables of its own move the library's to other offsets. */
const volatile int app_rodata[8] = { 1, 2, 3 };
__u64 app_bss[5];
__u32 app_data = 77;
int app_custom SEC(".data.custom") = 9;

const volatile int target_pid;
int out1;

SEC("raw_tp/sys_enter")
int handler1(const void *ctx)
{
	if ((int)(bpf_get_current_pid_tgid() >> 32) != target_pid)
		return 0;
	app_bss[0] += app_rodata[0] + app_data + app_custom;
	out1 = lib_routine();
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
