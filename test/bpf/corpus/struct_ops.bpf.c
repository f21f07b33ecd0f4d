/* A congestion control as struct_ops. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
struct sock;
struct tcp_congestion_ops {
  void (*init)(struct sock* sk);
  __u32 (*ssthresh)(struct sock* sk);
  void (*cong_avoid)(struct sock* sk, __u32 ack, __u32 acked);
  __u32 (*undo_cwnd)(struct sock* sk);
  char name[16];
  __u32 flags;
};
SEC("struct_ops/init") void my_init(__u64* ctx) {}
SEC("struct_ops/ssthresh") __u32 my_ssthresh(__u64* ctx) {
  return 2;
}
SEC("struct_ops/cong_avoid") void my_avoid(__u64* ctx) {}
SEC("struct_ops/undo_cwnd") __u32 my_undo(__u64* ctx) {
  return 2;
}
SEC(".struct_ops")
struct tcp_congestion_ops my_ops = {.init = (void*)my_init,
                                    .ssthresh = (void*)my_ssthresh,
                                    .cong_avoid = (void*)my_avoid,
                                    .undo_cwnd = (void*)my_undo,
                                    .name = "bpf_mine"};
SEC(".struct_ops")
struct tcp_congestion_ops other_ops = {.ssthresh = (void*)my_ssthresh, .name = "bpf_other"};
int calls;
char LICENSE[] SEC("license") = "GPL";
