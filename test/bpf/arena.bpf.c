/* Variables in an arena, which needs clang 19 (test/support/arena.ts). */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

/* Debian 12's linux/bpf.h does not know arenas. */
#define ARENA_TYPE 33
#ifndef ARENA_FLAGS
#define ARENA_FLAGS BPF_F_MMAPABLE
#endif
#define __arena __attribute__((address_space(1)))

struct {
  __uint(type, ARENA_TYPE);
  __uint(map_flags, ARENA_FLAGS);
  __uint(max_entries, 16);
#ifdef ARENA_ADDRESS
  __ulong(map_extra, ARENA_ADDRESS);
#endif
#ifdef ARENA_PINNED
  __uint(pinning, LIBBPF_PIN_BY_NAME);
#endif
} arena SEC(".maps");

struct node {
  __u32 id;
  __u64 hits;
  char label[8];
};

__u64 __arena requests = 5;
struct node __arena node = {.id = 7};
struct node __arena nodes[3];
/* More than a page, so that the variables are not all in the arena's last one. */
__u32 __arena table[2048] = {11};
__u32 outside;

SEC("syscall") int run(void* ctx) {
  requests += 10;
  node.id++;
  node.hits = requests;
  nodes[1].hits = 99;
  table[2047] = table[0] + 1;
  outside++;
  return (int)requests;
}

SEC("syscall") int count(void* ctx) {
  for (int i = 0; i < 1000; i++) __sync_fetch_and_add(&requests, 1);
  return 0;
}

char LICENSE[] SEC("license") = "GPL";
