/* request_stats: a BPF library that counts and times the system calls ("requests") of one process. */
#pragma once
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#define REQUEST_STATS_SLOTS 16

struct request {
	__u64 timestamp_ns;
	__u64 number;
	__u32 tid;
	__s32 syscall;
	char comm[16];
};

/* For the programs of whoever links the library: notes one request. */
int request_stats_note(__s32 syscall);
