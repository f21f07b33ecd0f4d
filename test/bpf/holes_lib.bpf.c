/* A library whose symbols the finals of the verification tests treat badly. */
#include "holes.h"

__u64 counter;
struct record last;
#ifdef MOVED
/* What a final object may have instead, built without libbpf's linker (which refuses to mix sections). */
__u32 moved SEC(".data.strong") = 5;
#else
__weak __u32 moved;
#endif
__u32 sized;
static __u32 used_static;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, struct record);
	__uint(max_entries, 4);
} records SEC(".maps");

SEC("syscall")
int lib_program(void *ctx)
{
	counter++;
	last.a++;
	used_static += sized + moved;
	return (int)used_static;
}

char LICENSE[] SEC("license") = "GPL";
