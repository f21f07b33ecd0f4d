// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Programs that are not loaded, each for another reason; and one that is, but cannot be attached everywhere. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

/* Needs CONFIG_FPROBE, but only when it is attached. */
SEC("kprobe.multi/vfs_read")
int many(void *ctx)
{
	return 0;
}

SEC("fentry/no_such_function")
int nowhere(void *ctx)
{
	return 0;
}

SEC("kprobes/vfs_read")
int misspelt(void *ctx)
{
	return 0;
}

/* Kernel 7.0 */
SEC("fsession/vfs_read")
int newer(void *ctx)
{
	return 0;
}
