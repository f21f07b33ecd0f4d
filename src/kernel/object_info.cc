#include "kernel/object_info.h"

#include <bpf/bpf.h>
#include <limits.h>

#include <cstring>
#include <vector>

#include "util/call.h"
#include "util/result.h"

namespace subskel {

namespace {

/// More than any kernel writes: it fills what it knows and says how much that was.
template <typename Struct>
union Room {
  // Zeros throughout: kernels refuse other bytes behind what they know.
  Room() { std::memset(bytes, 0, sizeof bytes); }
  Struct known;
  std::uint8_t bytes[512];
};

using Numbers = std::vector<std::uint64_t>;

__u64 AddressOf(void* memory) {
  return reinterpret_cast<__u64>(memory);
}

template <typename Struct>
Result Copy(Napi::Env env, const Room<Struct>& room, __u32 length) {
  Result result(env);
  result.Put("bytes", CopyOf(env, room.bytes, sizeof room.bytes));
  result.Put("length", length);
  return result;
}

Napi::Value BigInts(Napi::Env env, const Numbers& numbers) {
  Napi::BigUint64Array array = Napi::BigUint64Array::New(env, numbers.size());
  if (!numbers.empty()) std::memcpy(array.Data(), numbers.data(), numbers.size() * sizeof numbers[0]);
  return array;
}

/// Where the variable parts of a bpf_link_info go.
struct LinkBuffers {
  std::vector<char> text;
  std::vector<Numbers> arrays;

  /// Fills the pointers in, by what the first call said.
  // SAFETY: the kernel writes no more than the counts and lengths that are set beside the pointers here; the
  // buffers live until after the call.
  void Attach(bpf_link_info& info) {
    switch (info.type) {
      case BPF_LINK_TYPE_RAW_TRACEPOINT:
        SetText(info.raw_tracepoint.tp_name, info.raw_tracepoint.tp_name_len, 256);
        break;
      case BPF_LINK_TYPE_ITER:
        SetText(info.iter.target_name, info.iter.target_name_len, 256);
        break;
      case BPF_LINK_TYPE_KPROBE_MULTI: {
        const __u32 count = info.kprobe_multi.count;
        arrays.assign(2, Numbers(count));
        if (count != 0) {
          info.kprobe_multi.addrs = AddressOf(arrays[0].data());
          info.kprobe_multi.cookies = AddressOf(arrays[1].data());
        }
        break;
      }
      case BPF_LINK_TYPE_UPROBE_MULTI: {
        const __u32 count = info.uprobe_multi.count;
        arrays.assign(3, Numbers(count));
        if (count != 0) {
          info.uprobe_multi.offsets = AddressOf(arrays[0].data());
          info.uprobe_multi.ref_ctr_offsets = AddressOf(arrays[1].data());
          info.uprobe_multi.cookies = AddressOf(arrays[2].data());
        }
        SetText(info.uprobe_multi.path, info.uprobe_multi.path_size, PATH_MAX);
        break;
      }
      case BPF_LINK_TYPE_PERF_EVENT:
        // The three that have a name have it, and its length, at the same place.
        if (info.perf_event.type != BPF_PERF_EVENT_UNSPEC && info.perf_event.type != BPF_PERF_EVENT_EVENT)
          SetText(info.perf_event.uprobe.file_name, info.perf_event.uprobe.name_len, PATH_MAX);
        break;
      default:
        break;
    }
  }

 private:
  template <typename Address>
  void SetText(Address& pointer, __u32& length, std::size_t size) {
    text.assign(size, '\0');
    pointer = AddressOf(text.data());
    // The last byte stays NUL whatever the kernel writes.
    length = static_cast<__u32>(size - 1);
  }
};

template <typename Number, typename Address>
void Give(std::vector<Number>& numbers, __u32& count, Address& pointer) {
  count = static_cast<__u32>(numbers.size());
  pointer = numbers.empty() ? 0 : AddressOf(numbers.data());
}

template <typename Number>
void Shrink(std::vector<Number>& numbers, __u32 count) {
  if (count < numbers.size()) numbers.resize(count);
}

}  // namespace

Napi::Value ProgramInfo(Napi::Env env, int fd, const std::string& subject) {
  constexpr const char* name = "bpf_prog_get_info_by_fd";
  Room<bpf_prog_info> room;
  __u32 length = sizeof room.bytes;
  CallInt(env, name, subject, bpf_prog_get_info_by_fd, fd, &room.known, &length);
  // More can come in between (maps that are bound to it): then the kernel fills what there is room for, and
  // tells the new number.
  std::vector<__u32> maps(room.known.nr_map_ids);
  Numbers addresses(room.known.nr_jited_ksyms);
  std::vector<__u32> lengths(room.known.nr_jited_func_lens);
  room = Room<bpf_prog_info>();
  // SAFETY: the kernel writes no more than the counts that are set beside the pointers; they outlive the
  // call.
  Give(maps, room.known.nr_map_ids, room.known.map_ids);
  Give(addresses, room.known.nr_jited_ksyms, room.known.jited_ksyms);
  Give(lengths, room.known.nr_jited_func_lens, room.known.jited_func_lens);
  length = sizeof room.bytes;
  CallInt(env, name, subject, bpf_prog_get_info_by_fd, fd, &room.known, &length);
  Shrink(maps, room.known.nr_map_ids);
  Shrink(addresses, room.known.nr_jited_ksyms);
  Shrink(lengths, room.known.nr_jited_func_lens);

  Result result = Copy(env, room, length);
  ResultList arrays(env);
  arrays.Add(BigInts(env, Numbers(maps.begin(), maps.end())));
  arrays.Add(BigInts(env, addresses));
  arrays.Add(BigInts(env, Numbers(lengths.begin(), lengths.end())));
  result.Put("text", "");
  result.Put("arrays", arrays);
  return result;
}

Napi::Value LinkInfo(Napi::Env env, int fd, const std::string& subject) {
  constexpr const char* name = "bpf_link_get_info_by_fd";
  Room<bpf_link_info> room;
  __u32 length = sizeof room.bytes;
  CallInt(env, name, subject, bpf_link_get_info_by_fd, fd, &room.known, &length);
  LinkBuffers buffers;
  buffers.Attach(room.known);
  length = sizeof room.bytes;
  CallInt(env, name, subject, bpf_link_get_info_by_fd, fd, &room.known, &length);

  Result result = Copy(env, room, length);
  ResultList arrays(env);
  for (const Numbers& numbers : buffers.arrays) arrays.Add(BigInts(env, numbers));
  result.Put("text", buffers.text.empty() ? "" : buffers.text.data());
  result.Put("arrays", arrays);
  return result;
}

}  // namespace subskel
