/* A congestion control that nothing selects, with members left for user space to set. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct sock;
struct module;
struct tcp_congestion_ops {
  __u32 (*ssthresh)(struct sock* sk);
  void (*cong_avoid)(struct sock* sk, __u32 ack, __u32 acked);
  __u32 (*undo_cwnd)(struct sock* sk);
  void (*init)(struct sock* sk);
  char name[16];
  struct module* owner;
  __u32 key;
  __u32 flags;
};

SEC("struct_ops/ssthresh") __u32 first_ssthresh(__u64* ctx) {
  return 2;
}
SEC("?struct_ops/ssthresh") __u32 second_ssthresh(__u64* ctx) {
  return 3;
}
SEC("struct_ops/cong_avoid") void avoid(__u64* ctx) {}
SEC("struct_ops/undo_cwnd") __u32 undo(__u64* ctx) {
  return 2;
}
SEC("struct_ops/init") void start(__u64* ctx) {}
SEC("syscall") int other(void* ctx) {
  return 0;
}

SEC(".struct_ops.link")
struct tcp_congestion_ops ops = {
    .ssthresh = (void*)first_ssthresh,
    .cong_avoid = (void*)avoid,
    .undo_cwnd = (void*)undo,
    .init = (void*)start,
    .name = "subskel_unset",
};

SEC("?.struct_ops")
struct tcp_congestion_ops spare = {
    .ssthresh = (void*)0x1234567, /* no program, whatever the object says */
    .undo_cwnd = (void*)undo,
};

char LICENSE[] SEC("license") = "GPL";
