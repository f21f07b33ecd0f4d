/* Structs and unions: nested, anonymous, packed, empty, bitfields. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
struct nested {
  int a;
  struct {
    short x, y;
  } point;
  union {
    __u64 wide;
    __u32 halves[2];
  };
  struct {
    char deep;
    struct {
      char deeper;
    };
  };
} nested;
struct packed {
  char c;
  int i;
  long l;
} __attribute__((packed)) packed;
struct empty {
} empty;
struct bits {
  unsigned a : 3;
  unsigned b : 29;
  __u64 c : 40;
  __u64 d : 24;
  _Bool e : 1;
  int f : 7;
  signed g : 5;
} bits;
union number {
  int i;
  float f;
  char bytes[4];
} number;
struct {
  int only;
  struct nested list[2];
} unnamed;
struct pair {
  struct nested n;
  union number u;
} pairs[2];
struct aligned {
  char c;
} __attribute__((aligned(64))) aligned;
struct flexible {
  int n;
  int tail[];
} flexible = {2, {1, 2}};
struct zero {
  int n;
  char none[0];
} zero;
