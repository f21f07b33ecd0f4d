#pragma once

#include <bpf/libbpf.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "arena.h"

namespace subskel {

/// Owns one bpf_link.
class LinkHandle {
 public:
  explicit LinkHandle(bpf_link* link) noexcept : link_(link) {}
  ~LinkHandle() { Destroy(); }
  LinkHandle(const LinkHandle&) = delete;
  LinkHandle& operator=(const LinkHandle&) = delete;

  /// Null once destroyed.
  bpf_link* get() const noexcept { return link_; }
  /// bpf_link__destroy: frees the link even where it answers a negative errno.
  int Destroy() noexcept;

 private:
  bpf_link* link_;
};

/// Owns one bpf_object and the links made through it. Shared by the JavaScript objects of the object, its
/// maps, programs and links: it is closed by close(), or when the last of them is gone. Memory of its arena
/// that JavaScript still has keeps the bpf_object itself.
class ObjectHandle {
 public:
  enum class Phase { kOpen, kPrepared, kLoaded, kFailed };

  /// `object` closes the bpf_object when it is deleted.
  explicit ObjectHandle(std::shared_ptr<bpf_object> object)
      : object_(std::move(object)), name_(bpf_object__name(object_.get())) {}
  ~ObjectHandle() { Close(); }
  ObjectHandle(const ObjectHandle&) = delete;
  ObjectHandle& operator=(const ObjectHandle&) = delete;

  /// Throws a 'closed' failure, naming `subject`, after Close().
  bpf_object* Get(const std::string& subject) const;
  bpf_object* Get() const { return Get(Subject()); }
  bool closed() const noexcept { return object_ == nullptr; }
  /// For memory that is libbpf's own.
  std::shared_ptr<void> Share() const { return object_; }
  const std::string& name() const noexcept { return name_; }
  std::string Subject() const { return "object '" + name_ + "'"; }

  /// Links first: they hold programs, and a USDT link holds the object's own bookkeeping. Twice is fine.
  void Close() noexcept;

  std::shared_ptr<LinkHandle> AddLink(bpf_link* link);
  void ForgetLink(const LinkHandle* link) noexcept;

  Phase phase = Phase::kOpen;
  Arena arena;

 private:
  std::shared_ptr<bpf_object> object_;
  const std::string name_;
  /// In the order of their making; destroyed in reverse.
  std::map<std::uint64_t, std::shared_ptr<LinkHandle>> links_;
  std::map<const LinkHandle*, std::uint64_t> link_numbers_;
  std::uint64_t next_link_ = 0;
};

}  // namespace subskel
