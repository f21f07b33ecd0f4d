/* Enums: sparse, without a name, in structs. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
enum color { RED, GREEN = 5, BLUE } color = GREEN;
enum big { BIG = 0x7fffffff } big;
enum { ANON_A = 3, ANON_B } anonymous;
typedef enum { T_A, T_B } typedef_enum;
typedef_enum by_typedef;
enum color colors[4];
enum __attribute__((packed)) tiny { TINY_A, TINY_B } tiny;
struct holder {
  enum color c;
  enum { IN_A, IN_B } inner;
  enum tiny t;
} holder;
