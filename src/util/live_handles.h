#pragma once

#include <cstddef>
#include <unordered_map>

namespace subskel {

/// The classes that wrap a native handle.
enum class ClassId : std::size_t {
  kObject,
  kMap,
  kProgram,
  kLink,
  kFd,
  kShare,
  kElements,
  kRingBuffer,
  kPerfBuffer,
  kUserRingBuffer,
  kPages,
  kCount
};

/// Which pointers of one environment are wrapped handles, and of which class.
class LiveHandles {
 public:
  void Add(const void* handle, ClassId kind) { handles_.emplace(handle, kind); }
  void Remove(const void* handle) noexcept {
    handles_.erase(handle);
    last_ = nullptr;
  }
  bool Contains(const void* handle, ClassId kind) {
    // A loop over a map's keys asks for the same one again and again.
    if (handle == last_ && kind == last_kind_ && handle != nullptr) return true;
    const auto found = handles_.find(handle);
    if (found == handles_.end() || found->second != kind) return false;
    last_ = handle;
    last_kind_ = kind;
    return true;
  }

 private:
  std::unordered_map<const void*, ClassId> handles_;
  const void* last_ = nullptr;
  ClassId last_kind_ = ClassId::kCount;
};

}  // namespace subskel
