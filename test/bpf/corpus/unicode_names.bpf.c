/* Unicode in names, as clang allows it. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
struct größe {
  int länge;
  int 高さ;
};
struct größe größe;
int счётчик;
enum Ω { α, β } ω;
