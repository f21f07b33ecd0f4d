/* Records of a ring buffer, which no variable reaches. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
struct request {
  __u64 latency_ns;
  __u32 pid;
  char comm[16];
  enum outcome { OK, FAILED } outcome;
};
union body {
  int a;
  long b;
};
struct request* unused_request __attribute__((unused));
union body* unused_body __attribute__((unused));
struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 4096);
} events SEC(".maps");
SEC("raw_tp/sys_enter") int prog(void* ctx) {
  struct request* r = bpf_ringbuf_reserve(&events, sizeof(*r), 0);
  if (!r) return 0;
  r->pid = 1;
  bpf_ringbuf_submit(r, 0);
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
