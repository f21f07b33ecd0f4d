/* Custom data sections, and two whose identifiers collide. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
int plain = 1;
int zeroed;
const volatile int ro = 1;
int d1 SEC(".data.custom") = 1;
int d2 SEC(".data.a_b") = 2;
int d3 SEC(".data.a.b") = 3;
int d4 SEC(".data.a_b_2") = 4;
const int r1 SEC(".rodata.cfg") = 4;
const volatile int r2 SEC(".rodata.other") = 5;

static int hidden_in_data = 4;
const char message[] = "hello";
SEC("raw_tp/sys_enter") int prog(void* ctx) {
  bpf_printk("value %d %s", hidden_in_data++, message);
  return d1 + d2 + d3 + d4;
}
char LICENSE[] SEC("license") = "GPL";
