/* Keys and values of all shapes. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
struct flow {
  __u32 saddr, daddr;
  __u16 sport, dport;
  __u8 proto;
};
struct counters {
  __u64 packets;
  __u64 bytes[2];
};
union either {
  __u64 wide;
  __u8 bytes[8];
};
enum verdict { PASS, DROP = 7 };
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1024);
  __type(key, struct flow);
  __type(value, struct counters);
} flows SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1024);
  __type(key, char[16]);
  __type(value, enum verdict);
} by_name SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, union either);
} eithers SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(
      value, struct {
        int a;
        struct {
          char b[3];
        } inner;
      });
} unnamed SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_LPM_TRIE);
  __uint(max_entries, 2);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(
      key, struct {
        __u32 prefixlen;
        __u8 data[4];
      });
  __type(value, __u8[6]);
} routes SEC(".maps");
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 2);
  __uint(key_size, 6);
  __uint(value_size, 10);
  __uint(pinning, LIBBPF_PIN_BY_NAME);
} untyped SEC(".maps");
