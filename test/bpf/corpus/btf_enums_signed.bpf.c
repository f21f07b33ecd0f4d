/* Enums with negative and with large values: BTF has their sign since clang 15. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
enum negative { MINUS = -1, ZERO } negative;
enum large { LARGE = 0xffffffff } large;
enum negative negatives[3];
struct holder {
  enum negative n;
  enum large l;
} holder;
