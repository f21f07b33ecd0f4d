/*
 * Token buckets for BPF programs of any type: ask before an event is sent.
 *
 *	if (!rate_limit_take(0, 1))
 *		return 0;
 *	bpf_ringbuf_output(&events, …);
 *
 * A limit is a rate and a burst that user space sets, before load or at any time. One that is not set allows everything.
 * Linux 5.6 and later (global functions). No helper here is for GPL programs only.
 */
#pragma once

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

/* How many limits there can be. */
#define RATE_LIMITS 16

/*
 * Takes `tokens` (1 for an event, a number of bytes, …) out of the one bucket of `limit`. Returns 1 if they were there: go
 * on. 0: not enough; nothing was taken. Never more than rate and burst allow, on however many CPUs; programs that ask in the very same
 * moment may be refused although there are tokens (rate_limit_counts.contended).
 */
int rate_limit_take(__u32 limit, __u64 tokens);

/*
 * The same, with a bucket for each key: a process, an address. Keys that were not used for longest are forgotten when the
 * map rate_limit_keys is full, and begin with a full bucket again.
 */
int rate_limit_take_key(__u32 limit, __u64 key, __u64 tokens);
