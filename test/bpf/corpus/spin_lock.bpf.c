/* Kernel types in values: locks, timers, and 128-bit members. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
struct guarded {
  struct bpf_spin_lock lock;
  int value;
};
struct timed {
  struct bpf_timer timer;
  __u64 at;
  unsigned __int128 id;
};
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, int);
  __type(value, struct guarded);
} guarded SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, int);
  __type(value, struct timed);
} timed SEC(".maps");
