/* Maps in maps, with and without contents. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
struct inner_map {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, int);
  __type(value, int);
} inner_a SEC(".maps"), inner_b SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
  __uint(max_entries, 3);
  __type(key, int);
  __type(value, int);
  __array(values, struct inner_map);
} outer_array SEC(".maps") = {.values = {(void*)&inner_a, 0, (void*)&inner_b}};
struct {
  __uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
  __uint(max_entries, 3);
  __uint(key_size, sizeof(int));
  __array(
      values, struct {
        __uint(type, BPF_MAP_TYPE_HASH);
        __uint(max_entries, 5);
        __type(key, __u64);
        __type(value, char[8]);
      });
} outer_hash SEC(".maps");
