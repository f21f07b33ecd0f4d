#pragma once

#include <bpf/libbpf.h>

#include <cstddef>
#include <string>

namespace subskel {

/// linux/bpf.h, kernel 6.9: touching a page of the arena that is not allocated is a SIGSEGV.
constexpr __u32 kSegvOnFault = 1u << 17;

/// An object's arena, if it has one. The kernel allows one mapping of an arena in a process: libbpf makes it
/// when the object is prepared or loaded, and unmaps it when the object is closed; the section of its
/// variables
/// ('.addr_space.1') lies somewhere in it.
class Arena {
 public:
  Arena() = default;
  ~Arena() { GiveBack(); }
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// Right before the call that makes libbpf map it. Throws an 'unsupported' failure where that would end the
  /// process.
  void BeforeMapping(const bpf_object* object, const std::string& subject);
  /// Right after that call, whether it failed or not.
  void AfterMapping();
  /// bpf_object__load, or bpf_object__load_skeleton, which says where the variables are.
  int Load(bpf_object* object);

  /// The variables in the loaded arena; null where there are none, or where libbpf has not mapped them.
  void* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }

 private:
  void Reserve(const std::string& subject);
  void GiveBack() noexcept;
  bool Mapped() const;

  bpf_map* map_ = nullptr;
  /// libbpf's copy of the variables before load; null where it has none.
  const void* image_ = nullptr;
  void* data_ = nullptr;
  std::size_t size_ = 0;
  /// The addresses that the arena asks for (map_extra), kept free for it.
  void* reserved_ = nullptr;
  std::size_t reserved_size_ = 0;
};

}  // namespace subskel
