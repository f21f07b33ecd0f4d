#pragma once
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct record {
	__u32 a;
	__u32 b;
#ifdef RECORD_GREW
	__u64 inserted;
#endif
	__u64 c;
#ifdef RECORD_CHANGED
	__s32 d;
#else
	__u32 d;
#endif
	__u32 e;
};
