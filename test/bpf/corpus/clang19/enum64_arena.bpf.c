/* What clang 14 cannot write: enum64, and variables in an arena. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
enum big { HUGE = 0x123456789abcdefULL, SMALL = 1 };
enum minus { NEGATIVE = -0x123456789abcdefLL, ZERO };
enum big big = HUGE;
enum minus minus;
enum big bigs[2];
struct holder {
  enum big b;
  enum minus m[2];
} holder;
#define __arena __attribute__((address_space(1)))
struct {
  __uint(type, 33);
  __uint(map_flags, 1 << 10);
  __uint(max_entries, 10);
} arena SEC(".maps");
int __arena in_arena = 3;
struct node {
  struct node __arena* next;
  int value;
};
struct node __arena nodes[4];
SEC("syscall") int prog(void* ctx) {
  in_arena++;
  return nodes[1].value;
}
char LICENSE[] SEC("license") = "GPL";
