/*
 * Heavy hitters for BPF programs of any type: the most frequent of any number of keys, in bounded memory.
 *
 *	top_k_add(0, bpf_get_current_pid_tgid() >> 32, 1);
 *
 * Linux 5.6 and later (global functions). No helper here is for GPL programs only.
 */
#pragma once

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

/* How many tables there can be. Half as many as the map top_k_tables has entries exist: 4, unless set before load. */
#define TOP_K_TABLES 16
/* Each CPU has places for 512 keys of each table: a key's hash says in which of 64 sets it is one of 8. */
#define TOP_K_SETS 64
#define TOP_K_WAYS 8

/*
 * Adds `weight` (1 for an event, a number of bytes, …) to `key`. Returns 0, or a negative number if it could only be counted as missed, which is
 * part of the error bound: where one program interrupts another in this very function, and for tables that don't exist.
 */
int top_k_add(__u32 table, __u64 key, __u64 weight);
