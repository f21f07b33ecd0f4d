#include "object/live_maps.h"

#include <utility>

#include "util/call.h"

namespace subskel {

std::shared_ptr<MapHandle> LiveMaps::Open(const bpf_map* map, int fd, const std::string& subject) {
  std::shared_ptr<MapHandle>& handle = handles_[map];
  if (handle == nullptr) handle = std::make_shared<MapHandle>(UniqueFd::Duplicate(fd, subject), subject);
  return handle;
}

void LiveMaps::Close(const bpf_map* map) noexcept {
  const auto live = handles_.find(map);
  if (live == handles_.end()) return;
  if (live->second != nullptr) live->second->Close();
  handles_.erase(live);
}

void LiveMaps::CloseAll() noexcept {
  for (const auto& [map, handle] : handles_) {
    if (handle != nullptr) handle->Close();
  }
  handles_.clear();
  inner_.clear();
}

void LiveMaps::SetInner(napi_env env, bpf_map* map, UniqueFd inner, const std::string& subject) {
  UniqueFd& kept = inner_[map];
  CallInt(env, "bpf_map__set_inner_map_fd", subject, bpf_map__set_inner_map_fd, map, inner.get());
  // SAFETY: libbpf uses the number when it creates the map, and does not close it.
  kept = std::move(inner);
}

}  // namespace subskel
