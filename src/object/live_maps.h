#pragma once

#include <bpf/libbpf.h>

#include <map>
#include <memory>
#include <string>

#include "map/map_handle.h"
#include "util/unique_fd.h"

namespace subskel {

/// The maps of one object that the kernel has, as far as they are used. They end with the object.
class LiveMaps {
 public:
  ~LiveMaps() { CloseAll(); }

  /// The one handle of a map, made with its first use from `fd`, which stays libbpf's.
  std::shared_ptr<MapHandle> Open(const bpf_map* map, int fd, const std::string& subject);
  /// Once libbpf has another map in its place.
  void Close(const bpf_map* map) noexcept;
  /// Once libbpf has given up all of them.
  void CloseAll() noexcept;

  /// bpf_map__set_inner_map_fd.
  void SetInner(napi_env env, bpf_map* map, UniqueFd inner, const std::string& subject);

 private:
  std::map<const bpf_map*, std::shared_ptr<MapHandle>> handles_;
  /// The templates of inner maps: libbpf remembers the number only.
  std::map<const bpf_map*, UniqueFd> inner_;
};

}  // namespace subskel
