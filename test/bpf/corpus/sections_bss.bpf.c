/* Custom .bss sections, which libbpf knows since 1.2. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
int plain;
int late SEC(".bss.late");
struct {
  int a;
  long b;
} both SEC(".bss.other");
SEC("raw_tp/sys_enter") int prog(void* ctx) {
  return late++ + both.a;
}
char LICENSE[] SEC("license") = "GPL";
