/*
 * Latency histograms for BPF programs of any type.
 *
 *	latency_start(bpf_get_current_pid_tgid());
 *	…
 *	latency_end(bpf_get_current_pid_tgid(), 0);
 *
 * Linux 5.6 and later (global functions). No helper here is for GPL programs only.
 */
#pragma once

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

/* How many histograms there can be. As many as the map latency_histograms has entries exist: 4, unless set before load. */
#define LATENCY_HISTOGRAMS 16
/* How many bins each has. */
#define LATENCY_BINS 512

/*
 * Notes the time as the start of what `key` stands for: a thread, a request's address. A start that has no end yet is
 * replaced. Returns 0, or a negative number if there are too many starts without an end (latency_lost.full).
 */
int latency_start(__u64 key);

/*
 * Counts the time since the start of `key` in the histogram, and forgets the start. Returns the nanoseconds, or a negative
 * number if there is no start (latency_lost.unstarted).
 */
__s64 latency_end(__u64 key, __u32 histogram);

/* Forgets the start of `key` without counting it: what failed, say. Returns 0, or a negative number if there is none. */
int latency_cancel(__u64 key);

/*
 * Counts a time that was measured otherwise. Any other quantity will do as well: bytes, lengths of queues.
 * Returns 0, or a negative number if there is no such histogram (latency_lost.out_of_range).
 */
int latency_record(__u32 histogram, __u64 nanoseconds);
