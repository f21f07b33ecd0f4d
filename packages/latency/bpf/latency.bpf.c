/*
 * Latency histograms. Every CPU has bins of its own, which only grow: readers subtract what they saw before, so that no
 * event is ever lost by a reset. Within a CPU the additions are atomic, as a program may interrupt another.
 * Compiled with -mcpu=v2 (see package.json's scripts): no atomic operation's result is used, and no jump needs a newer CPU.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "latency.h"

/* How a histogram divides its range. Fixed at load, as it gives the bins their meaning. */
struct latency_scale {
	/* Width of each bin of a linear scale; 0 is a logarithmic scale. The last bin has whatever is larger. */
	__u64 width;
	/* Logarithmic: every power of two is divided into 1 << precision bins, 0 to 3. */
	__u32 precision;
};

struct latency_counts {
	__u64 sum;
	__u64 bins[LATENCY_BINS];
};

const volatile struct latency_scale latency_scales[LATENCY_HISTOGRAMS] = {
	[0 ... LATENCY_HISTOGRAMS - 1] = { .precision = 3 },
};

/* What is in no histogram. */
struct {
	/* Starts that were not stored, because latency_starts was full. */
	__u64 full;
	/* Ends without a start. */
	__u64 unstarted;
	/* Times for a histogram that does not exist. */
	__u64 out_of_range;
} latency_lost;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u64);
	__type(value, __u64);
} latency_starts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, struct latency_counts);
} latency_histograms SEC(".maps");

static __always_inline __u32 floor_log2(__u64 value)
{
	__u32 log = 0;

	if (value >> 32) { log += 32; value >>= 32; }
	if (value >> 16) { log += 16; value >>= 16; }
	if (value >> 8) { log += 8; value >>= 8; }
	if (value >> 4) { log += 4; value >>= 4; }
	if (value >> 2) { log += 2; value >>= 2; }
	return log + (value >> 1);
}

/*
 * Values below 1 << precision have a bin each; from there on the highest precision + 1 bits say which one:
 * with precision 1 the bins begin at 0, 1, 2, 3, 4, 6, 8, 12, 16, … At most bin 495 (precision 3).
 */
static __always_inline __u64 log_bin(__u64 value, __u32 precision)
{
	__u32 shift;

	if (!(value >> precision))
		return value;
	shift = floor_log2(value) - precision;
	return ((__u64)shift << precision) + (value >> shift);
}

int latency_record(__u32 histogram, __u64 nanoseconds)
{
	struct latency_counts *counts = bpf_map_lookup_elem(&latency_histograms, &histogram);
	const volatile struct latency_scale *scale;
	__u64 bin, width;

	if (!counts || histogram >= LATENCY_HISTOGRAMS) {
		__sync_fetch_and_add(&latency_lost.out_of_range, 1);
		return -1;
	}
	scale = &latency_scales[histogram & (LATENCY_HISTOGRAMS - 1)];
	width = scale->width;
	if (width) {
		bin = nanoseconds / width;
		if (bin >= LATENCY_BINS)
			bin = LATENCY_BINS - 1;
	} else {
		bin = log_bin(nanoseconds, scale->precision & 3);
	}
	__sync_fetch_and_add(&counts->sum, nanoseconds);
	__sync_fetch_and_add(&counts->bins[bin & (LATENCY_BINS - 1)], 1);
	return 0;
}

int latency_start(__u64 key)
{
	__u64 now = bpf_ktime_get_ns();

	if (bpf_map_update_elem(&latency_starts, &key, &now, BPF_ANY)) {
		__sync_fetch_and_add(&latency_lost.full, 1);
		return -1;
	}
	return 0;
}

__s64 latency_end(__u64 key, __u32 histogram)
{
	__u64 now = bpf_ktime_get_ns(), started = 0, *start = bpf_map_lookup_elem(&latency_starts, &key);

	if (start)
		started = *start;
	/* Of two ends of one start the one that deletes it counts. */
	if (!start || bpf_map_delete_elem(&latency_starts, &key)) {
		__sync_fetch_and_add(&latency_lost.unstarted, 1);
		return -1;
	}
	latency_record(histogram, now - started);
	return now - started;
}

int latency_cancel(__u64 key)
{
	return bpf_map_delete_elem(&latency_starts, &key) ? -1 : 0;
}
