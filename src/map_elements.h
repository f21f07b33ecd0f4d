#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace subskel {

/// The scratch memory of a created map: the key at 0, the value behind it, sized by what the kernel says of
/// the map (never by what the object file says), because the kernel writes as much as its map's value is
/// long.
class MapElements {
 public:
  MapElements(Napi::Env env, int fd, const std::string& subject);

  Napi::ArrayBuffer scratch() const { return scratch_.Value(); }
  std::size_t value_offset() const noexcept { return value_offset_; }
  std::size_t value_size() const noexcept { return value_size_; }

  int fd() const noexcept { return fd_; }
  /// Null for maps without keys (queue, stack, bloom filter).
  void* key() const noexcept { return key_size_ == 0 ? nullptr : memory_.get(); }
  void* value() const noexcept { return memory_.get() + value_offset_; }

 private:
  const int fd_;
  std::size_t key_size_ = 0;
  std::size_t value_offset_ = 0;
  std::size_t value_size_ = 0;
  /// Shared with the ArrayBuffer over it, so that neither a detached buffer nor a collected map leaves the
  /// other with freed memory, and no call has to look.
  std::shared_ptr<std::uint8_t[]> memory_;
  Napi::Reference<Napi::ArrayBuffer> scratch_;
};

}  // namespace subskel
