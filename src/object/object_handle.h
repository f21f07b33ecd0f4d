#pragma once

#include <bpf/libbpf.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "link/link_handle.h"
#include "memory/arena.h"
#include "object/live_maps.h"
#include "util/unique_fd.h"

namespace subskel {

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

  /// The BTF ids of a map's key and value.
  struct MapTypes {
    __u32 key, value;
  };
  MapTypes TypesOf(const bpf_map* map) const;
  /// Before libbpf creates the maps in the kernel: it forgets the ids of those whose type takes none there.
  void KeepMapTypes();

  Phase phase = Phase::kOpen;
  Arena arena;
  LinkSet links;
  LiveMaps maps;
  /// What libbpf was given for its programs, and uses until the object is closed: the memory of their
  /// verifier logs, and the programs that they replace or trace.
  std::map<const bpf_program*, std::vector<char>> log_buffers;
  std::map<const bpf_program*, UniqueFd> attach_targets;

 private:
  std::shared_ptr<bpf_object> object_;
  const std::string name_;
  std::map<const bpf_map*, MapTypes> map_types_;
};

}  // namespace subskel
