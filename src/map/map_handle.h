#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "util/unique_fd.h"

namespace subskel {

/// Owns a descriptor of a map that the kernel has, and the memory through which keys and values pass. Shared
/// by the JavaScript objects of the map; a map of an object is closed with it.
///
/// The descriptor is never somebody else's: sizes of a map do not change, but a number can come to mean
/// another map, whose values the kernel would write beyond the end of this memory. So nobody else is told it.
class MapHandle {
 public:
  enum class Operation : std::uint32_t { kLookup, kUpdate, kDelete, kTake, kFirstKey, kNextKey };

  /// The start of the memory: what is to be done, and how it went. JavaScript writes it, and calls Run().
  struct Control {
    Operation operation;
    /// 0, a positive errno, or kClosed.
    std::int32_t error;
    std::uint64_t flags;
  };
  static constexpr std::int32_t kClosed = -1;
  static constexpr std::size_t kKeyOffset = sizeof(Control);

  /// Asks the kernel about the map: `bpf` failures, and 'argument' ones where it is something else.
  MapHandle(UniqueFd fd, std::string subject);
  ~MapHandle() { Close(); }
  MapHandle(const MapHandle&) = delete;
  MapHandle& operator=(const MapHandle&) = delete;

  bool closed() const noexcept { return !fd_; }
  /// Throws a 'closed' failure after Close().
  int LiveFd() const;
  /// The number that users get, -1 once closed: of a second descriptor, made when somebody asks, because they
  /// may close it.
  int GivenFd();
  void Close() noexcept;
  const std::string& subject() const noexcept { return subject_; }

  std::uint32_t type() const noexcept { return type_; }
  /// 0 for maps without keys (queue, stack, bloom filter).
  std::size_t key_size() const noexcept { return key_size_; }
  /// What the kernel reads and writes: of per-CPU maps the values of all possible CPUs.
  std::size_t value_size() const noexcept { return value_size_; }
  std::size_t value_offset() const noexcept { return value_offset_; }

  const std::shared_ptr<std::uint8_t[]>& memory() const noexcept { return memory_; }
  std::size_t memory_size() const noexcept { return memory_size_; }

  /// Does what the control words say, with the key and the value in the memory. Runs no JavaScript, throws
  /// nothing, captures no log: it is a bare system call, made a million times a second.
  void Run() noexcept;

 private:
  int Perform(const Control& control) const noexcept;

  UniqueFd fd_;
  UniqueFd given_;
  const std::string subject_;
  std::uint32_t id_ = 0;
  std::uint32_t type_ = 0;
  std::size_t key_size_ = 0;
  std::size_t value_offset_ = 0;
  std::size_t value_size_ = 0;
  std::size_t memory_size_ = 0;
  /// Shared with the ArrayBuffer over it, so that neither a detached buffer nor a collected map leaves the
  /// other with freed memory.
  std::shared_ptr<std::uint8_t[]> memory_;
};

}  // namespace subskel
