/* A program array that is filled by libbpf. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
SEC("socket") int tail_a(void* ctx) {
  return 0;
}
SEC("socket") int tail_b(void* ctx) {
  return 1;
}
struct {
  __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
  __uint(max_entries, 2);
  __uint(key_size, sizeof(__u32));
  __array(values, int(void*));
} jumps SEC(".maps") = {.values = {(void*)&tail_a, (void*)&tail_b}};
SEC("socket") int dispatch(void* ctx) {
  bpf_tail_call(ctx, &jumps, 1);
  return 2;
}
char LICENSE[] SEC("license") = "GPL";
