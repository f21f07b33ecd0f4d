/* Nothing but constants. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
const volatile __u32 target_pid = 0;
const volatile char filter[16] = "sh";
const volatile struct {
  _Bool verbose;
  __u16 port;
} config;
