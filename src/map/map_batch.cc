// The methods of MapElements for many elements at once. Keys and values come in arrays of the caller's; how
// many there are is never more than they have room for.

#include <bpf/bpf.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "map/map_elements.h"
#include "util/args.h"
#include "util/result.h"

namespace subskel {

namespace {

/// A position in the kernel's walk: a bucket's number, or a key. Two, because in and out may not be the same.
constexpr std::size_t TokenSize(std::size_t key_size) {
  return std::max(sizeof(std::uint32_t), key_size);
}

std::uint32_t Room(const args::Bytes& keys, const args::Bytes& values, const MapHandle& map) {
  // Maps without keys have no batches; the kernel says so.
  if (map.key_size() == 0) return 0;
  std::size_t room = keys.size / map.key_size();
  if (map.value_size() != 0) room = std::min(room, values.size / map.value_size());
  return static_cast<std::uint32_t>(std::min<std::size_t>(room, UINT32_MAX));
}

[[noreturn]] void RefuseCount(const MapHandle& map) {
  throw ArgumentFailure(map.subject() + ": the batch is larger than its arrays");
}

/// What JavaScript makes of an error depends on how far the kernel got. One that comes before it has begun
/// (no such operation, no permission) leaves the count as it was asked for; one on the way never gets that
/// far.
Napi::Value Answer(Napi::Env env, std::uint32_t count, std::uint32_t asked, int result) {
  if (result < 0 && result != -ENOENT && count == asked) count = 0;
  Result answer(env);
  answer.Put("count", count);
  answer.Put("errno", result < 0 ? -result : 0);
  return answer;
}

}  // namespace

Napi::Value MapElements::LookupBatch(const Napi::CallbackInfo& info) {
  const bool first = args::Boolean(info[0], "first");
  const bool remove = args::Boolean(info[1], "remove");
  const std::uint64_t flags = args::Uint53(info[2], "flags");
  const args::Bytes tokens = args::ByteArray(info[3], "tokens");
  const args::Bytes keys = args::ByteArray(info[4], "keys");
  const args::Bytes values = args::ByteArray(info[5], "values");
  const int fd = handle_->LiveFd();
  const std::size_t token_size = TokenSize(handle_->key_size());
  if (tokens.size < 2 * token_size) RefuseCount(*handle_);
  std::uint8_t* const in = tokens.data;
  std::uint8_t* const out = tokens.data + token_size;
  const std::uint32_t room = Room(keys, values, *handle_);
  std::uint32_t count = room;
  bpf_map_batch_opts options = {};
  options.sz = sizeof options;
  options.elem_flags = flags;
  // SAFETY: the kernel writes at most `count` keys and values, which are there, and keeps no address.
  const auto call = remove ? bpf_map_lookup_and_delete_batch : bpf_map_lookup_batch;
  const int result = call(fd, first ? nullptr : in, out, keys.data, values.data, &count, &options);
  // Where nothing was read the position stays: the call can be made again, with more room.
  if (result == 0 || (count != 0 && count != room)) std::copy(out, out + token_size, in);
  return Answer(info.Env(), count, room, result);
}

Napi::Value MapElements::UpdateBatch(const Napi::CallbackInfo& info) {
  const std::uint32_t asked = args::Uint32(info[0], "count");
  std::uint32_t count = asked;
  const std::uint64_t flags = args::Uint53(info[1], "flags");
  const args::Bytes keys = args::ByteArray(info[2], "keys");
  const args::Bytes values = args::ByteArray(info[3], "values");
  const int fd = handle_->LiveFd();
  if (count > Room(keys, values, *handle_)) RefuseCount(*handle_);
  bpf_map_batch_opts options = {};
  options.sz = sizeof options;
  options.elem_flags = flags;
  const int result = bpf_map_update_batch(fd, keys.data, values.data, &count, &options);
  return Answer(info.Env(), count, asked, result);
}

Napi::Value MapElements::DeleteBatch(const Napi::CallbackInfo& info) {
  const std::uint32_t asked = args::Uint32(info[0], "count");
  std::uint32_t count = asked;
  const args::Bytes keys = args::ByteArray(info[1], "keys");
  const int fd = handle_->LiveFd();
  if (handle_->key_size() == 0 || count > keys.size / handle_->key_size()) RefuseCount(*handle_);
  bpf_map_batch_opts options = {};
  options.sz = sizeof options;
  const int result = bpf_map_delete_batch(fd, keys.data, &count, &options);
  return Answer(info.Env(), count, asked, result);
}

}  // namespace subskel
