/* The second final object: other sections, other offsets, and its own strong definition of the library's weak default. */
#include "request_stats.h"

__u32 watcher_mode = 3;
__u32 request_weight SEC(".data") = 2;
__u8 watcher_scratch[100] SEC(".bss.scratch");
__u32 watcher_calls;

SEC("syscall")
int watcher_probe(void *ctx)
{
	watcher_calls++;
	watcher_scratch[0] = (__u8)watcher_mode;
	return request_stats_note(-1);
}

char LICENSE[] SEC("license") = "GPL";
