/*
 * Space-saving (Metwally et al.) in the sets of a hash table, one for each CPU: a key that has no place takes that of the least
 * frequent one in its set, and its count, too, as it may have been counted before and replaced since. So `count` is never too small, and at most
 * `error` too large; a key without a place has at most the smallest count of its (full) set; and the counts' sum is what was added. User space
 * adds up the CPUs.
 *
 * Each table has two buffers. User space ends an interval by incrementing the table's epoch; programs go on in the other buffer,
 * and clear each set there when they first meet it. A program raises its buffer's `busy` before it looks at the epoch for the last
 * time, so that a buffer of an earlier epoch that is not busy is complete.
 * Compiled with -mcpu=v2: no atomic operation's result is used.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "top_k.h"

struct top_k_entry {
	__u64 key;
	/* 0: a free place. */
	__u64 count;
	__u64 error;
};

struct top_k_set {
	/* Which epoch's entries these are. */
	__u64 epoch;
	struct top_k_entry entries[TOP_K_WAYS];
};

struct top_k_buffer {
	/* How many programs are in it: a program may be preempted, or interrupted, by another one on its CPU. */
	__u64 busy;
	struct top_k_set sets[TOP_K_SETS];
};

/* Makes it impossible to choose keys that fall into one set. Set by user space before load. */
const volatile __u64 top_k_seed;

/* Incremented by user space. */
__u64 top_k_epochs[TOP_K_TABLES];
/* The weight of what found no way in. It only grows. */
__u64 top_k_missed[TOP_K_TABLES];

/* The two buffers of a table beside each other. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct top_k_buffer);
} top_k_tables SEC(".maps");

static __always_inline __u32 set_of(__u64 key)
{
	__u64 hash = (key ^ top_k_seed) * 0x9e3779b97f4a7c15ULL;

	hash = (hash ^ (hash >> 32)) * 0xd6e8feb86659fd93ULL;
	hash >>= 32;
	barrier_var(hash);
	return hash & (TOP_K_SETS - 1);
}

/* Alone in its buffer, and the buffer is that of `epoch`. */
static __always_inline void add(struct top_k_set *set, __u64 epoch, __u64 key, __u64 weight)
{
	struct top_k_entry *entry, *least = &set->entries[0];
	int i;

	if (set->epoch != epoch) {
#pragma unroll
		for (i = 0; i < TOP_K_WAYS; i++)
			set->entries[i].count = 0;
		set->epoch = epoch;
	}
#pragma unroll
	for (i = 0; i < TOP_K_WAYS; i++) {
		entry = &set->entries[i];
		if (entry->count && entry->key == key) {
			entry->count += weight;
			return;
		}
		if (entry->count < least->count)
			least = entry;
	}
	least->key = key;
	least->error = least->count;
	least->count += weight;
}

int top_k_add(__u32 table, __u64 key, __u64 weight)
{
	volatile __u64 *current;
	struct top_k_buffer *buffer;
	__u64 epoch;
	__u32 index;
	int i, alone;

	if (table >= TOP_K_TABLES)
		return -1;
	if (!weight)
		return 0;
	/* The verifier must see the bound that clang knows already. */
	barrier_var(table);
	table &= TOP_K_TABLES - 1;
	current = &top_k_epochs[table];
	/* Again only when an interval ended just now. */
	for (i = 0; i < 2; i++) {
		epoch = *current;
		index = 2 * table + (epoch & 1);
		buffer = bpf_map_lookup_elem(&top_k_tables, &index);
		if (!buffer)
			break;
		__sync_fetch_and_add(&buffer->busy, 1);
		alone = *(volatile __u64 *)&buffer->busy == 1;
		if (alone && *current == epoch) {
			add(&buffer->sets[set_of(key)], epoch, key, weight);
			__sync_fetch_and_add(&buffer->busy, -1);
			return 0;
		}
		__sync_fetch_and_add(&buffer->busy, -1);
		if (!alone)
			break;
	}
	__sync_fetch_and_add(&top_k_missed[table], weight);
	return -1;
}
