#include "map/bpf_map.h"

#include <bpf/bpf.h>

#include <cstring>
#include <string>

#include "map/map_elements.h"
#include "map/map_guard.h"
#include "memory/map_memory.h"
#include "util/args.h"
#include "util/call.h"
#include "util/fd_kind.h"
#include "util/result.h"

namespace subskel {

std::vector<napi_property_descriptor> BpfMap::Properties() {
  std::vector<napi_property_descriptor> properties = {
      Getter<&BpfMap::Ask<bpf_map__name>>("name"),
      Getter<&BpfMap::Section>("section"),
      Getter<&BpfMap::BtfKeyTypeId>("btfKeyTypeId"),
      Getter<&BpfMap::BtfValueTypeId>("btfValueTypeId"),
      Getter<&BpfMap::FindFd>("fd"),
      Method<&BpfMap::AttachStructOps>("attachStructOps"),
      Method<&BpfMap::StructOpsImage>("structOpsImage"),
      Method<&BpfMap::SetStructOpsImage>("setStructOpsImage"),
      Method<&BpfMap::StructOpsFunctions>("structOpsFunctions"),
      Method<&BpfMap::SetStructOpsProgram>("setStructOpsProgram"),
      Method<&BpfMap::InitialValue>("initialValue"),
      Method<&BpfMap::SetInitialValue>("setInitialValue"),
      Method<&BpfMap::ArenaMemory>("arenaMemory"),
      Method<&BpfMap::Pin>("pin"),
      Method<&BpfMap::Unpin>("unpin"),
      Method<&BpfMap::ReuseFd>("reuseFd"),
      Method<&BpfMap::Freeze>("freeze"),
      Method<&BpfMap::SetInnerMap>("setInnerMap"),
      Method<&BpfMap::Elements>("elements"),
  };
  const std::vector<napi_property_descriptor> settings = Settings();
  properties.insert(properties.end(), settings.begin(), settings.end());
  return properties;
}

Napi::Value BpfMap::Wrap(Napi::Env env, const std::shared_ptr<ObjectHandle>& object, bpf_map* map) {
  return Adopt(env, std::make_unique<BpfMap>(object, map));
}

bpf_map* BpfMap::Live() const {
  if (object_->closed()) object_->Get("map");
  return map_;
}

std::string BpfMap::Subject() const {
  return object_->closed() ? "map" : std::string("map '") + bpf_map__name(map_) + "'";
}

int BpfMap::FindFd() const {
  const int fd = bpf_map__fd(Live());
  if (fd < 0) return -1;
  // With autocreate off, libbpf answers the number that it keeps for the map's descriptor, which is some
  // other file unless the map was reused.
  return bpf_map__autocreate(map_) || KindOf(fd) == FdKind::kMap ? fd : -1;
}

int BpfMap::CreatedFd(const char* syscall) const {
  const int fd = FindFd();
  if (fd >= 0) return fd;
  const bool loaded = object_->phase == ObjectHandle::Phase::kLoaded;
  throw NotLoadedFailure(syscall, Subject(),
                         Subject() + (loaded ? " was not created with its object (autocreate is off)"
                                             : " is not created before load"));
}

bpf_map* BpfMap::Uncreated(const char* syscall) const {
  if (object_->phase != ObjectHandle::Phase::kOpen && !object_->closed()) {
    throw Failure{Failure::Kind::kAlreadyLoaded, syscall, 0, Subject(),
                  Subject() + ": this is decided before its object is prepared or loaded"};
  }
  return Live();
}

std::string BpfMap::Section() const {
  return SectionOf(object_->Get(), Live());
}

Napi::Value BpfMap::InitialValue(const Napi::CallbackInfo& info) {
  const Image image = ImageOf(Live());
  // A mapped arena's memory is not where its variables are, even after a load() that failed.
  const bool moved =
      bpf_map__type(map_) == BPF_MAP_TYPE_ARENA && object_->phase != ObjectHandle::Phase::kOpen;
  if (image.data == nullptr || moved) return info.Env().Null();
  return CopyOf(info.Env(), image.data, image.size);
}

void BpfMap::SetInitialValue(const Napi::CallbackInfo& info) {
  const args::Bytes bytes = args::ByteArray(info[0], "bytes");
  bpf_map* const map = Uncreated("bpf_map__set_initial_value");
  CallInt(info.Env(), "bpf_map__set_initial_value", Subject(), bpf_map__set_initial_value, map, bytes.data,
          bytes.size);
}

Napi::Value BpfMap::ArenaMemory(const Napi::CallbackInfo& info) {
  constexpr const char* name = "bpf_object__load_skeleton";
  bpf_map* const map = Live();
  if (bpf_map__type(map) != BPF_MAP_TYPE_ARENA) throw ArgumentFailure(Subject() + " is no arena");
  if (object_->phase != ObjectHandle::Phase::kLoaded) {
    throw NotLoadedFailure(name, Subject(), Subject() + ": where its variables are is known after load()");
  }
  if (!bpf_map__autocreate(map)) {
    throw NotLoadedFailure(name, Subject(),
                           Subject() + " was not created with its object (autocreate is off)");
  }
  const Arena& arena = object_->arena;
  if (arena.data() == nullptr) {
    throw UnsupportedFailure(
        name, Subject(),
        Subject() + (arena.size() == 0
                         ? " has no variables"
                         : " was reused, from its pin: libbpf does not map its variables into this process"));
  }
  return ShareMemory(info.Env(), arena.data(), arena.size(), object_->Share());
}

void BpfMap::Pin(const Napi::CallbackInfo& info) {
  const bool given = !info[0].IsUndefined();
  const std::string path = given ? args::Text(info[0], "path") : "";
  CreatedFd("bpf_map__pin");
  CallInt(info.Env(), "bpf_map__pin", Subject(), bpf_map__pin, map_, given ? path.c_str() : nullptr);
}

void BpfMap::Unpin(const Napi::CallbackInfo& info) {
  const bool given = !info[0].IsUndefined();
  const std::string path = given ? args::Text(info[0], "path") : "";
  bpf_map* const map = Live();
  CallInt(info.Env(), "bpf_map__unpin", Subject(), bpf_map__unpin, map, given ? path.c_str() : nullptr);
}

void BpfMap::ReuseFd(const Napi::CallbackInfo& info) {
  const int fd = args::FileDescriptor(info[0], "fd");
  bpf_map* const map = Uncreated("bpf_map__reuse_fd");
  // A number can change its meaning between the check and the use.
  const UniqueFd own = UniqueFd::Duplicate(fd, Subject());
  CheckReuse(map, own.get(), Subject());
  CallInt(info.Env(), "bpf_map__reuse_fd", Subject(), bpf_map__reuse_fd, map, own.get());
  object_->maps.Close(map);
}

void BpfMap::Freeze(const Napi::CallbackInfo& info) {
  const int fd = CreatedFd("bpf_map_freeze");
  CallInt(info.Env(), "bpf_map_freeze", Subject(), bpf_map_freeze, fd);
}

void BpfMap::SetInnerMap(const Napi::CallbackInfo& info) {
  const std::shared_ptr<MapHandle> inner = MapElements::HandleOf(info[0], "inner");
  bpf_map* const map = Uncreated("bpf_map__set_inner_map_fd");
  object_->maps.SetInner(info.Env(), map, UniqueFd::Duplicate(inner->LiveFd(), Subject()), Subject());
}

Napi::Value BpfMap::Elements(const Napi::CallbackInfo& info) {
  const int fd = CreatedFd("bpf_map_lookup_elem");
  return MapElements::Wrap(info.Env(), object_->maps.Open(map_, fd, Subject()));
}

}  // namespace subskel
