#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
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

  struct Pointers {
    int fd;
    /// Null for maps without keys (queue, stack, bloom filter).
    void* key;
    void* value;
  };
  /// Valid until JavaScript runs again. Throws when somebody has detached the scratch memory.
  Pointers Get() const;
  int fd() const noexcept { return fd_; }

 private:
  const int fd_;
  std::size_t key_size_ = 0;
  std::size_t value_offset_ = 0;
  std::size_t value_size_ = 0;
  /// Ordinary JavaScript memory: V8 does not move it, and it goes away with this reference.
  Napi::Reference<Napi::ArrayBuffer> scratch_;
};

}  // namespace subskel
