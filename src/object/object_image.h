#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "util/args.h"

namespace subskel {

/// The bytes of an object file, as libbpf is given them: a copy, aligned as libelf wants it, that nobody
/// changes or truncates meanwhile. (libelf maps files, and a page that is cut off while it is read ends the
/// process.)
class ObjectImage {
 public:
  static ObjectImage Copy(const args::Bytes& bytes);
  /// Nothing where the file cannot be read, or is empty: libbpf says why.
  static std::optional<ObjectImage> Read(const std::string& path);

  std::uint8_t* data() const noexcept { return reinterpret_cast<std::uint8_t*>(words_.get()); }
  std::size_t size() const noexcept { return size_; }

 private:
  explicit ObjectImage(std::size_t size)
      : words_(new std::uint64_t[size / sizeof(std::uint64_t) + 1]), size_(size) {}

  std::unique_ptr<std::uint64_t[]> words_;
  std::size_t size_;
};

}  // namespace subskel
