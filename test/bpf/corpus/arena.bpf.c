/* Variables in an arena. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
struct {
  __uint(type, 33);
  __uint(map_flags, 1 << 10);
  __uint(max_entries, 10);
} arena SEC(".maps");
int in_arena SEC(".addr_space.1") = 3;
struct {
  __u64 head, tail;
} queue SEC(".addr_space.1");
int outside;
SEC("syscall") int prog(void* ctx) {
  outside = in_arena + queue.head;
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
