/*
 * Token buckets, kept as a "theoretical arrival time" (GCRA): the moment up to which a bucket's tokens are spent. A bucket whose
 * time lies a whole burst or more in the past is full; taking n tokens moves it by n intervals, if it stays in the past.
 *
 * A bucket is one 64-bit word: that time in the upper 52 bits, and below it how many CPUs are at it right now. Whoever adds one
 * and reads one back is alone, and hands over the new time and the word in a single addition. That takes no atomic operation
 * whose result is used (those are Linux 5.12's), no lock (forbidden in tracing programs), and, as there is only one word, no memory
 * barrier. Compiled with -mcpu=v2.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "rate_limit.h"

/* 4096 CPUs at one bucket. */
#define BUSY_BITS 12
#define BUSY_MASK ((1ULL << BUSY_BITS) - 1)
/* Time is in units of 64 ns, so that it lasts for nine years of uptime. */
#define UNIT_BITS 6
/* Intervals have a binary fraction, as a token may be less than a unit of time: a byte, say. */
#define FRACTION_BITS 10
/* Time begins here, so that there is a past in which new buckets are full. */
#define ORIGIN (1ULL << 46)
#define TRIES 4

/* Written by user space at any time. */
struct rate_limit {
	/* The time that one token takes to come back, in 1/1024 units of time; 0: no limit. */
	__u64 interval;
	/* The time of a whole burst, in units of time; at most ORIGIN. */
	__u64 burst;
};

struct rate_limit_counts {
	__u64 granted;
	__u64 refused;
	/* Refused because too many CPUs asked at once; not in `refused`. */
	__u64 contended;
};

struct rate_limit rate_limits[RATE_LIMITS];
__u64 rate_limit_buckets[RATE_LIMITS];

struct rate_limit_key {
	__u64 key;
	__u64 limit;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct rate_limit_key);
	__type(value, __u64);
} rate_limit_keys SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, RATE_LIMITS);
	__type(key, __u32);
	__type(value, struct rate_limit_counts);
} rate_limit_counts SEC(".maps");

enum verdict { REFUSED, GRANTED, CONTENDED };

static __always_inline enum verdict take(__u64 *bucket, __u64 interval, __u64 burst, __u64 tokens)
{
	__u64 now = (bpf_ktime_get_ns() >> UNIT_BITS) + ORIGIN;
	__u64 word, spent, next, cost;
	int i;

	/* More than a burst never fits; asked first, so that the product below cannot overflow. */
	if (tokens > (burst << FRACTION_BITS) / interval)
		return REFUSED;
	/* Rounded up, as the rate must not be exceeded. */
	cost = (tokens * interval + (1 << FRACTION_BITS) - 1) >> FRACTION_BITS;
#pragma unroll
	for (i = 0; i < TRIES; i++) {
		__sync_fetch_and_add(bucket, 1);
		word = *(volatile __u64 *)bucket;
		if ((word & BUSY_MASK) == 1) {
			spent = word >> BUSY_BITS;
			next = spent > now - burst ? spent : now - burst;
			next += cost;
			if (next > now) {
				__sync_fetch_and_add(bucket, -1);
				return REFUSED;
			}
			__sync_fetch_and_add(bucket, ((next - spent) << BUSY_BITS) - 1);
			return GRANTED;
		}
		__sync_fetch_and_add(bucket, -1);
	}
	return CONTENDED;
}

static __always_inline int ask(__u32 limit, __u64 *bucket, __u64 tokens)
{
	struct rate_limit_counts *counts = bpf_map_lookup_elem(&rate_limit_counts, &limit);
	volatile struct rate_limit *settings = &rate_limits[limit & (RATE_LIMITS - 1)];
	__u64 interval = settings->interval, burst = settings->burst;
	enum verdict verdict = GRANTED;

	if (interval)
		verdict = bucket ? take(bucket, interval, burst, tokens) : CONTENDED;
	if (!counts)
		return verdict == GRANTED;
	if (verdict == GRANTED)
		__sync_fetch_and_add(&counts->granted, 1);
	else if (verdict == REFUSED)
		__sync_fetch_and_add(&counts->refused, 1);
	else
		__sync_fetch_and_add(&counts->contended, 1);
	return verdict == GRANTED;
}

int rate_limit_take(__u32 limit, __u64 tokens)
{
	if (limit >= RATE_LIMITS)
		return 0;
	return ask(limit, &rate_limit_buckets[limit & (RATE_LIMITS - 1)], tokens);
}

int rate_limit_take_key(__u32 limit, __u64 key, __u64 tokens)
{
	struct rate_limit_key place = { .key = key, .limit = limit };
	__u64 *bucket, full = 0;

	if (limit >= RATE_LIMITS)
		return 0;
	bucket = bpf_map_lookup_elem(&rate_limit_keys, &place);
	if (!bucket) {
		/* Another CPU may do the same: the first one's stays. */
		bpf_map_update_elem(&rate_limit_keys, &place, &full, BPF_NOEXIST);
		bucket = bpf_map_lookup_elem(&rate_limit_keys, &place);
	}
	return ask(limit, bucket, tokens);
}
