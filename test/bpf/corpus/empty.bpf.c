/* An object with nothing in it but a license. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "GPL";
