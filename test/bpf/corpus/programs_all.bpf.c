/* Programs of all kinds, by their sections. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
SEC("socket") int p0_socket(void* ctx) {
  return 0;
}
SEC("sk_reuseport/migrate") int p1_sk_reuseport_migrate(void* ctx) {
  return 0;
}
SEC("sk_reuseport") int p2_sk_reuseport(void* ctx) {
  return 0;
}
SEC("kprobe/do_sys_open") int p3_kprobe_do_sys_open(void* ctx) {
  return 0;
}
SEC("uprobe") int p4_uprobe(void* ctx) {
  return 0;
}
SEC("uprobe.s") int p5_uprobe_s(void* ctx) {
  return 0;
}
SEC("kretprobe/do_sys_open") int p6_kretprobe_do_sys_open(void* ctx) {
  return 0;
}
SEC("uretprobe") int p7_uretprobe(void* ctx) {
  return 0;
}
SEC("kprobe.multi/sys_*") int p8_kprobe_multi_sys__(void* ctx) {
  return 0;
}
SEC("kretprobe.multi/sys_*") int p9_kretprobe_multi_sys__(void* ctx) {
  return 0;
}
SEC("ksyscall/nanosleep") int p10_ksyscall_nanosleep(void* ctx) {
  return 0;
}
SEC("kretsyscall/nanosleep") int p11_kretsyscall_nanosleep(void* ctx) {
  return 0;
}
SEC("usdt") int p12_usdt(void* ctx) {
  return 0;
}
SEC("tc") int p13_tc(void* ctx) {
  return 0;
}
SEC("classifier") int p14_classifier(void* ctx) {
  return 0;
}
SEC("action") int p15_action(void* ctx) {
  return 0;
}
SEC("tracepoint/sched/sched_switch") int p16_tracepoint_sched_sched_switch(void* ctx) {
  return 0;
}
SEC("tp/sched/sched_switch") int p17_tp_sched_sched_switch(void* ctx) {
  return 0;
}
SEC("raw_tracepoint/sys_enter") int p18_raw_tracepoint_sys_enter(void* ctx) {
  return 0;
}
SEC("raw_tp/sys_exit") int p19_raw_tp_sys_exit(void* ctx) {
  return 0;
}
SEC("raw_tp.w/sys_enter") int p20_raw_tp_w_sys_enter(void* ctx) {
  return 0;
}
SEC("tp_btf/sched_switch") int p21_tp_btf_sched_switch(void* ctx) {
  return 0;
}
SEC("fentry/do_exit") int p22_fentry_do_exit(void* ctx) {
  return 0;
}
SEC("fmod_ret/security_bpf") int p23_fmod_ret_security_bpf(void* ctx) {
  return 0;
}
SEC("fexit/do_exit") int p24_fexit_do_exit(void* ctx) {
  return 0;
}
SEC("fentry.s/do_exit") int p25_fentry_s_do_exit(void* ctx) {
  return 0;
}
SEC("fexit.s/do_exit") int p26_fexit_s_do_exit(void* ctx) {
  return 0;
}
SEC("lsm/file_open") int p27_lsm_file_open(void* ctx) {
  return 0;
}
SEC("lsm.s/file_open") int p28_lsm_s_file_open(void* ctx) {
  return 0;
}
SEC("lsm_cgroup/socket_bind") int p29_lsm_cgroup_socket_bind(void* ctx) {
  return 0;
}
SEC("iter/task") int p30_iter_task(void* ctx) {
  return 0;
}
SEC("iter.s/task") int p31_iter_s_task(void* ctx) {
  return 0;
}
SEC("syscall") int p32_syscall(void* ctx) {
  return 0;
}
SEC("xdp.frags/devmap") int p33_xdp_frags_devmap(void* ctx) {
  return 0;
}
SEC("xdp/devmap") int p34_xdp_devmap(void* ctx) {
  return 0;
}
SEC("xdp.frags/cpumap") int p35_xdp_frags_cpumap(void* ctx) {
  return 0;
}
SEC("xdp/cpumap") int p36_xdp_cpumap(void* ctx) {
  return 0;
}
SEC("xdp.frags") int p37_xdp_frags(void* ctx) {
  return 0;
}
SEC("xdp") int p38_xdp(void* ctx) {
  return 0;
}
SEC("perf_event") int p39_perf_event(void* ctx) {
  return 0;
}
SEC("lwt_in") int p40_lwt_in(void* ctx) {
  return 0;
}
SEC("lwt_out") int p41_lwt_out(void* ctx) {
  return 0;
}
SEC("lwt_xmit") int p42_lwt_xmit(void* ctx) {
  return 0;
}
SEC("lwt_seg6local") int p43_lwt_seg6local(void* ctx) {
  return 0;
}
SEC("sockops") int p44_sockops(void* ctx) {
  return 0;
}
SEC("sk_skb/stream_parser") int p45_sk_skb_stream_parser(void* ctx) {
  return 0;
}
SEC("sk_skb/stream_verdict") int p46_sk_skb_stream_verdict(void* ctx) {
  return 0;
}
SEC("sk_skb") int p47_sk_skb(void* ctx) {
  return 0;
}
SEC("sk_msg") int p48_sk_msg(void* ctx) {
  return 0;
}
SEC("lirc_mode2") int p49_lirc_mode2(void* ctx) {
  return 0;
}
SEC("flow_dissector") int p50_flow_dissector(void* ctx) {
  return 0;
}
SEC("cgroup_skb/ingress") int p51_cgroup_skb_ingress(void* ctx) {
  return 0;
}
SEC("cgroup_skb/egress") int p52_cgroup_skb_egress(void* ctx) {
  return 0;
}
SEC("cgroup/skb") int p53_cgroup_skb(void* ctx) {
  return 0;
}
SEC("cgroup/sock_create") int p54_cgroup_sock_create(void* ctx) {
  return 0;
}
SEC("cgroup/sock_release") int p55_cgroup_sock_release(void* ctx) {
  return 0;
}
SEC("cgroup/sock") int p56_cgroup_sock(void* ctx) {
  return 0;
}
SEC("cgroup/post_bind4") int p57_cgroup_post_bind4(void* ctx) {
  return 0;
}
SEC("cgroup/post_bind6") int p58_cgroup_post_bind6(void* ctx) {
  return 0;
}
SEC("cgroup/bind4") int p59_cgroup_bind4(void* ctx) {
  return 0;
}
SEC("cgroup/bind6") int p60_cgroup_bind6(void* ctx) {
  return 0;
}
SEC("cgroup/connect4") int p61_cgroup_connect4(void* ctx) {
  return 0;
}
SEC("cgroup/connect6") int p62_cgroup_connect6(void* ctx) {
  return 0;
}
SEC("cgroup/sendmsg4") int p63_cgroup_sendmsg4(void* ctx) {
  return 0;
}
SEC("cgroup/sendmsg6") int p64_cgroup_sendmsg6(void* ctx) {
  return 0;
}
SEC("cgroup/recvmsg4") int p65_cgroup_recvmsg4(void* ctx) {
  return 0;
}
SEC("cgroup/recvmsg6") int p66_cgroup_recvmsg6(void* ctx) {
  return 0;
}
SEC("cgroup/getpeername4") int p67_cgroup_getpeername4(void* ctx) {
  return 0;
}
SEC("cgroup/getpeername6") int p68_cgroup_getpeername6(void* ctx) {
  return 0;
}
SEC("cgroup/getsockname4") int p69_cgroup_getsockname4(void* ctx) {
  return 0;
}
SEC("cgroup/getsockname6") int p70_cgroup_getsockname6(void* ctx) {
  return 0;
}
SEC("cgroup/sysctl") int p71_cgroup_sysctl(void* ctx) {
  return 0;
}
SEC("cgroup/getsockopt") int p72_cgroup_getsockopt(void* ctx) {
  return 0;
}
SEC("cgroup/setsockopt") int p73_cgroup_setsockopt(void* ctx) {
  return 0;
}
SEC("cgroup/dev") int p74_cgroup_dev(void* ctx) {
  return 0;
}
SEC("sk_lookup") int p75_sk_lookup(void* ctx) {
  return 0;
}
SEC("freplace/some_func") int p76_freplace_some_func(void* ctx) {
  return 0;
}
SEC("?raw_tp/sys_enter") int p77__raw_tp_sys_enter(void* ctx) {
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
