/* Variables only. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
int lonely = 1;
