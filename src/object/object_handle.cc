#include "object/object_handle.h"

#include "util/errors.h"

namespace subskel {

bpf_object* ObjectHandle::Get(const std::string& subject) const {
  if (object_ == nullptr) throw ClosedFailure(subject, subject + ": object '" + name_ + "' is closed");
  return object_.get();
}

ObjectHandle::MapTypes ObjectHandle::TypesOf(const bpf_map* map) const {
  const auto kept = map_types_.find(map);
  if (kept != map_types_.end()) return kept->second;
  return {bpf_map__btf_key_type_id(map), bpf_map__btf_value_type_id(map)};
}

void ObjectHandle::KeepMapTypes() {
  const bpf_map* map = nullptr;
  bpf_object__for_each_map(map, Get()) map_types_.emplace(map, TypesOf(map));
}

void ObjectHandle::Close() noexcept {
  links.DestroyAll();
  maps.CloseAll();
  // SAFETY: every bpf_map and bpf_program pointer dies here; whoever holds one asks Get() before using it.
  object_.reset();
  // Log buffers stay readable no longer than the object, and libbpf is done with them.
  log_buffers.clear();
  attach_targets.clear();
}

}  // namespace subskel
