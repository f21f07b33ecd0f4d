/* Defines what descriptor_library.bpf.c only declares. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, int);
} elsewhere SEC(".maps");

int other_variable = 1;
int other_weak = 2;
int other_array[4];
static int limit_of_mine = 3;

__attribute__((noinline)) int other_function(int x, char *name)
{
	return x + limit_of_mine;
}

SEC("tc")
int classify(struct __sk_buff *skb)
{
	limit_of_mine++;
	return other_function(1, 0);
}
